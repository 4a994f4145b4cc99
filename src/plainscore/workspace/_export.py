"""The card in the forms that other systems run, as the bytes of a file."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Final

from plainscore.scorecard import ALL_APPLICANTS, Card
from plainscore.workspace._errors import FormError

FORMS: Final = ("sql", "pmml", "json", "schema", "excel", "python")


def exported(
    card: Card,
    form: str,
    *,
    dialect: str = "duckdb",
    table: str = "cases",
    key: Sequence[str] = (),
    baseline: str = ALL_APPLICANTS,
) -> bytes:
    """Return a card for another system: it scores there as it does here.

    Parameters
    ----------
    card : Card
        The card.
    form : str
        One of `FORMS`.
    dialect, table, key
        Of SQL: the dialect, the table that is scored, and columns to pass through.
    baseline : str
        Of PMML: what reasons rank by.

    Raises
    ------
    FormError
        When there is no such form.
    plainscore.scorecard.ScorecardError
        When the form cannot say the card.
    """
    from plainscore.scorecard import exports

    match form:
        case "sql":
            return (exports.to_sql(card, dialect=dialect, table=table, key=key or None) + "\n").encode()
        case "pmml":
            return exports.to_pmml(card, baseline=baseline)
        case "schema":
            return (json.dumps(exports.card_schema(), indent=2, ensure_ascii=False) + "\n").encode()
        case "python":
            return exports.to_python(card).encode()
        case "excel":
            book = io.BytesIO()
            exports.to_excel(card, book)
            return book.getvalue()
        case "json":
            return card.to_json()
    msg = f"A card has no form {form!r}; give one of {', '.join(FORMS)}."
    raise FormError(msg)
