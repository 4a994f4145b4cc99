"""An amount on the terminal is written as its currency is: by the one place that knows currencies."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest

from plainscore.cli._score_commands import show_record
from plainscore.language import Money, digits_of
from plainscore.scorecard import ALL_APPLICANTS
from plainscore.workspace import Desk, open_workspace

SRC = Path(__file__).parents[2] / "src" / "plainscore"
CURRENCIES = {"JPY": 0, "KRW": 0, "CLP": 0, "EUR": 2, "USD": 2, "CNY": 2, "KWD": 3, "TND": 3, "CLF": 4}
AMOUNTS = {
    240_700: {0: "240,700", 2: "2,407.00", 3: "240.700", 4: "24.0700"},
    5: {0: "5", 2: "0.05", 3: "0.005", 4: "0.0005"},
    0: {0: "0", 2: "0.00", 3: "0.000", 4: "0.0000"},
    -1_234_567: {0: "−1,234,567", 2: "−12,345.67", 3: "−1,234.567", 4: "−123.4567"},
    2**53 - 1: {
        0: "9,007,199,254,740,991",
        2: "90,071,992,547,409.91",
        3: "9,007,199,254,740.991",
        4: "900,719,925,474.0991",
    },
}


@pytest.fixture(scope="module")
def record(small_root: Path, cast: Any) -> dict[str, Any]:
    """Give the decision of the person with the late record, whose evidence has balances."""
    desk = Desk(open_workspace(small_root))
    made = desk.consider(desk.case(cast.late, at=cast.at), desk.workspace.card, baseline=ALL_APPLICANTS)
    assert any(row.get("balance") is not None for row in rows_of(made))
    return made


def rows_of(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the statements that stand behind a record's reasons."""
    reasons = [reason["evidence"] for reason in record["reasons"]]
    return [row for found in reasons if found["kind"] != "dates" for row in found["records"]]


def in_currency(record: dict[str, Any], currency: str, amount: int, *, old: bool) -> dict[str, Any]:
    """Return a record whose accounts are in a currency and whose balances are an amount."""
    made = copy.deepcopy(record)
    for account in made["inputs"]["accounts"]:
        account["currency"] = currency
    for row in rows_of(made):
        row["balance"] = amount
        row["currency"] = currency
        if old:
            del row["currency"]
    return made


@pytest.mark.parametrize("old", [False, True])
@pytest.mark.parametrize("amount", AMOUNTS)
@pytest.mark.parametrize("currency", CURRENCIES)
def test_balances_are_shown_in_their_currency(
    record: dict[str, Any], capsys: pytest.CaptureFixture[str], currency: str, amount: int, old: bool
) -> None:
    """With 0 to 4 digits, as ISO 4217 says, also of a record that has the currency with its accounts only."""
    assert digits_of(currency) == CURRENCIES[currency]
    wanted = f"{AMOUNTS[amount][CURRENCIES[currency]]} {currency}"
    assert Money(amount, currency)("en") == wanted
    show_record(in_currency(record, currency, amount, old=old))
    shown = capsys.readouterr().out
    assert wanted in shown
    others = {text for digits, text in AMOUNTS[amount].items() if digits != CURRENCIES[currency]}
    assert not any(re.search(rf"(?<![\d,.-]){re.escape(text)} {currency}", shown) for text in others)


def test_evidence_names_the_currency_of_its_account(record: dict[str, Any]) -> None:
    """Every statement behind a reason carries the currency that its account has in the ledger."""
    held = {one["account_id"]: one["currency"] for one in record["inputs"]["accounts"]}
    for row in rows_of(record):
        assert row["currency"] == held[row["account_id"]]


def test_no_other_place_writes_amounts() -> None:
    """Nothing in the sources divides by a hundred or fixes two decimals with thousands to print an amount."""
    by_hand = re.compile(r"/\s*100\s*:[,.\d]*f|:,\.2f")
    found = [path.name for path in SRC.rglob("*.py") if by_hand.search(path.read_text("utf-8"))]
    found += [path.name for path in SRC.rglob("*.j2") if by_hand.search(path.read_text("utf-8"))]
    assert found == []
