"""Types of columns: ids that people read as hexadecimal, and are kept as bytes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class Hex(TypeDecorator[str]):
    """Text of hexadecimal digits, kept as bytes: half the room, in the table and in each index."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Return the bytes of the digits."""
        return None if value is None else bytes.fromhex(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:
        """Return the digits of the bytes."""
        return None if value is None else bytes(value).hex()
