"""A table of scored people, as a nightly file is: each row with its reasons and all that it stands on."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

import plainscore
from plainscore.casework._errors import AskError
from plainscore.casework._json_bytes import json_bytes
from plainscore.decisions import moment_text, stored_text
from plainscore.files import csv_bytes, private_folder, with_outputs
from plainscore.language import LANGUAGES, Words
from plainscore.ledger import TIME
from plainscore.reasons import MOST_REASONS

SUMMARY: Final = "plainscore/summary/1"
NOT_IN_LEDGER: Final = "not in this ledger"
"""Stands where a refusal does, and is none: nothing is known of such a person, not even a refusal."""

_PLACES: Final = range(1, MOST_REASONS + 1)
_TABLE: Final = pa.schema(
    [
        ("subject_id", pa.string()),
        ("decision_id", pa.string()),
        ("score", pa.int32()),
        ("pd", pa.string()),
        ("refusal", pa.string()),
        ("accounts", pa.int32()),
        ("months", pa.int32()),
        *((f"reason_{place}", pa.string()) for place in _PLACES),
        *((f"reason_{place}_text", pa.string()) for place in _PLACES),
        ("run", pa.string()),
        ("card_id", pa.string()),
        ("as_of", pa.date32()),
        ("known_at", TIME),
        ("used_at", TIME),
        ("version", pa.string()),
    ]
)
SCORE_COLUMNS: Final = tuple(_TABLE.names)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonScore:
    """What came of one person of a batch.

    Attributes
    ----------
    subject_id : str
        The person.
    known : bool
        Whether a table of the ledger names the person. Where none does, nothing else is said.
    score : int or None
        The score.
    pd : str or None
        Its PD, as in a decision record.
    refusal : str or None
        The code of the refusal, where there is no score.
    accounts, months : int or None
        What it rests on.
    reasons : tuple of str
        Characteristics of the reasons, those of a decision record, in its order.
    texts : tuple of dict
        The same in words, by language.
    decision_id : str or None
        The decision, where one is kept.
    decided_at : datetime.datetime or None
        The moment of that decision: versions known and consents in force.
    """

    subject_id: str
    known: bool = True
    score: int | None = None
    pd: str | None = None
    refusal: str | None = None
    accounts: int | None = None
    months: int | None = None
    reasons: tuple[str, ...] = ()
    texts: tuple[Words, ...] = ()
    decision_id: str | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Scores:
    """A batch of people, scored.

    Attributes
    ----------
    rows : tuple of PersonScore
        In the order asked for.
    card_id : str
        The card.
    as_of : datetime.date
        Month end seen up to.
    at : datetime.datetime
        The moment that was looked at: versions known. Of a run, that of its first decision.
    used_at : datetime.datetime
        The moment by the store's clock at which consents were in force; of a run likewise.
    run : str or None
        The run in which decisions were kept; None for a look, of which nothing is kept.
    """

    rows: tuple[PersonScore, ...]
    card_id: str
    as_of: date
    at: datetime
    used_at: datetime
    run: str | None = None

    @property
    def scored(self) -> int:
        """How many have a score."""
        return sum(row.score is not None for row in self.rows)

    @property
    def refused(self) -> int:
        """How many are refused one, by name."""
        return sum(row.refusal is not None for row in self.rows)

    @property
    def unknown(self) -> int:
        """How many are not in the ledger."""
        return sum(not row.known for row in self.rows)

    def csv(self, language: str = "en") -> bytes:
        """Return the batch as CSV, each row with all that it stands on.

        A text that a spreadsheet would take for a formula has an apostrophe before it.
        """
        return csv_bytes(SCORE_COLUMNS, self._told(language))

    def json_lines(self, language: str = "en") -> bytes:
        """Return the batch as JSON, an object a line with every column."""
        rows = (json.dumps(row, ensure_ascii=False) for row in self._told(language))
        return "".join(f"{row}\n" for row in rows).encode()

    def parquet(self, language: str = "en") -> bytes:
        """Return the batch as a Parquet file, with the types of the columns."""
        table = pa.Table.from_pylist(self._records(language), schema=_TABLE)
        sink = io.BytesIO()
        pq.write_table(table, sink)
        return sink.getvalue()

    def summary(self) -> dict[str, Any]:
        """Return what came of the batch in numbers, and what it stands on; nobody is named."""
        refusals = Counter(row.refusal for row in self.rows if row.refusal is not None)
        reasons = Counter(name for row in self.rows for name in row.reasons)
        return {
            "schema": SUMMARY,
            "run": self.run,
            "card_id": self.card_id,
            "as_of": self.as_of.isoformat(),
            "known_at": moment_text(self.at),
            "used_at": moment_text(self.used_at),
            "version": plainscore.__version__,
            "people": len(self.rows),
            "scored": self.scored,
            "refused": self.refused,
            "refusals": dict(sorted(refusals.items())),
            "not_in_ledger": self.unknown,
            "reasons": dict(sorted(reasons.items())),
        }

    def write(self, path: Path, *, language: str = "en") -> None:
        """Write the batch to a file, whole or not at all.

        Parameters
        ----------
        path : Path
            A file: Parquet where its name ends in ``.parquet``, JSON lines where in ``.jsonl``, else CSV.
        language : str
            Language of the reasons in words.

        Raises
        ------
        AskError
            When there are no words in the language.
        OSError
            When it cannot be written.
        """
        form = FORMS.get(path.suffix.removeprefix("."), Scores.csv)
        with with_outputs({path: form(self, language)}):
            pass

    def write_folder(self, folder: Path, *, form: str = "csv", language: str = "en") -> tuple[Path, Path]:
        """Write the batch and its summary into a folder, both or neither; return the two files.

        Parameters
        ----------
        folder : Path
            The folder, made where it is not there.
        form : {"csv", "parquet", "jsonl"}
            Form of the table, which is called ``scores`` and so.
        language : str
            Language of the reasons in words.

        Raises
        ------
        AskError
            When there is no such form or language.
        OSError
            When a file cannot be written.
        """
        if form not in FORMS:
            msg = f"A table has no form {form!r}: give one of {', '.join(FORMS)}."
            raise AskError(msg)
        table, summary = folder / f"scores.{form}", folder / "summary.json"
        private_folder(folder)
        with with_outputs({table: FORMS[form](self, language), summary: json_bytes(self.summary())}):
            return table, summary

    def _told(self, language: str) -> list[dict[str, Any]]:
        """Return the rows with their dates and moments as text."""
        return [{name: stored_text(value) for name, value in row.items()} for row in self._records(language)]

    def _records(self, language: str) -> list[dict[str, Any]]:
        if language not in LANGUAGES:
            msg = f"There are no words in {language!r}: give one of {', '.join(LANGUAGES)}."
            raise AskError(msg)
        return [self._record(row, language) for row in self.rows]

    def _record(self, row: PersonScore, language: str) -> dict[str, Any]:
        record: dict[str, Any] = dict.fromkeys(SCORE_COLUMNS)
        record |= {
            "subject_id": row.subject_id,
            "decision_id": row.decision_id,
            "score": row.score,
            "pd": row.pd,
            "refusal": row.refusal if row.known else NOT_IN_LEDGER,
            "accounts": row.accounts,
            "months": row.months,
            "run": self.run,
            "card_id": self.card_id,
            "as_of": self.as_of,
            "known_at": row.decided_at or self.at,
            "used_at": row.decided_at or self.used_at,
            "version": plainscore.__version__,
        }
        record |= {f"reason_{place}": name for place, name in enumerate(row.reasons, 1)}
        record |= {f"reason_{place}_text": text[language] for place, text in enumerate(row.texts, 1)}
        return record


FORMS: Final[Mapping[str, Callable[[Scores, str], bytes]]] = {
    "csv": Scores.csv,
    "parquet": Scores.parquet,
    "jsonl": Scores.json_lines,
}
"""How a table is written, by what the name of its file ends in."""
