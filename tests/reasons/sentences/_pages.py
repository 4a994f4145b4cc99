"""The page of a record: which sentences stand on it, and which may not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Any

from plainscore.language import DayOf
from plainscore.reasons import promises

from ._checks import BEST, COMPARES, Again
from ._page import Page, number, words

_ALONE = r"(?<![\d.,–-])1 "
ONE = {
    "en": _ALONE + r"(accounts|months|(monthly )?records|points|people|cases|kinds|times|bills|factors)\b",
    "es": _ALONE + r"(cuentas|meses|registros|puntos|personas|casos|tipos|veces|facturas|factores)\b"
    r"|\b(unos|unas|los últimos) 1\b",
    "zh": r"$^",
}


def page_faults(again: Again, page: Page, card: Any) -> Iterator[str]:
    """Everything on a page with a score that can be checked, in its language."""
    yield from plain_faults(page)
    yield from _head_faults(again, page)
    yield from _short_faults(again, page)
    yield from _reasons_faults(again, page)
    yield from _row_faults(again, page)
    yield from _gains_faults(again, page)
    yield from _points_faults(again, page)
    yield from table_faults(again.record, page, card)


def plain_faults(page: Page) -> Iterator[str]:
    """No promise, no "1 accounts", no hole."""
    text = page.text
    if found := promises(text, page.language):
        yield f"promises {found}"
    if one := re.search(ONE[page.language], text):
        yield f"plural after one: {one[0]!r}"
    if re.search(r"\{\w*\}", text) or any(
        block.text in ("None", "nan") or (not block.text and block.tag != "li") for block in page.blocks
    ):
        yield "a hole is left"


def _wanted(page: Page, key: str, others: str, **values: object) -> Iterator[str]:
    """One text must stand on the page, and none of the others that could stand in its place."""
    wanted, group = page.message(key, **values), key.split(".")[0]
    if wanted not in page.text:
        yield f"missing: {wanted!r}"
    for other in others.split():
        text = page.message(f"{group}.{other}", **values)
        if text not in wanted and text in page.text:
            yield f"also said: {other}"


def _head_faults(again: Again, page: Page) -> Iterator[str]:
    base = again.told.card.base_points
    low, high = base + sum(again.worst.values()), base + sum(again.best.values())
    score = base + sum(part["points"] for part in again.parts.values())
    yield from _wanted(page, "score.range", "", low=low, high=high)
    share = Fraction(score - low, max(high - low, 1))
    third = ("lower", "middle", "upper")[(share >= Fraction(1, 3)) + (share >= Fraction(2, 3))]
    yield from _wanted(page, f"score.{third}", "lower middle upper")
    many = int((Decimal(again.record["pd"]) * 1000).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
    key = "pd_less" if many < 1 else "pd_one" if many == 1 else "pd"
    yield from _wanted(page, f"score.{key}", "", count=many)
    held = again.record["coverage"]
    accounts, months = len(again.record["inputs"]["accounts"]), held["months"]
    said = {
        name: page.message(f"short.{name}{'_one' if n == 1 else ''}", count=number(n, page.language))
        for name, n in (("accounts", accounts), ("months", months))
    }
    yield from _wanted(page, "short.rests", "", **said)


def _short_faults(again: Again, page: Page) -> Iterator[str]:
    reasons, gains = again.record["reasons"], again.record["favourable"]
    best = again.measured == BEST
    if reasons:
        most = max(reasons, key=lambda one: float(one["lost"]))
        if float(most["lost"]) != float(reasons[0]["lost"]):
            yield "the first reason is not the costliest"
        text = reasons[0]["text"][page.language]
        yield from _wanted(page, "short.lost_best" if best else "short.lost", "lost lost_best", text=text)
    else:
        yield from _wanted(page, "short.none_best", "none none_best")
        if any(part["points"] != again.best[name] for name, part in again.parts.items()):
            yield "no reasons, though a factor is below the most possible"
    if gains:
        text = max(gains, key=lambda one: float(one["gain"]))["text"][page.language]
        yield from _wanted(page, "short.gained", "", text=gains[0]["text"][page.language])
        if float(gains[0]["gain"]) < max(float(one["gain"]) for one in gains):
            yield f"not what helped most: {text}"
    elif page.message("short.gained", text="") in page.text:
        yield "something is said to have helped, and nothing did"


def _who(again: Again, page: Page) -> str:
    """Name the people whose average is compared with, worked out from the card."""
    asked = again.told.asked
    if asked == BEST:
        return ""
    held = again.told.card.baselines[asked]
    key = "reasons.who_one" if held.count == 1 else "reasons.who"
    return page.message(
        key,
        population=words("pages/messages", page.language)["baseline"][asked],
        count=number(held.count, page.language),
        day=_day(held.date, page.language),
    )


def _day(text: str, language: str) -> str:
    from datetime import date

    return DayOf(date.fromisoformat(text))(language)


def _reasons_faults(again: Again, page: Page) -> Iterator[str]:
    reasons, measured, who = again.record["reasons"], again.measured, _who(again, page)
    if not reasons:
        key = "none_best"
    elif measured != BEST:
        key = "intro_one" if len(reasons) == 1 else "intro"
    else:
        key = "intro_best" if again.told.asked == BEST else "intro_fallback"
    yield from _wanted(
        page, f"reasons.{key}", "intro intro_one none intro_fallback intro_best none_best", who=who
    )
    if measured == BEST and re.search(COMPARES[page.language], " ".join(page.of("reasons", "h3"))):
        yield "a reason compares with people, though the page says it does not"
    for at, reason in enumerate(reasons, 1):
        yield from _reason_faults(again, page, f"reason-{at}", reason)


def _reason_faults(again: Again, page: Page, section: str, reason: Any) -> Iterator[str]:
    language, name = page.language, reason["id"]
    stated = dict(page.pairs(section))
    best, mean = again.measured == BEST, again.mean(name, again.measured)
    wanted = {
        page.message("reasons.best"): number(again.best[name], language, signed=True),
        page.message("reasons.worst"): number(again.worst[name], language, signed=True),
        page.message("reasons.points"): number(again.parts[name]["points"], language, signed=True),
        page.message("reasons.lost_best" if best else "reasons.lost"): number(
            f"{float(again.lost(name, again.measured)):.1f}", language, 1
        ),
    }
    if not best:
        wanted[page.message("reasons.typical")] = number(f"{float(mean):.1f}", language, 1, signed=True)
    for term, value in wanted.items():
        if stated.get(term) != value:
            yield f"{name}: {term} is {stated.get(term)}, wanted {value}"
    if best and page.message("reasons.typical") in stated:
        yield f"{name}: an average is shown where nobody is compared with"
    whole = round(Decimal(reason["lost"]))
    key = f"reasons.{'short' if best else 'cost'}{'_one' if whole == 1 else ''}"
    if page.message(key, count=whole) not in "\n".join(page.of(section)):
        yield f"{name}: not said to cost {whole}"


def _row_faults(again: Again, page: Page) -> Iterator[str]:
    """Each row's scores as the record has them; one that differs though no record matters says why."""
    score = again.record["score"]
    for at, reason in enumerate(again.record["reasons"], 1):
        found = reason["evidence"]
        said = [text for term, text in page.pairs(f"reason-{at}") if term == page.message("reasons.without")]
        if found["kind"] in ("dates", "absence"):
            if said:
                yield f"{reason['id']}: {found['kind']} weighs records"
            continue
        for row, text in zip(found["records"], said, strict=True):
            other = row["score_without"]
            change = "" if other is None else number(other - score, page.language, signed=True)
            key = "changed" if found["kind"] == "statements" else "changed_elsewhere"
            wanted = (
                page.message("reasons.without_none")
                if other is None
                else page.message("reasons.same", score=other)
                if other == score
                else page.message(
                    f"reasons.{key if other > score else 'changed'}", score=other, change=change
                )
            )
            if text != wanted:
                yield f"{reason['id']}: {text!r}, wanted {wanted!r}"
        yield from _in_order_faults(again, page, f"reason-{at}", found["records"])


def _in_order_faults(again: Again, page: Page, section: str, rows: Any) -> Iterator[str]:
    """Each record in order with the score that it would give, and whether other factors would give it."""
    score, term = again.record["score"], page.message("reasons.in_order")
    said = [text for each, text in page.pairs(section) if each == term]
    for row, text in zip((r for r in rows if r["score_in_order"] is not None), said, strict=True):
        other, key = row["score_in_order"], "changed_elsewhere" if row["in_order_elsewhere"] else "changed"
        change = number(other - score, page.language, signed=True)
        wanted = page.message(
            "reasons.same" if other == score else f"reasons.{key}", score=other, change=change
        )
        if text != wanted:
            yield f"{section}: in order {text!r}, wanted {wanted!r}"


def _gains_faults(again: Again, page: Page) -> Iterator[str]:
    gains, who = again.record["favourable"], _who(again, page)
    key = "none_best" if not who else "none" if not gains else "intro_one" if len(gains) == 1 else "intro"
    yield from _wanted(page, f"favourable.{key}", "intro intro_one none none_best", who=who)
    items = page.of("favourable", "li")
    if len(items) != len(gains):
        yield f"{len(items)} gains shown, {len(gains)} in the record"
    for item, one in zip(items, gains, strict=False):
        whole = round(Decimal(one["gain"]))
        if page.message(f"favourable.gain{'_one' if whole == 1 else ''}", count=whole) not in item:
            yield f"{one['id']}: {item!r}"


def _points_faults(again: Again, page: Page) -> Iterator[str]:
    who, text = _who(again, page), "\n".join(page.of("points"))
    for name, part in again.parts.items():
        values = {"best": number(again.best[name], page.language, signed=True)}
        if who:
            mean = f"{float(again.mean(name, again.told.asked)):.1f}"
            values["typical"] = number(mean, page.language, 1, signed=True)
        if page.message("points.beside" if who else "points.beside_best", **values) not in text:
            yield f"{name}: the most possible or the average is not said as it is"
        if part["label"][page.language] not in text:
            yield f"{name}: not among the points"
    if who and page.message("points.average", who=who) not in text:
        yield "whose average it is is not said"


def table_faults(record: Any, page: Page, card: Any) -> Iterator[str]:
    """Count what it rests on, what was left out and the consents, as the record has them."""
    stated = dict(page.pairs("coverage"))
    for term, value in (
        ("accounts", len(record["inputs"]["accounts"])),
        ("months", record["coverage"]["months"]),
    ):
        if stated.get(page.message(f"coverage.{term}")) != number(value, page.language):
            yield f"coverage says {stated}"
    if not page.says("coverage.kept_back"):
        yield "it is not said that what is kept back is not counted"
    excluded = record["coverage"]["excluded"]
    wanted = {
        words("pages/messages", page.language)["exclusion"][one["reason"]]: number(one["rows"], page.language)
        for one in excluded
    }
    cells = page.of("excluded", "th")[2:], page.of("excluded", "td")
    if dict(zip(*cells, strict=True)) != wanted:
        yield f"left out: {cells}, wanted {wanted}"
    if bool(excluded) == page.says("excluded.none"):
        yield "nothing left out is said, or not said, against the table"
    shown = [text for term, text in page.pairs("consents") if term == page.message("consents.number")]
    if shown != [one["consent_id"] for one in record["consents"]]:
        yield "the consents are not those of the record"
    floor = card.get("coverage")
    if floor:
        count = words("language/words", page.language)["count"]
        months = {
            name: count["months_one" if n == 1 else "months"].format(count=n)
            for name, n in (
                ("oldest", floor["oldest_account_months"]),
                ("within", floor["known_within_months"]),
            )
        }
        yield from _wanted(page, "coverage.floor", "", **months)
