"""The records that cross rooms are what their types declare: every key, and what stands behind it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, NotRequired, TypedDict, get_args, get_type_hints

import pyarrow as pa
import pytest
from examples import examples
from fits import declared, unlike
from hypothesis import given
from hypothesis import strategies as st
from ledgers import case, ledger, opened
from person_world import WIDE, dispute, world
from person_world import accounts as some_accounts

from plainscore.appeals import CORRECTABLE, AppealRecord, WantedRecord
from plainscore.casework import OutcomeRecord
from plainscore.characteristics import catalogue
from plainscore.consent import GRANT_SCHEMA, GrantRow
from plainscore.decisions import DecisionContent, DecisionRecord, StoredInputs
from plainscore.history import EXCLUDED_SCHEMA, ExcludedRow, MonthRow, cases_table
from plainscore.history._history import MONTH_ROWS_SCHEMA
from plainscore.ledger import TABLES, LedgerRows
from plainscore.notices import LetterFields, LetterRecord
from plainscore.reasons import assess
from plainscore.rules import NOTICE_FIELDS
from plainscore.whatif import PathRecord
from plainscore.workspace import Appeal, AppealWish, LetterWish, OutcomeWish, Workspace

HERE = Path(__file__).parent
OF_SCORE = {"score", "pd", "calibration", "base_points", "parts", "baseline", "reasons", "favourable"}
"""What a decision has whole, or not at all."""

STORED = {
    "decision": (DecisionRecord, HERE.glob("frozen/*/decisions/*.json")),
    "letter": (LetterRecord, HERE.glob("frozen/*/letters/*.json")),
    "appeal": (AppealRecord, HERE.glob("frozen/*/appeals/*.json")),
    "example": (DecisionRecord, [HERE.parent / "reports" / "applicant.json"]),
    "path": (PathRecord, [HERE.parent / "reports" / "applicant-path.json"]),
}
FILES = [
    pytest.param(kind, path, id="-".join([*path.relative_to(HERE.parent).parts[:-1], path.stem[:14]]))
    for kind, paths in STORED.values()
    for path in sorted(paths)
]


@pytest.mark.parametrize(("kind", "path"), FILES)
def test_a_record_that_was_kept_is_what_its_type_says(kind: type, path: Path) -> None:
    """Records of every edition have the declared keys and no others, with values of the declared types."""
    record = json.loads(path.read_bytes())
    assert unlike(record, kind) == []
    assert kind is not DecisionRecord or whole(record)


def whole(record: dict[str, Any]) -> bool:
    """Whether a decision has all of a score or nothing of one."""
    there = OF_SCORE & record.keys()
    return there == (OF_SCORE if record["refusal"] is None else set())


@examples(25)
@given(some_accounts, st.booleans(), st.sampled_from(["set aside", "as reported"]))
def test_what_assess_gives_is_what_its_type_says(accounts: Any, disputed: bool, how: str) -> None:
    """Whoever is scored or refused: the content of a decision has the declared keys and types."""
    rows = world(accounts)
    if disputed:
        rows["disputes"] = [dispute(next(iter(accounts)), 14, 0)]
    content = assess(ledger(rows), opened(rows), WIDE, case(disputed=how), catalogue())
    assert unlike(content, DecisionContent) == []
    assert whole(content)


def test_what_a_workspace_gives_is_what_its_type_says(small: Path, cast: Any) -> None:
    """Decisions, outcomes, paths, letters and appeals of a workspace have the declared keys and types."""
    workspace = Workspace.open(small)
    people = [cast.late, *cast.scored[:1], *cast.refused.values()]
    made = [workspace.decide(one) for one in people]
    for one in made:
        assert unlike(one.record, DecisionRecord) == []
        assert whole(one.record)
    most = str(workspace.card.scale.high)
    for one in people:
        for target, budget in (("", None), (most, Decimal(0)), (most, Decimal(5000))):
            path = workspace.whatif(one, target=target, months=2, budget=budget)
            assert unlike(path.record, PathRecord) == []
    facts = {"applicant_name": "A", "applicant_address": "B", "credit_requested": "a loan"}
    for one in made[1:]:
        assert unlike(workspace.outcome(one.id).record, OutcomeRecord) == []
    refused = workspace.outcome(made[0].id, OutcomeWish(by="credit desk", policy={"en": "we lend to others"}))
    assert unlike(refused.record, OutcomeRecord) == []
    assert unlike(workspace.notice(made[0].id, LetterWish(facts=facts)).record, LetterRecord) == []
    appeal = appealed(workspace, made[0].id, cast)
    assert unlike(appeal.record, AppealRecord) == []
    settled = workspace.settle_appeal(appeal.id, uphold=True, reason="The receipt is genuine.", by="b")
    assert unlike(settled.record, AppealRecord) == []
    assert settled.renewed
    for _, after in settled.renewed:
        assert unlike(workspace.decision(after).record, DecisionRecord) == []


def appealed(workspace: Workspace, decision_id: str, cast: Any) -> Appeal:
    """Return an appeal that wants a late record to say: paid as due."""
    wish = AppealWish(
        says="I paid this on time.", by="a", account=cast.account, month=cast.month, paid_as_due=True
    )
    return workspace.open_appeal(decision_id, wish)


def python_type(kind: pa.DataType) -> type:
    """Return what a value of an Arrow column is in Python."""
    for is_it, found in (
        (pa.types.is_boolean, bool),
        (pa.types.is_integer, int),
        (pa.types.is_date, date),
        (pa.types.is_timestamp, datetime),
    ):
        if is_it(kind):
            return found
    return str


def of_schema(schema: pa.Schema, may_be_null: Callable[[pa.Field], bool]) -> dict[str, Any]:
    """Return the types of a table's columns, as a row read from it has them."""
    return {
        field.name: python_type(field.type) | None if may_be_null(field) else python_type(field.type)
        for field in schema
    }


ROWS = {name: get_args(kind)[0] for name, kind in get_type_hints(LedgerRows).items()}
STORED_ROWS = {name: get_args(kind)[0] for name, (kind, _) in declared(StoredInputs).items()}


@pytest.mark.parametrize("name", TABLES)
def test_a_row_is_what_the_contract_says(name: str) -> None:
    """The type of a row has the contract's columns, with None where a column may be null."""
    schema = TABLES[name].schema
    assert get_type_hints(ROWS[name]) == of_schema(schema, lambda field: field.nullable)
    assert list(get_type_hints(ROWS[name])) == schema.names


@pytest.mark.parametrize("name", TABLES)
def test_a_stored_row_is_what_the_contract_says(name: str) -> None:
    """A row as a decision stores it has the same columns: dates and moments as text, null left out."""
    expected = {
        field.name: (str if kind in (date, datetime) else kind, not field.nullable)
        for field in TABLES[name].schema
        for kind in [python_type(field.type)]
    }
    assert declared(STORED_ROWS[name]) == expected


def test_other_rows_are_what_their_schemas_say() -> None:
    """So have the types of a grant, of a month that a case sees, and of a count of what it does not see."""
    assert get_type_hints(GrantRow) == of_schema(GRANT_SCHEMA, lambda field: field.nullable)
    said = {"arrears", "event", "due", "paid", "balance", "credit_limit", "past_due"}
    assert get_type_hints(MonthRow) == of_schema(MONTH_ROWS_SCHEMA, lambda field: field.name in said)
    assert get_type_hints(ExcludedRow) == of_schema(EXCLUDED_SCHEMA, lambda field: False)


@examples(25)
@given(some_accounts)
def test_a_month_is_what_its_type_says(accounts: Any) -> None:
    """No month that a case sees has None where its type has none."""
    found = opened(world(accounts)).months(cases_table([case()])).to_pylist()
    assert all(
        row[name] is not None
        for row in found
        for name, (kind, _) in declared(MonthRow).items()
        if type(kind) is type
    )


def test_names_that_are_listed_elsewhere_are_the_same() -> None:
    """The fields of a letter are those of the packs, and what an appeal wants is what can be corrected."""
    assert declared(LetterFields).keys() == NOTICE_FIELDS.keys()
    assert declared(WantedRecord).keys() == set(CORRECTABLE)


class Part(TypedDict):
    """A record for the test of the test."""

    name: str
    points: NotRequired[int | None]
    words: NotRequired[dict[str, str]]
    kind: NotRequired[Literal["a", "b"]]


@pytest.mark.parametrize(
    ("value", "problems"),
    [
        ({"name": "a"}, 0),
        ({"name": "a", "points": None, "words": {"en": "A"}, "kind": "b"}, 0),
        ({}, 1),
        ({"name": "a", "more": 1}, 1),
        ({"name": "a", "points": True}, 1),
        ({"name": "a", "points": 1.0}, 1),
        ({"name": "a", "words": {"en": 1}}, 1),
        ({"name": 1, "kind": "c"}, 2),
        ("a", 1),
    ],
)
def test_what_is_unlike_its_type_is_found(value: Any, problems: int) -> None:
    """A key too many or too few and a value of another type are found, each by itself."""
    assert len(unlike(value, Part)) == problems
    assert len(unlike([value, {"name": "b"}], list[Part])) == problems
