"""The section of the applicant's page that looks ahead: waiting, the cheapest steps, the line by month."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from plainscore.figures import Series, line_chart
from plainscore.language import Money, MonthOf
from plainscore.pages._environment import drawing
from plainscore.pages._errors import PageError
from plainscore.pages._language import Language
from plainscore.whatif import PATH_SCHEMA, LineRecord, PathRecord, gain_of, path_words

WIDTH = 350
HEADINGS = (
    "heading",
    "caption",
    "month",
    "wait",
    "path",
    "pay",
    "assume",
    "today",
    "plot",
    "wait_short",
    "path_short",
    "no_score",
)


def path_section(path: PathRecord, lang: Language) -> dict[str, Any]:
    """Return what the page shows of a path.

    Raises
    ------
    PageError
        If the record is no path.
    """
    if path.get("schema") != PATH_SCHEMA:
        raise PageError(f"this record has the schema {path.get('schema')!r}: give a path, {PATH_SCHEMA!r}")
    words = {name: path_words(f"row.{name}")[lang.code] for name in HEADINGS}
    with_steps = bool(path["line"]) and path["line"][0]["path"] is not None
    exact, others = path["assumptions"][:1], path["assumptions"][1:]
    return {
        "words": words,
        "says": lang.say(path["says"]),
        "steps": [lang.say(step["text"]) for step in path["steps"]],
        "with_steps": with_steps,
        "rows": [_row(row, path, lang, words) for row in path["line"]],
        "plot": _plot(path, words, lang, with_steps=with_steps) if path["line"] else "",
        "advice": [lang.foreign(name) for name in path["advice"]],
        "avoid": [lang.say(text) for text in path.get("avoid", [])],
        "exact": [lang.say(text) for text in exact],
        "assumptions": [lang.say(text) for text in others],
    }


def _row(row: LineRecord, path: PathRecord, lang: Language, words: Mapping[str, str]) -> dict[str, object]:
    day = words["today"] if row["month"] == 0 else MonthOf(date.fromisoformat(row["date"]))(lang.code)
    gain = gain_of(row).points
    return {
        "month": day,
        "wait": words["no_score"] if row["wait"] is None else row["wait"],
        "path": words["no_score"] if row["path"] is None else row["path"],
        "gain": f"({lang.signed(gain)})" if gain else "",
        "pay": Money(row["extra"], path["currency"])(lang.code) if row["extra"] else "",
    }


def _plot(path: PathRecord, words: Mapping[str, str], lang: Language, *, with_steps: bool) -> object:
    rows = path["line"]
    months = [float(row["month"]) for row in rows]
    scores = {"wait": [row["wait"] for row in rows]}
    if with_steps:
        scores["path"] = [row["path"] for row in rows]
    lines = []
    for name, of_month in scores.items():
        there = [(at, float(score)) for at, score in zip(months, of_month, strict=True) if score is not None]
        lines.append(Series(words[f"{name}_short"], [at for at, _ in there], [score for _, score in there]))
    target = float(path["target"])
    lines.append(
        Series(f"{path_words('row.target')[lang.code]} {path['target']}", [0.0, months[-1]], [target, target])
    )
    step = max(1, round(len(rows) / 4))
    ticks = [(float(row["month"]), row["date"][:7]) for row in rows[::step]]
    values = [value for line in lines for value in line.y]
    return drawing(
        line_chart(
            lines,
            title=words["caption"],
            desc=words["plot"],
            x_ticks=ticks,
            y_range=(min(values) - 10, max(values) + 10),
            width=WIDTH,
            height=230,
        )
    )
