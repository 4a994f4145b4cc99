"""One decision of one made-up ledger, for letters: late on a bill, behind on a card near its limit."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from ledgers import account, consent, furnisher, in_order, ledger, statement, world_of

from plainscore.characteristics import NEVER, NOT_APPLICABLE, TOO_FEW, catalogue
from plainscore.coverage import REFUSALS
from plainscore.decisions import record_decision
from plainscore.history import Case, open_history
from plainscore.ledger import MemoryLedger
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
GIVEN = datetime(2026, 6, 1, tzinfo=UTC)
PERSON = "person-1"
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


def _statement(name: str, back: int) -> Json:
    late = {"card": {2: 1, 1: 2, 0: 0}, "light": {4: 2}}.get(name, {}).get(back, 0)
    balance = {"card": 95_000, "loan": 40_000}.get(name, 0)
    said = in_order(1000, balance=balance, limit=100_000 if name == "card" else None)
    if late:
        said |= {"paid": 0, "past_due": 1000 * late, "arrears": late}
    return statement(name, months_after(AS_OF, -back), **said)


def _ledger(*, consented: bool) -> MemoryLedger:
    given = consent(
        event_at=GIVEN,
        subject_id=PERSON,
        recipient_id="lender-1",
        valid_from=GIVEN,
        valid_to=datetime(2027, 6, 1, tzinfo=UTC),
        jurisdiction="EU",
    )
    return ledger(
        world_of(
            [
                account(name, kind, furnisher_id=NAMES[name][0], opened=date(2018, 3, 1))
                for name, kind in KINDS.items()
            ],
            [_statement(name, back) for name in KINDS for back in range(30)],
            person=PERSON,
            furnishers=[furnisher(id, name=name) for id, name in sorted(set(NAMES.values()))],
            consents=[given] if consented else [],
            disputes=[],
            flags=[],
        )
    )


@cache
def _decided(*, consented: bool, pack: str) -> Json:
    made = _ledger(consented=consented)
    case = Case(0, PERSON, "lender-1", "credit_scoring", AS_OF, NOW, NOW, pack)
    content = assess(made, open_history(made, threads=1), card(), case, catalogue())
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
