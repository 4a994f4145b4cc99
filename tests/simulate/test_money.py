"""Amounts, arrears and dates of the simulated accounts agree with each other."""

from __future__ import annotations

import pytest

RULES = {
    "what is past due grows by what was not paid and shrinks by what was paid beyond the bill": """
        SELECT count(*) FROM pairs
        WHERE floor = 0 AND due IS NOT NULL AND arrangement IS NULL AND arrangement_before IS NULL
          AND event IS NULL AND event_before IS NULL AND closed IS NULL AND past_due_before IS NOT NULL
          AND past_due <> greatest(0, past_due_before + due - paid)""",
    "paying less than the bill puts an account further behind": """
        SELECT count(*) FROM pairs
        WHERE floor = 0 AND paid < due AND event IS NULL AND arrangement_before IS NULL
          AND NOT (arrears > arrears_before OR arrears = 5)""",
    "falling further behind means that a bill was not paid in full": """
        SELECT count(*) FROM pairs
        WHERE arrears > arrears_before AND floor = 0 AND due > 0 AND event IS NULL AND paid >= due""",
    "arrears rise by one bill a month at most": """
        SELECT count(*) FROM pairs WHERE floor = 0 AND arrears > arrears_before + 1""",
    "an account that is behind has something past due": """
        SELECT count(*) FROM truth WHERE floor = 0 AND event IS NULL AND arrears > 0 AND past_due <= 0""",
    "an account in order has nothing past due": """
        SELECT count(*) FROM truth WHERE arrears = 0 AND past_due <> 0""",
    "what is past due on credit is part of the balance": """
        SELECT count(*) FROM truth WHERE credit AND past_due > balance""",
    "a household bill owes what is past due, wrong amounts that were corrected aside": """
        SELECT count(*) FROM truth WHERE NOT credit AND floor = 0 AND balance <> past_due""",
    "only cards have a limit": """
        SELECT count(*) FROM truth WHERE (credit_limit IS NOT NULL) <> (kind = 'revolving')""",
    "limits never fall": """
        SELECT count(*) FROM (
            SELECT credit_limit < lag(credit_limit) OVER (PARTITION BY account_id ORDER BY month) AS fell
            FROM truth) WHERE fell""",
    "a loan never owes more than was lent": """
        SELECT count(*) FROM truth
        WHERE original_amount IS NOT NULL AND balance > original_amount AND floor = 0
          AND account_id NOT IN (
            SELECT account_id FROM truth WHERE arrears > 0 OR arrangement IS NOT NULL)""",
    "a loan that is paid as due owes less every month": """
        SELECT count(*) FROM pairs
        WHERE kind IN ('instalment', 'mortgage', 'tax_plan') AND arrears = 0 AND arrears_before = 0
          AND floor = 0 AND arrangement IS NULL AND due > 0 AND paid >= due AND balance >= balance_before""",
    "nothing is due while an arrangement defers it": """
        SELECT count(*) FROM truth WHERE arrangement IN ('deferred', 'moratorium') AND (due > 0 OR paid > 0)
          AND closed IS NULL""",
    "a reduced bill is paid": """
        SELECT count(*) FROM truth WHERE arrangement = 'reduced' AND closed IS NULL AND paid <> due""",
    "an account that is paid off owes nothing": """
        SELECT count(*) FROM truth WHERE closed IS NOT NULL AND arrears = 0 AND past_due = 0 AND event IS NULL
          AND balance <> 0 AND account_id NOT IN (
            SELECT account_id FROM holders JOIN flags USING (subject_id) WHERE flag = 'deceased')""",
    "the first delinquency is named when an account is behind, and only then": """
        SELECT count(*) FROM truth WHERE event IS NULL AND arrears IS NOT NULL
          AND (arrears > 0) <> (first_delinquency IS NOT NULL)""",
    "each unpaid bill is one class of arrears, counted in days from the first delinquency": """
        SELECT count(*) FROM truth WHERE event IS NULL AND arrears BETWEEN 1 AND 4
          AND date_diff('month', first_delinquency, month) = arrears - 1
          AND date_diff('day', first_delinquency, month)
              NOT BETWEEN (CASE arrears WHEN 1 THEN 1 ELSE 30 * (arrears - 1) END) AND 30 * arrears - 1""",
    "a bill is made before it is due, and not before the account was opened": """
        SELECT count(*) FROM truth WHERE statement_date >= due_date OR statement_date < opened""",
    "an event follows at least 120 days of arrears, and lasts until it is settled or paid": """
        SELECT count(*) FROM truth
        WHERE event IS NOT NULL AND event <> 'settled_short' AND arrears < 5 AND closed IS NULL""",
    "an event has its date, within its month or before": """
        SELECT count(*) FROM truth WHERE (event IS NULL) <> (event_date IS NULL) OR event_date > month""",
}


@pytest.mark.parametrize("rule", RULES)
def test_rule_holds_for_every_month(ask, rule) -> None:
    """No reported month of any account breaks the rule."""
    assert ask(RULES[rule]) == [(0,)]
