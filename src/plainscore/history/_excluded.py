"""Which of a person's own statements a case does not see, or sees with a field blanked, and why."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from plainscore.history._blanking import SAYS, SEEN_BLANKED, counted_as_sql
from plainscore.history._case_dates import date_of, within

EXCLUDED_SCHEMA: Final = pa.schema([("case_id", pa.int64()), ("reason", pa.string()), ("rows", pa.int64())])

EXCLUSIONS: Final = {
    "not_liable": "the person is not liable for the account (authorised user or guarantor)",
    "not_held": "the person did not hold the account in that month",
    "consent_closed": "an event of the consent was refused, so the consent grants nothing until it is mended",
    "no_consent": "no consent covers it",
    "consent_not_yet": "the consent is not in force yet",
    "consent_expired": "the consent has expired",
    "consent_withdrawn": "the consent was withdrawn",
    "consent_revoked": "the consent is no longer valid",
    "other_purpose": "the consent is for another purpose",
    "other_recipient": "the consent is for another lender",
    "outside_data_range": "the month is outside the range of the consent",
    "after_as_of": "the month is after the date of the score",
    "reported_later": "it was reported after the moment of the score",
    "superseded": "a later version corrects it",
    "retracted": SAYS["retracted"],
    "closed_tie": "the row that ties the person to an account was refused, so the account is not counted "
    "until it is mended",
    "left_out": "it was left out or replaced on purpose, to see what changes",
    **{reason: SAYS[reason] for reason in SEEN_BLANKED},
}
"""Reasons in the order in which they are tried, with what they mean. The first that holds is counted."""

IN_FORCE: Final = within("consents", "b", "r.starts", "r.ends")
"""SQL condition: grant r is in force at the moment of use of case b."""

# A grant that ended is named after the event that ended it; without one, its time ran out.
_STANDING: Final = f"""
standing AS (
  SELECT b.n, h.acc,
         coalesce(bool_or(r.use_no = b.use_no AND {IN_FORCE}), false) AS granted,
         coalesce(bool_or(r.use_no = b.use_no AND r.starts > {date_of("consents", "b")}), false) AS not_yet,
         max(CASE WHEN r.use_no = b.use_no AND r.ends <= {date_of("consents", "b")}
                  THEN {{'ends': r.ends, 'by': r.ended_by}} END).by AS ended_by,
         coalesce(bool_or(u.recipient_id = b.recipient_id AND u.purpose <> b.purpose AND {IN_FORCE}), false)
           AS other_purpose,
         coalesce(bool_or(u.recipient_id <> b.recipient_id AND {IN_FORCE}), false) AS other_recipient,
         coalesce(bool_or(c.sub IS NOT NULL), false) AS closed
  FROM batch b JOIN holder h ON h.sub = b.sub
  LEFT JOIN closed_consent c ON c.sub = b.sub AND coalesce(c.recipient_id, b.recipient_id) = b.recipient_id
  LEFT JOIN reach r ON r.sub = h.sub AND r.acc = h.acc
  LEFT JOIN use u ON u.use_no = r.use_no
  GROUP BY b.n, h.acc
)"""

# At one moment the spans of an account in `sight` do not touch, so a month joins with one of them at most.
_OWN: Final = f"""
own AS (
  SELECT b.n,
         CASE
           WHEN NOT h.liable THEN 'not_liable'
           WHEN s.mi NOT BETWEEN h.lo AND h.hi THEN 'not_held'
           WHEN NOT g.granted THEN
             CASE WHEN g.closed THEN 'consent_closed'
                  WHEN g.ended_by IN ('expired', 'ConsentExpired') THEN 'consent_expired'
                  WHEN g.ended_by = 'ConsentWithdrawn' THEN 'consent_withdrawn'
                  WHEN g.ended_by IS NOT NULL THEN 'consent_revoked'
                  WHEN g.not_yet THEN 'consent_not_yet'
                  WHEN g.other_purpose THEN 'other_purpose'
                  WHEN g.other_recipient THEN 'other_recipient'
                  ELSE 'no_consent' END
           WHEN r.acc IS NULL THEN 'outside_data_range'
           WHEN s.mi > b.as_month THEN 'after_as_of'
           WHEN s.reported_at > {date_of("versions", "b")} THEN 'reported_later'
           WHEN s.superseded_at <= {date_of("versions", "b")} THEN 'superseded'
           WHEN s.retracted THEN 'retracted'
           {{left_out}}
         END AS reason
  FROM batch b JOIN holder h ON h.sub = b.sub JOIN statement s ON s.acc = h.acc
  JOIN standing g ON g.n = b.n AND g.acc = h.acc
  LEFT JOIN sight r ON r.sub = b.sub AND r.acc = h.acc AND r.use_no = b.use_no
                   AND {IN_FORCE} AND s.mi BETWEEN r.lo AND r.hi{{edits}}
)"""

_BLANKED: Final = counted_as_sql(
    {
        "closed_row": "closed_row",
        "too_old": "too_old",
        "disputed": "in_dispute",
        "arrangement": "arranged AND event IS NULL",
        "after_closure": "after_closure",
    }
)

_FOUND: Final = f"""
found AS (
  SELECT n, reason FROM own WHERE reason IS NOT NULL
  UNION ALL
  SELECT n, reason FROM (SELECT n, {_BLANKED} AS reason FROM cleared) WHERE reason IS NOT NULL
  UNION ALL
  SELECT DISTINCT b.n, 'closed_tie' FROM batch b JOIN closed_tie t ON t.sub = b.sub
)
SELECT b.case_id, f.reason, count(*) AS rows
FROM found f JOIN batch b USING (n) GROUP BY b.case_id, f.reason ORDER BY b.case_id, f.reason
"""

EXCLUDED_SELECT: Final = f",{_STANDING},{_OWN.format(left_out='', edits='')},{_FOUND}"
"""The SELECT that follows the views' common table expressions."""

EXCLUDED_WITH_EDITS: Final = ",".join(
    [
        "",
        _STANDING,
        _OWN.format(
            left_out="WHEN e.n IS NOT NULL THEN 'left_out'",
            edits=" LEFT JOIN replaced e ON e.n = b.n AND e.acc = s.acc AND e.mi = s.mi",
        ),
        _FOUND,
    ]
)
"""The same where hypothetical changes take months away."""
