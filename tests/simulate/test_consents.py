"""Consents of simulated people."""

from __future__ import annotations

from plainscore.consent import compile_grants

AT = "TIMESTAMPTZ '2025-12-31 12:00:00+00'"


def test_no_consent_lasts_longer_than_twelve_months(ask) -> None:
    """Every consent ends at most twelve months after it begins, and is then renewed by an event."""
    assert ask("SELECT count(*) FROM consents WHERE valid_to > valid_from + INTERVAL 12 MONTH") == [(0,)]
    assert ask("SELECT count(*) FROM consents WHERE state = 'RenewedConsentGiven'")[0][0] > 1000


def test_most_people_can_be_used_at_the_end_and_some_cannot(ask, simulated) -> None:
    """At the last day a clear majority has a valid consent for each purpose, and a part has none."""
    ask("SELECT 1")
    grants = compile_grants(simulated.table("consents")).to_pandas()
    moment = "2025-12-31 12:00:00+00:00"
    for purpose in ("credit_scoring", "model_development"):
        valid = grants[(grants.recipient_id == "lender-1") & (grants.purpose == purpose)]
        valid = valid[(valid.starts <= moment) & (valid.ends > moment)]
        assert 0.80 < valid.subject_id.nunique() / 4000 < 0.95


def test_the_grant_at_the_end_lasts_until_the_ledger_is_drawn_up(simulated) -> None:
    """Whoever is covered at the last month's end is covered a month later too."""
    grants = compile_grants(simulated.table("consents")).to_pandas()
    running = grants[
        (grants.starts <= "2025-12-31 23:59:59+00:00") & (grants.ends > "2025-12-31 23:59:59+00:00")
    ]
    assert (running.ends > "2026-01-31 23:59:59+00:00").all()


def test_every_way_to_say_no_occurs(ask) -> None:
    """Consents are refused, expire, and are withdrawn; a refused one was never given."""
    states = dict(ask("SELECT state, count(*) FROM consents GROUP BY ALL"))
    assert all(states[f"Consent{state}"] > 50 for state in ("Refused", "Expired", "Withdrawn", "Requested"))
    refused = "SELECT consent_id FROM consents WHERE state = 'ConsentRefused'"
    assert ask(
        f"SELECT count(*) FROM consents WHERE state = 'ConsentGiven' AND consent_id IN ({refused})"
    ) == [(0,)]


def test_nothing_follows_a_withdrawal(ask) -> None:
    """The withdrawal is the last event of its record, within the consent it ends."""
    assert ask("""
        SELECT count(*) FROM consents w JOIN consents o USING (consent_id)
        WHERE w.state = 'ConsentWithdrawn' AND o.event_at > w.event_at""") == [(0,)]
    assert ask("SELECT count(*) FROM consents WHERE state = 'ConsentWithdrawn' AND event_at >= valid_to") == [
        (0,)
    ]


def test_a_record_keeps_its_terms(ask) -> None:
    """Person, recipient, purpose and restriction do not change within a record."""
    assert ask("""
        SELECT count(*) FROM (SELECT consent_id FROM consents GROUP BY ALL HAVING count(DISTINCT
            (subject_id, recipient_id, purpose, furnisher_id, account_id, data_from, data_to)) > 1)""") == [
        (0,)
    ]


def test_narrow_consents_occur(ask) -> None:
    """Some consents name one furnisher, one own account, a first or a last month, or another lender."""
    for column in ("furnisher_id", "account_id", "data_from", "data_to"):
        assert ask(f"SELECT count(*) FROM consents WHERE {column} IS NOT NULL")[0][0] > 20
    assert ask("SELECT count(*) FROM consents WHERE recipient_id = 'lender-2'")[0][0] > 50
    assert ask("""SELECT count(*) FROM consents c WHERE account_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM holders h WHERE h.account_id = c.account_id AND h.subject_id = c.subject_id)""") == [
        (0,)
    ]
