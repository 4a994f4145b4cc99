"""Amounts of money, as each language writes them."""

from __future__ import annotations

from typing import Final

from plainscore.language._formats import MINUS, number_text

_DIGITS: Final = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND"), 0),
    **dict.fromkeys(("UYI", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}
"""Digits of the minor unit where they are not two (ISO 4217)."""


def digits_of(currency: str) -> int:
    """Return how many digits the minor unit of a currency has.

    Examples
    --------
    >>> digits_of("EUR"), digits_of("JPY"), digits_of("KWD")
    (2, 0, 3)
    """
    return _DIGITS.get(currency, 2)


class Money:
    """An amount in minor units of a currency, written as each language does.

    Examples
    --------
    >>> Money(123456, "EUR")("en"), Money(-123456, "EUR")("es"), Money(500, "JPY")("zh")
    ('1,234.56 EUR', '−1.234,56 EUR', '500 JPY')
    """

    def __init__(self, amount: int, currency: str) -> None:
        self._amount, self._currency = amount, currency

    def __call__(self, language: str) -> str:
        """Return the amount in a language."""
        digits = digits_of(self._currency)
        whole, rest = divmod(abs(self._amount), 10**digits)
        text = f"{whole:,}" + (f".{rest:0{digits}d}" if digits else "")
        return f"{MINUS if self._amount < 0 else ''}{number_text(text, language)} {self._currency}"
