"""Small panels made here, in the columns of the public ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

TAIWAN_HEADER = (
    "ID,LIMIT_BAL,SEX,EDUCATION,MARRIAGE,AGE,PAY_0,PAY_2,PAY_3,PAY_4,PAY_5,PAY_6,"
    "BILL_AMT1,BILL_AMT2,BILL_AMT3,BILL_AMT4,BILL_AMT5,BILL_AMT6,"
    "PAY_AMT1,PAY_AMT2,PAY_AMT3,PAY_AMT4,PAY_AMT5,PAY_AMT6,default.payment.next.month"
)
BUREAU_HEADER = "person_id,account_id,month,status"


@pytest.fixture
def taiwan_csv(tmp_path: Path) -> Callable[..., Path]:
    """Write Taiwan rows below a header and return the file."""

    def write(*rows: str, header: str = TAIWAN_HEADER) -> Path:
        path = tmp_path / "taiwan.csv"
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return path

    return write


@pytest.fixture
def bureau_csv(tmp_path: Path) -> Callable[..., Path]:
    """Write bureau rows below a header and return the file."""

    def write(*rows: str, header: str = BUREAU_HEADER) -> Path:
        path = tmp_path / "bureau.csv"
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return path

    return write
