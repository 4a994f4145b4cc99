"""What furnishers report: floors, versions, delays, mistakes, and what they leave out."""

from __future__ import annotations

import pytest

NEVER = {
    "a furnisher with a floor of 30 days reports lateness below it": """
        SELECT count(*) FROM statements JOIN accounts USING (account_id) JOIN furnishers USING (furnisher_id)
        WHERE late_floor_days = 30 AND arrears = 1""",
    "two versions of a month share a report time": """
        SELECT count(*) FROM (
            SELECT account_id, month, reported_at FROM statements GROUP BY ALL HAVING count(*) > 1)""",
    "a statement id occurs twice": """
        SELECT count(*) FROM (SELECT statement_id FROM statements GROUP BY ALL HAVING count(*) > 1)""",
    "a month is reported before it ends": """
        SELECT count(*) FROM statements WHERE reported_at <= month + INTERVAL 1 DAY""",
    "a statement is not about a month's last day": """
        SELECT count(*) FROM statements WHERE month <> last_day(month)""",
    "an account has months after it was closed": """
        SELECT count(*) FROM statements s
        JOIN (SELECT account_id, max(closed) AS closed FROM statements GROUP BY ALL) c USING (account_id)
        WHERE s.month > last_day(c.closed)""",
    "an account has months before it was opened": """
        SELECT count(*) FROM statements JOIN accounts USING (account_id) WHERE month < opened""",
    "anything is reported after the month that follows the last one": """
        SELECT count(*) FROM statements WHERE reported_at >= TIMESTAMPTZ '2026-02-01 00:00:00+00'""",
    "an account has no holder who is liable for it": """
        SELECT count(*) FROM accounts WHERE account_id NOT IN
            (SELECT account_id FROM holders WHERE responsibility IN ('individual', 'joint'))""",
    "an account was never reported": """
        SELECT count(*) FROM accounts WHERE account_id NOT IN (SELECT account_id FROM statements)""",
    "a joint account has one holder": """
        SELECT count(*) FROM (SELECT account_id FROM holders WHERE responsibility = 'joint'
                              GROUP BY ALL HAVING count(*) <> 2)""",
    "a tie has ended that is not called terminated": """
        SELECT count(*) FROM holders WHERE (held_to IS NOT NULL) <> (responsibility = 'terminated')""",
    "a dispute is opened before what it disputes was reported": """
        SELECT count(*) FROM disputes d WHERE NOT EXISTS (
            SELECT 1 FROM statements s WHERE s.account_id = d.account_id AND s.month = d.month_from
                                         AND s.reported_at < d.opened_at)""",
    "a dispute that ended in a correction has no correction": """
        SELECT count(*) FROM disputes d WHERE outcome = 'corrected' AND NOT EXISTS (
            SELECT 1 FROM statements s WHERE s.account_id = d.account_id AND s.month = d.month_from
                                         AND s.reported_at = d.closed_at)""",
    "a closed dispute has no outcome, or an open one has": """
        SELECT count(*) FROM disputes WHERE (outcome IS NULL) <> (closed_at IS NULL)""",
    "an account of someone who died goes on": """
        SELECT count(*) FROM flags JOIN holders USING (subject_id) JOIN statements USING (account_id)
        WHERE flag = 'deceased' AND responsibility = 'individual' AND month > since + INTERVAL 31 DAY""",
}

SHARES = {
    "versions that correct or take back an earlier one": (
        "SELECT 1 - count(DISTINCT (account_id, month)) / count(*) FROM statements",
        0.007,
        0.015,
    ),
    "versions that take a month back": ("SELECT avg(retracted::INT) FROM statements", 0.0005, 0.002),
    "months reported two months late or later": (
        "SELECT avg((reported_at > month + INTERVAL 61 DAY)::INT) FROM "
        "(SELECT month, min(reported_at) AS reported_at FROM statements "
        "WHERE month < DATE '2024-12-01' GROUP BY account_id, month)",
        0.003,
        0.02,
    ),
    "months whose status is unknown": ("SELECT avg((arrears IS NULL)::INT) FROM statements", 0.004, 0.012),
    "months that are missing between two reported ones": (
        "SELECT 1 - sum(n) / sum(span) FROM (SELECT count(DISTINCT month) AS n, "
        "date_diff('month', min(month), max(month)) + 1 AS span FROM statements GROUP BY account_id)",
        0.004,
        0.015,
    ),
    "accounts whose opening is unknown": ("SELECT avg((opened IS NULL)::INT) FROM accounts", 0.005, 0.015),
    "accounts in a second currency": ("SELECT avg((currency <> 'EUR')::INT) FROM accounts", 0.001, 0.006),
    "statements without what was due and paid": (
        "SELECT avg((due IS NULL)::INT) FROM statements",
        0.05,
        0.25,
    ),
}

VALUES = {
    "kinds of account": ("accounts", "kind", 7),
    "furnishers": ("accounts", "furnisher_id", 13),
    "responsibilities": ("holders", "responsibility", 5),
    "events": ("statements", "event", 5),
    "arrangements": ("statements", "arrangement", 3),
    "classes of arrears": ("statements", "arrears", 6),
    "flags": ("flags", "flag", 2),
    "outcomes of disputes": ("disputes", "outcome", 3),
    "disputed items": ("disputes", "item", 3),
}


@pytest.mark.parametrize("claim", NEVER)
def test_never_happens(ask, claim) -> None:
    """No row of the ledger shows what must not happen."""
    assert ask(NEVER[claim]) == [(0,)]


@pytest.mark.parametrize("what", SHARES)
def test_share_is_as_stated(ask, what) -> None:
    """What goes wrong in reporting goes wrong about as often as stated."""
    sql, low, high = SHARES[what]
    assert low <= ask(sql)[0][0] <= high


@pytest.mark.parametrize("what", VALUES)
def test_every_value_occurs(ask, what) -> None:
    """Each of the contract's values that a simulation claims to show does occur."""
    table, column, count = VALUES[what]
    assert ask(f"SELECT count(DISTINCT {column}) FROM {table}") == [(count,)]


def test_mistakes_go_both_ways(ask) -> None:
    """Corrections clear people who were reported late by mistake, and find people who were late unseen."""
    ((cleared, found),) = ask("""
        SELECT count(*) FILTER (arrears = 0 AND before >= 2), count(*) FILTER (arrears >= 2 AND before = 0)
        FROM (
            SELECT arrears, lag(arrears) OVER (PARTITION BY account_id, month ORDER BY reported_at) AS before
            FROM statements WHERE NOT retracted)""")
    assert cleared > 100
    assert found > 100


def test_disputes_are_open_and_closed(ask) -> None:
    """Some disputes still wait for an answer when the ledger ends."""
    ((still, closed),) = ask("SELECT count(*) FILTER (closed_at IS NULL), count(closed_at) FROM disputes")
    assert still > 20
    assert closed > 20


def test_there_are_thin_files(ask) -> None:
    """Some people have no account, and some have one that was opened within half a year."""
    ((thin,),) = ask("""
        SELECT count(*) FROM (
            SELECT subject_id, min(opened) AS oldest FROM holders JOIN accounts USING (account_id)
            GROUP BY ALL)
        WHERE oldest > DATE '2025-06-30'""")
    ((with_accounts,),) = ask("SELECT count(DISTINCT subject_id) FROM holders")
    assert thin > 20
    assert with_accounts < 4000
