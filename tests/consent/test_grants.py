"""Consent events become half-open intervals, and nothing else becomes one."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainscore.consent import GRANT_SCHEMA, VALID_STATES, compile_grants
from plainscore.ledger import BASES, CONSENT_STATES, PURPOSES

from ._events import event, moment, table

HORIZON = 12
"""Days on which the oracle asks whether use is allowed."""


def usable_oracle(events: list[dict[str, object]], consent: str, at: datetime) -> dict[str, object] | None:
    """Return the event that allows use of `consent` at a moment, read from the rules one by one."""
    in_force: dict[str, object] | None = None
    for candidate in events:
        if candidate["consent_id"] != consent or candidate["event_at"] > at:  # type: ignore[operator]
            continue
        if in_force is None or candidate["event_at"] > in_force["event_at"]:  # type: ignore[operator]
            in_force = candidate
        elif candidate["event_at"] == in_force["event_at"]:
            harmless = in_force["state"] in VALID_STATES
            if harmless or candidate["state"] not in VALID_STATES:
                in_force = candidate
    if in_force is None or in_force["state"] not in VALID_STATES:
        return None
    if at < in_force["valid_from"] or (in_force["valid_to"] is not None and at >= in_force["valid_to"]):  # type: ignore[operator]
        return None
    if in_force["basis"] == "research release" and in_force["purpose"] == "credit_scoring":
        return None
    return in_force


events = st.lists(
    st.builds(
        event,
        st.integers(0, 8),
        st.one_of(st.sampled_from(VALID_STATES), st.sampled_from(CONSENT_STATES)),
        consent_id=st.sampled_from(["c1", "c2", "c10"]),
        valid_from=st.integers(-1, 6).map(moment),
        valid_to=st.one_of(st.none(), st.integers(0, 11).map(moment)),
        purpose=st.sampled_from(PURPOSES),
        basis=st.sampled_from(BASES),
        furnisher_id=st.sampled_from([None, "f1", "f2"]),
        account_id=st.sampled_from([None, "a1"]),
    ),
    max_size=10,
)


@given(events)
def test_grants_are_what_the_rules_say(events: list[dict[str, object]]) -> None:
    """At every moment the compiled grants allow just what a reading of the events one by one allows."""
    grants = compile_grants(table(events)).to_pylist()
    days = [day for n in range(-2, HORIZON) if (day := moment(n)) is not None]
    moments = days + [day.replace(hour=12) for day in days]
    for consent in ("c1", "c2", "c10"):
        for at in moments:
            expected = usable_oracle(events, consent, at)
            found = [
                grant
                for grant in grants
                if grant["consent_id"] == consent
                and grant["starts"] <= at
                and (grant["ends"] is None or at < grant["ends"])
            ]
            assert len(found) == (expected is not None)
            if expected is not None:
                terms = set(GRANT_SCHEMA.names) - {"grant_id", "starts", "ends"}
                assert {name: found[0][name] for name in terms} == {name: expected[name] for name in terms}


@given(events)
def test_grants_are_named_and_ordered(events: list[dict[str, object]]) -> None:
    """Grants are numbered from 1 in time within a consent, never empty, and sorted."""
    compiled = compile_grants(table(events))
    assert compiled.schema == GRANT_SCHEMA
    grants = compiled.to_pylist()
    assert [(g["consent_id"], g["starts"]) for g in grants] == sorted(
        (g["consent_id"], g["starts"]) for g in grants
    )
    counts: dict[str, int] = {}
    for grant in grants:
        counts[grant["consent_id"]] = counts.get(grant["consent_id"], 0) + 1
        assert grant["grant_id"] == f"{grant['consent_id']}#{counts[grant['consent_id']]}"
        assert grant["ends"] is None or grant["starts"] < grant["ends"]


@given(events, st.integers(0, 9), st.integers(0, 9))
def test_row_order_and_chunks_do_not_matter(events: list[dict[str, object]], turn: int, cut: int) -> None:
    """Events at different moments compile alike in any order of rows and any chunks."""
    distinct = list({(e["consent_id"], e["event_at"]): e for e in events}.values())
    turned = distinct[turn:] + distinct[:turn]
    chunked = pa.concat_tables([table(turned[:cut]), table(turned[cut:])])
    assert compile_grants(chunked).equals(compile_grants(table(distinct)))


@pytest.mark.parametrize("state", [state for state in CONSENT_STATES if state not in VALID_STATES])
def test_no_invalid_state_grants_anything(state: str) -> None:
    """Each of the eight invalid states ends a grant, and none begins one (GDPR article 7, C1)."""
    assert compile_grants(table([event(0, state)])).num_rows == 0
    [grant] = compile_grants(table([event(0, "ConsentGiven"), event(3, state)])).to_pylist()
    assert grant["ends"] == moment(3)


@pytest.mark.parametrize("state", [state for state in CONSENT_STATES if state not in VALID_STATES])
@pytest.mark.parametrize("first", [0, 1])
def test_an_invalid_state_wins_at_the_same_moment(state: str, first: int) -> None:
    """Of two events at one moment the one that forbids is in force, in whichever row it stands."""
    pair = [event(0, "ConsentGiven"), event(0, state)]
    assert compile_grants(table([pair[first], pair[1 - first]])).num_rows == 0


def test_a_renewal_carries_its_own_terms() -> None:
    """A renewal ends the first grant and starts one with the new terms, without a gap."""
    grants = compile_grants(
        table(
            [
                event(0, "ConsentGiven", valid_to=moment(9), data_to=moment(0).date()),  # type: ignore[union-attr]
                event(5, "RenewedConsentGiven", valid_to=moment(11)),
            ]
        )
    ).to_pylist()
    assert [(g["grant_id"], g["starts"], g["ends"]) for g in grants] == [
        ("c1#1", moment(0), moment(5)),
        ("c1#2", moment(5), moment(11)),
    ]
    assert [g["data_to"] is None for g in grants] == [False, True]


def test_expiry_ends_use_without_an_event() -> None:
    """A consent ends just before valid_to, even if nobody records that it expired."""
    [grant] = compile_grants(table([event(0, "ConsentGiven", valid_to=moment(4))])).to_pylist()
    assert grant["ends"] == moment(4)


def test_a_consent_for_later_waits() -> None:
    """Before valid_from there is no grant, and none at all if it was withdrawn by then."""
    given_early = event(0, "ConsentGiven", valid_from=moment(5))
    [grant] = compile_grants(table([given_early])).to_pylist()
    assert grant["starts"] == moment(5)
    assert compile_grants(table([given_early, event(5, "ConsentWithdrawn")])).num_rows == 0


def test_a_research_release_grants_no_scoring() -> None:
    """A public panel serves model development and demonstration, never the scoring of a person."""
    granted = {
        purpose: compile_grants(
            table([event(0, "ConsentGiven", basis="research release", purpose=purpose)])
        ).num_rows
        for purpose in PURPOSES
    }
    assert granted == {"credit_scoring": 0, "model_development": 1, "demonstration": 1}


def test_no_events_no_grants() -> None:
    """An empty consents table compiles into an empty table of grants."""
    assert compile_grants(table([])).equals(GRANT_SCHEMA.empty_table())
