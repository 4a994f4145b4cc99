"""The ledger contract: which tables a ledger has, with which columns, types and allowed values.

Everything that enters a ledger is checked against this file, and nothing that is not named here has a
column to stand in. Money is in integer minor units, months are month ends, times are UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pyarrow as pa

TIME: Final = pa.timestamp("us", tz="UTC")
"""Type of every moment (``reported_at``, ``valid_from``, ...): microseconds, UTC."""

KINDS: Final = ("revolving", "instalment", "mortgage", "utility", "telecom", "rent", "tax_plan")
"""Kinds of account. The first three are credit; the others are household bills and tax plans."""

CREDIT_KINDS: Final = ("revolving", "instalment", "mortgage")

RESPONSIBILITIES: Final = ("individual", "joint", "authorised_user", "guarantor", "terminated")
"""How a holder is tied to an account. ``terminated``: was liable until ``held_to``."""

LIABLE: Final = ("individual", "joint", "terminated")
"""Responsibilities under which the record is the subject's own. An authorised user or guarantor is
somebody else's repayment behaviour, and stays out of a score (12 CFR 1002 comment 2(z)-1)."""

EVENTS: Final = ("charge_off", "collection", "repossession", "foreclosure", "settled_short")
ARRANGEMENTS: Final = ("deferred", "reduced", "moratorium")

ARREARS: Final = (
    "current",
    "1-29 days late",
    "30-59 days late",
    "60-89 days late",
    "90-119 days late",
    "120 or more days late",
)
"""Meaning of ``arrears`` 0 to 5. Unknown is null, never 0."""

CONSENT_STATES: Final = (
    "ConsentGiven",
    "RenewedConsentGiven",
    "ConsentRequested",
    "ConsentRequestDeferred",
    "ConsentRefused",
    "ConsentExpired",
    "ConsentInvalidated",
    "ConsentRevoked",
    "ConsentWithdrawn",
    "ConsentUnknown",
)
"""W3C DPV 2.3 ``dpv:ConsentStatus``. Only the first two are valid."""

VALID_STATES: Final = CONSENT_STATES[:2]
"""The states under which data may be used; the other eight forbid it."""

PURPOSES: Final = ("credit_scoring", "model_development", "demonstration")
"""Purposes a grant can name. Advertising, sale and cross-selling are not representable."""

BASES: Final = ("consent", "research release")
"""What stands behind a grant. ``research release``: a public research panel, valid only for the
purposes ``model_development`` and ``demonstration``."""

RESEARCH_BASIS: Final = "research release"
RESEARCH_PURPOSES: Final = ("model_development", "demonstration")

LONGEST_CONSENT_MONTHS: Final = 12
"""A consent of a person ends at most this many months after it begins; then it is asked for again."""

FLAGS: Final = ("fraud_block", "deceased")
CLOSED_KINDS: Final = ("consent", "lender", "person", "tie", "account", "month")
"""What a refused row can close: one consent, all consents of a person to a lender, the person, a person's tie
to an account, an account, or one month of it."""

LARGEST_AMOUNT: Final = 1 << 53
"""Amounts are below this in size: whole numbers that every system on the way holds exactly."""

DISPUTED_ITEMS: Final = ("arrears", "event", "past_due", "all")

_FORMS: Final = {
    "string": "text",
    "int8": "a whole number from -128 to 127",
    "int16": "a whole number from -32768 to 32767",
    "int64": "a whole number without separators; money is in minor units",
    "date32[day]": "a date written 2024-03-31",
    "bool": "true or false",
    "timestamp[us, tz=UTC]": "a moment with its zone, written 2024-03-31T12:00:00Z",
}
"""How a value of each type is written, for messages and for the data contract."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a ledger table.

    Attributes
    ----------
    name : str
        Column name.
    type : pyarrow.DataType
        Arrow type in a ledger.
    required : bool
        Whether null is refused.
    allowed : tuple of str, or None
        The closed list of values, where there is one.
    says : str
        What the column means, in one sentence. Printed in the data contract and in rejects.
    """

    name: str
    type: pa.DataType
    required: bool
    says: str
    allowed: tuple[str, ...] | None = None

    @property
    def form(self) -> str:
        """How a value is written in a file, in words."""
        return _FORMS[str(self.type)]


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a ledger: its columns and the key that may occur once.

    Attributes
    ----------
    name : str
        Table name, and the stem of its file.
    columns : tuple of Column
        The columns in order.
    key : tuple of str
        Columns whose combination occurs at most once.
    says : str
        What a row is, in one sentence.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    says: str

    @property
    def schema(self) -> pa.Schema:
        """The table's Arrow schema, with nullability."""
        return pa.schema([pa.field(c.name, c.type, nullable=not c.required) for c in self.columns])

    def column(self, name: str) -> Column:
        """Return the column called `name`; raises KeyError when the contract has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


_str, _date, _money, _flag = pa.string(), pa.date32(), pa.int64(), pa.bool_()

FURNISHERS: Final = Table(
    "furnishers",
    (
        Column("furnisher_id", _str, True, "who reports repayment data"),
        Column("name", _str, True, "the name a person would recognise"),
        Column(
            "late_floor_days",
            pa.int16(),
            True,
            "lateness below this many days is not reported by this furnisher; 0 means it reports from day 1",
        ),
    ),
    ("furnisher_id",),
    "one organisation that reports repayment data",
)

ACCOUNTS: Final = Table(
    "accounts",
    (
        Column("account_id", _str, True, "one tradeline"),
        Column("furnisher_id", _str, True, "who reports it"),
        Column("kind", _str, True, "kind of account", KINDS),
        Column(
            "opened", _date, False, "day it was opened; unknown is null, then first seen is used and flagged"
        ),
        Column("original_amount", _money, False, "amount first lent, minor units"),
        Column("term_months", pa.int16(), False, "agreed number of months"),
        Column("currency", _str, True, "ISO 4217 code, three capital letters"),
    ),
    ("account_id",),
    "what never changes about an account",
)

HOLDERS: Final = Table(
    "holders",
    (
        Column("account_id", _str, True, "the account"),
        Column("subject_id", _str, True, "the person tied to it"),
        Column("responsibility", _str, True, "how the person is tied to it", RESPONSIBILITIES),
        Column("held_from", _date, False, "first day of the tie; null means since the account was opened"),
        Column("held_to", _date, False, "last day of the tie; null means still"),
    ),
    ("account_id", "subject_id"),
    "one person's tie to one account",
)

STATEMENTS: Final = Table(
    "statements",
    (
        Column("statement_id", _str, True, "one reported version of one month"),
        Column("account_id", _str, True, "the account"),
        Column("month", _date, True, "last day of the month the statement is about"),
        Column("statement_date", _date, False, "day the bill was made"),
        Column("due_date", _date, False, "day the payment was due"),
        Column("due", _money, False, "amount due, minor units"),
        Column("paid", _money, False, "amount paid, minor units"),
        Column("balance", _money, False, "balance owed, minor units; may be negative"),
        Column("credit_limit", _money, False, "credit limit, minor units"),
        Column("past_due", _money, False, "amount past due, minor units"),
        Column(
            "arrears",
            pa.int8(),
            False,
            "0 current, 1 = 1-29 days late, 2 = 30-59, 3 = 60-89, 4 = 90-119, 5 = 120+; unknown is null",
        ),
        Column("event", _str, False, "adverse event", EVENTS),
        Column("event_date", _date, False, "day of the event"),
        Column("first_delinquency", _date, False, "day the present delinquency began"),
        Column(
            "arrangement", _str, False, "payment arrangement in force; makes the month neutral", ARRANGEMENTS
        ),
        Column(
            "closed",
            _date,
            False,
            "day the account was closed, on every statement from then on; what is still owed or late is "
            "reported on as before, and counts",
        ),
        Column("retracted", _flag, True, "this version says that the month was reported in error"),
        Column("reported_status", _str, False, "the furnisher's own code, unchanged"),
        Column("reported_at", TIME, True, "moment the version was reported"),
    ),
    ("statement_id",),
    "one month of an account as reported at one moment",
)

CONSENTS: Final = Table(
    "consents",
    (
        Column("consent_id", _str, True, "the consent record"),
        Column("event_at", TIME, True, "moment of this event"),
        Column("state", _str, True, "state from this moment on (W3C DPV)", CONSENT_STATES),
        Column("subject_id", _str, True, "who consents"),
        Column("recipient_id", _str, True, "the lender that may use the data"),
        Column("purpose", _str, True, "what the data may be used for", PURPOSES),
        Column("furnisher_id", _str, False, "only accounts of this furnisher; null means any"),
        Column("account_id", _str, False, "only this account; null means any"),
        Column("valid_from", TIME, True, "first moment of the consent"),
        Column("valid_to", TIME, False, "the consent ends just before this moment (expiry)"),
        Column(
            "data_from",
            _date,
            False,
            "first day covered; a month counts only if the whole of it is covered; null means no limit",
        ),
        Column(
            "data_to",
            _date,
            False,
            "last day covered; a month counts only if the whole of it is covered; null means no limit",
        ),
        Column("basis", _str, True, "what stands behind the grant", BASES),
        Column("lawful_basis", _str, True, "the lawful basis of the processing, recorded apart from consent"),
        Column("record_version", _str, True, "schema of the record (ISO/IEC TS 27560)"),
        Column("privacy_notice", _str, True, "which notice was shown"),
        Column("language", _str, True, "language of the notice (BCP 47)"),
        Column("jurisdiction", _str, True, "jurisdiction (ISO 3166)"),
        Column("retention_months", pa.int16(), True, "how long the data may be kept"),
        Column("withdrawal_method", _str, True, "how the person withdraws"),
    ),
    ("consent_id", "event_at"),
    "one event in the life of one consent record, with the terms in force from then on",
)

DISPUTES: Final = Table(
    "disputes",
    (
        Column("dispute_id", _str, True, "the dispute"),
        Column("account_id", _str, True, "the account"),
        Column("subject_id", _str, True, "who disputes"),
        Column("item", _str, True, "what is disputed", DISPUTED_ITEMS),
        Column("month_from", _date, False, "first month disputed; null means from the start"),
        Column("month_to", _date, False, "last month disputed; null means to the end"),
        Column("code", _str, False, "the channel's own code, unchanged"),
        Column("source", _str, True, "where the dispute was raised"),
        Column("opened_at", TIME, True, "moment it was opened"),
        Column("closed_at", TIME, False, "moment it was closed; null means still open"),
        Column("outcome", _str, False, "how it ended"),
    ),
    ("dispute_id",),
    "one dispute about one account",
)

SUBJECT_FLAGS: Final = Table(
    "flags",
    (
        Column("subject_id", _str, True, "the person"),
        Column("flag", _str, True, "what stops a case", FLAGS),
        Column("since", TIME, True, "moment it was set"),
        Column("until", TIME, False, "moment it was lifted; null means still set"),
    ),
    ("subject_id", "flag", "since"),
    "a block that stops a case with a named refusal",
)

CLOSURES: Final = Table(
    "closures",
    (
        Column("closure_id", _str, True, "the thing that is closed, by a hash of what it is"),
        Column("kind", _str, True, "what stays closed until the row is mended", CLOSED_KINDS),
        Column("consent_id", _str, False, "the consent, where it is one"),
        Column("subject_id", _str, False, "the person, where it is about one"),
        Column(
            "recipient_id", _str, False, "the lender to whom the person's consents are closed; null means any"
        ),
        Column("account_id", _str, False, "the account, where it is about one"),
        Column("month", _date, False, "the month of the account, where it is one"),
        Column("table", _str, True, "the table of the refused row"),
        Column("file", _str, True, "the file of the refused row"),
        Column("line", pa.int64(), True, "the refused row, counted from 1 below the header"),
        Column("rule", _str, True, "the rule that it broke"),
    ),
    ("closure_id",),
    "what a refused row could have taken away; an import writes it, and mended rows lift it",
)

TABLES: Final = {
    table.name: table
    for table in (FURNISHERS, ACCOUNTS, HOLDERS, STATEMENTS, CONSENTS, DISPUTES, SUBJECT_FLAGS, CLOSURES)
}
"""Every table of a ledger by name, in the order in which files are read."""

MAY_BE_EMPTY: Final = ("consents", "disputes", "flags", "closures")
"""Tables of which a ledger may have no rows at all."""

REQUIRED_TABLES: Final = ("furnishers", "accounts", "holders", "statements")
"""Tables without which there is nothing to score."""
