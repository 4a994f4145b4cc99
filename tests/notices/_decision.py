"""One decision of one made-up ledger, for letters: late on a bill, behind on a card near its limit."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

import pyarrow as pa

from plainscore.characteristics import NEVER, NOT_APPLICABLE, TOO_FEW, catalogue
from plainscore.coverage import REFUSALS
from plainscore.decisions import record_decision
from plainscore.history import Case, open_history
from plainscore.ledger import TABLES, MemoryLedger
from plainscore.notices import Facts, parse_facts
from plainscore.reasons import assess
from plainscore.rules import months_after
from plainscore.scorecard import (
    ALL_APPLICANTS,
    NEAR_CUT_OFF,
    Attribute,
    Baseline,
    Card,
    CardCharacteristic,
    Scale,
)

Json = dict[str, Any]
AS_OF = date(2026, 10, 31)
NOW = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)
KINDS = {"card": "revolving", "light": "utility", "loan": "instalment"}
NAMES = {"card": ("bank", "Bank A"), "light": ("power", "Power B"), "loan": ("bank", "Bank A")}


def _characteristic(name: str, edges: list[float], points: list[int], state: int) -> CardCharacteristic:
    entry = next(one for one in catalogue() if one.id == name)
    bounds = [None, *edges, None]
    codes = {"never": NEVER, "none": NOT_APPLICABLE, "few": TOO_FEW, "zero": 0}
    return CardCharacteristic(
        id=name,
        label=entry.label,
        family=entry.family,
        unit=entry.unit,
        direction=entry.direction,
        type="number",
        reason="",
        attributes=(
            *(
                Attribute("range", each, f"{low} up to {high}", low, high)
                for each, low, high in zip(points, bounds[:-1], bounds[1:], strict=True)
            ),
            Attribute("missing", state, "missing"),
            *(
                Attribute("special", state, label, code=float(code))
                for label, code in codes.items()
                if float(code) in entry.special_codes
            ),
            Attribute("out_of_range", state, "out of range"),
        ),
    )


@cache
def card() -> Card:
    """Return a card with both baselines, which put its characteristics in different orders."""
    made = (
        _characteristic("worst_6", [1.0, 2.0, 3.0], [60, 40, 20, 0], 30),
        _characteristic("late_n24", [1.0, 2.0], [40, 20, 0], 20),
        _characteristic("paid_share", [0.8, 1.0], [0, 15, 30], 15),
        _characteristic("use_max", [0.3, 0.9], [50, 25, 0], 25),
        _characteristic("age_newest", [12.0, 24.0], [0, 10, 20], 10),
        _characteristic("months_known", [10.0, 20.0], [0, 15, 30], 15),
    )
    best = {one.id: one.best * 100 for one in made}
    near = {"worst_6": 4500, "late_n24": 3900, "paid_share": 2000, "use_max": 1000, "age_newest": 1500}
    return Card(
        name="test card",
        purpose="credit_scoring",
        population={},
        revalidate_by="2027-12-31",
        scale=Scale("600", "20", "40", 300, 300 + sum(one.best for one in made)),
        base_points=300,
        characteristics=made,
        baselines={
            ALL_APPLICANTS: Baseline(100, best, "made up", "2025-12-31"),
            NEAR_CUT_OFF: Baseline(100, near | {"months_known": 1000}, "made up", "2025-12-31"),
        },
        coverage={"oldest_account_months": 6, "known_within_months": 6},
    )


def _statement(account: str, back: int) -> Json:
    day = months_after(AS_OF, -back)
    late = {"card": {2: 1, 1: 2, 0: 0}, "light": {4: 2}}.get(account, {}).get(back, 0)
    return {
        "statement_id": f"{account}/{day}",
        "account_id": account,
        "month": day,
        "due": 1000,
        "paid": 0 if late else 1000,
        "balance": {"card": 95_000, "loan": 40_000}.get(account, 0),
        "credit_limit": 100_000 if account == "card" else None,
        "past_due": 1000 * late,
        "arrears": late,
        "retracted": False,
        "reported_at": datetime.combine(day, time(), UTC) + timedelta(days=5),
    }


def _ledger(*, consented: bool) -> MemoryLedger:
    consent = {
        "consent_id": "c1",
        "event_at": datetime(2026, 6, 1, tzinfo=UTC),
        "state": "ConsentGiven",
        "subject_id": "person-1",
        "recipient_id": "lender-1",
        "purpose": "credit_scoring",
        "valid_from": datetime(2026, 6, 1, tzinfo=UTC),
        "valid_to": datetime(2027, 6, 1, tzinfo=UTC),
        "basis": "consent",
        "lawful_basis": "contract",
        "record_version": "27560",
        "privacy_notice": "notice 1",
        "language": "en",
        "jurisdiction": "EU",
        "retention_months": 24,
        "withdrawal_method": "the account page",
    }
    rows: dict[str, list[Json]] = {
        "furnishers": [
            {"furnisher_id": ident, "name": name, "late_floor_days": 0} for ident, name in set(NAMES.values())
        ],
        "accounts": [
            {
                "account_id": name,
                "furnisher_id": NAMES[name][0],
                "kind": kind,
                "opened": date(2018, 3, 1),
                "original_amount": None,
                "currency": "EUR",
            }
            for name, kind in KINDS.items()
        ],
        "holders": [
            {"account_id": name, "subject_id": "person-1", "responsibility": "individual"} for name in KINDS
        ],
        "statements": [_statement(name, back) for name in KINDS for back in range(30)],
        "consents": [consent] if consented else [],
        "disputes": [],
        "flags": [],
    }
    rows["furnishers"].sort(key=lambda row: row["furnisher_id"])
    return MemoryLedger(
        {name: pa.Table.from_pylist(found, schema=TABLES[name].schema) for name, found in rows.items()}
    )


@cache
def _decided(*, consented: bool, pack: str) -> Json:
    ledger = _ledger(consented=consented)
    case = Case(0, "person-1", "lender-1", "credit_scoring", AS_OF, NOW, NOW, pack)
    content = assess(ledger, open_history(ledger, threads=1), card(), case, catalogue())
    return record_decision(content, made_at=NOW)


def decision(pack: str = "us") -> Json:
    """Return the decision about the person."""
    return _decided(consented=True, pack=pack)


def refused() -> Json:
    """Return the refusal of a score for want of consent."""
    return _decided(consented=False, pack="us")


FACTS = """
schema = "plainscore/lender/1"
[facts]
creditor_name = "Lender One"
creditor_address = "1 First Street"
applicant_name = "The applicant"
applicant_address = "9 Ninth Street"
credit_requested.en = "a loan of 500.00 EUR"
credit_requested.es = "un préstamo de 500,00 EUR"
agency_name = "Supervisor Two"
agency_address = "2 Second Street"
bureau_name = "Agency Three"
bureau_address = "3 Third Street"
bureau_phone = "000 333"
score_provider = "Lender One"
reasons_office_name = "Office Four"
reasons_office_address = "4 Fourth Street"
reasons_office_phone = "000 444"
offer_terms.en = "a loan of 200.00 EUR"
offer_terms.es = "un préstamo de 200,00 EUR"
offer_until = "2026-12-24"
regulator_site = "site five"
annual_report_source = "site six"
report_how_to_get.en = "write to it"
report_how_to_get.es = "escríbale"
automated.en = "no employee took part"
automated.es = "no intervino ninguna persona"
significance.en = "a low score can mean no loan"
significance.es = "una puntuación baja puede significar que no haya préstamo"
human_review.en = "call 000 777"
human_review.es = "llame al 000 777"
human_review.zh = "请致电 000 777"
contest.en = "write to Appeals, 8 Eighth Street"
contest.es = "escriba a Reclamaciones, 8 Eighth Street"
debt_advice.en = "Advice Ten"
debt_advice.es = "Asesoría Diez"
database_name = "Database Eleven"
database_categories.en = "arrears"
database_categories.es = "atrasos"
database_contact = "11 Eleventh Street"
correction_contact = "write to 12 Twelfth Street"
objection_contact.en = "write to 13 Thirteenth Street"
objection_contact.zh = "请写信至 13 Thirteenth Street"
ombudsman = "Ombudsman Fourteen"
review_contact = "write to 15 Fifteenth Street"
"""


def facts() -> Facts:
    """Return a lender's facts, every one that any letter needs."""
    return parse_facts(FACTS)


SHARES = (0.05, 0.1, 0.2, 0.3, 0.25, 0.1)
DISTRIBUTION = tuple((300 + 50 * at, 349 + 50 * at, share) for at, share in enumerate(SHARES))


VALUES = {
    "worst_6": (0.0, 1.0, 2.0, 3.0, float(TOO_FEW)),
    "late_n24": (0.0, 1.0, 2.0, float(TOO_FEW)),
    "paid_share": (0.5, 0.9, 1.0, float(NOT_APPLICABLE)),
    "use_max": (0.1, 0.5, 0.95, float(NOT_APPLICABLE)),
    "age_newest": (3.0, 13.0, 25.0),
    "months_known": (5.0, 13.0, 25.0),
}
"""Values of each characteristic of the card that between them meet all of its ranges."""


def with_values(values: dict[str, float]) -> Json:
    """Return the decision as it would be with other values: their points, and the score that they give."""
    made = deepcopy(decision())
    found = card().attributes_one(values)
    for part in made["parts"]:
        part |= {"value": str(values[part["id"]]), "points": found[part["id"]].points}
    return made | {"score": card().score_one(values)}


def without_score(code: str) -> Json:
    """Return a refusal of a score, with each of the codes that there are."""
    said = REFUSALS[code]
    why = {"code": code, "sentence": dict(said.sentence), "route": dict(said.route)}
    if code == "no_consent":
        return refused() | {"refusal": why}
    scored = ("score", "pd", "calibration", "base_points", "parts", "baseline", "reasons", "favourable")
    return {name: value for name, value in decision().items() if name not in scored} | {"refusal": why}
