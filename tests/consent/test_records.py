"""The state machine and the completeness of consent records."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainscore.consent import (
    FIXED,
    MANDATORY,
    TRANSITIONS,
    VALID_STATES,
    illegal_transitions,
    incomplete_records,
)
from plainscore.ledger import CONSENT_STATES, CONSENTS

from ._events import event, table


@pytest.mark.parametrize("before", [None, *CONSENT_STATES])
@pytest.mark.parametrize("after", CONSENT_STATES)
def test_every_pair_of_states(before: str | None, after: str) -> None:
    """Each of the 110 pairs is legal or raises, as the published table says (C10)."""
    events = [event(1, after)] if before is None else [event(0, before), event(1, after)]
    found = illegal_transitions(table(events)).to_pylist()
    last = [entry for entry in found if entry["row"] == len(events)]
    assert (not last) == (after in TRANSITIONS[before])
    if last:
        assert (last[0]["before"], last[0]["after"]) == (before, after)


@pytest.mark.parametrize(
    "before", ["ConsentRefused", "ConsentWithdrawn", "ConsentRevoked", "ConsentInvalidated", "ConsentUnknown"]
)
def test_nothing_turns_valid_without_asking(before: str) -> None:
    """After a refusal or an end, a person is asked anew before data may be used again."""
    assert not set(TRANSITIONS[before]) & set(VALID_STATES)


def test_every_valid_state_can_be_withdrawn() -> None:
    """Withdrawal is open from every valid state (GDPR article 7(3))."""
    assert all("ConsentWithdrawn" in TRANSITIONS[state] for state in VALID_STATES)


@given(
    st.lists(
        st.tuples(st.sampled_from(["c1", "c2"]), st.integers(0, 30), st.sampled_from(CONSENT_STATES)),
        max_size=12,
        unique_by=lambda entry: entry[:2],
    )
)
def test_illegal_transitions_against_a_walk(events: list[tuple[str, int, str]]) -> None:
    """The columnar check finds what a walk through each record finds, in any order of rows."""
    expected = []
    for consent in ("c1", "c2"):
        before = None
        for row, (_, _, state) in sorted(
            ((row, entry) for row, entry in enumerate(events, 1) if entry[0] == consent),
            key=lambda pair: pair[1][1],
        ):
            if state not in TRANSITIONS[before]:
                expected.append({"row": row, "before": before, "after": state})
            before = state
    consents = table([event(day, state, consent_id=consent) for consent, day, state in events])
    assert illegal_transitions(consents).to_pylist() == sorted(expected, key=lambda entry: entry["row"])


@pytest.mark.parametrize(
    "column", [c for c in MANDATORY if CONSENTS.column(c).type == CONSENTS.column("state").type]
)
def test_each_mandatory_field_is_missed(column: str) -> None:
    """A record without any one of the standard's mandatory fields is named (ISO/IEC TS 27560, C2)."""
    consents = table([event(0, "ConsentGiven"), {**event(0, "ConsentGiven", consent_id="c2"), column: "  "}])
    assert [(entry["row"], entry["column"]) for entry in incomplete_records(consents).to_pylist()] == [
        (2, column)
    ]


@pytest.mark.parametrize(
    ("column", "value"), [*zip(FIXED, ["p2", "other", "demonstration", "research release"], strict=True)]
)
def test_a_record_stays_about_one_thing(column: str, value: str) -> None:
    """A second subject, recipient, purpose or basis needs a record of its own."""
    consents = table([event(4, "RenewedConsentGiven", **{column: value}), event(0, "ConsentGiven")])
    assert incomplete_records(consents).to_pylist() == [
        {"row": 1, "column": column, "rule": "must stay the same throughout a record"}
    ]


def test_complete_records_pass() -> None:
    """A sound record passes both checks, and so does an empty table."""
    for events in ([], [event(0, "ConsentGiven"), event(3, "RenewedConsentGiven")]):
        assert incomplete_records(table(events)).num_rows == 0
        assert illegal_transitions(table(events)).num_rows == 0
