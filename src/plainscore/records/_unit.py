"""What one change works with: a connection, a lender, a moment, and leaves for the log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection

from plainscore.records._database import Database
from plainscore.records._kept import seal_context
from plainscore.records._keys import NONCE_BYTES, Keys, sealed
from plainscore.records._leaves import NewLeaf
from plainscore.records._packing import packed
from plainscore.records._row_kinds import Kind, row_hash, row_text
from plainscore.records._tables import EARLIER

SALT_BYTES: Final = 16
BLIND_BYTES: Final = 16

TallyKey = tuple[int, str, str, str, str]
"""Month, use, card, what and code."""


@dataclass(slots=True, kw_only=True)
class Unit:
    """One change while it is being made.

    Attributes
    ----------
    database, connection
        Where it is written; the transaction is open.
    lender, name
        The lender's number and name.
    keys : Keys
        For pseudonyms and sealing.
    moment : int
        Of the change, in microseconds.
    people : dict
        Pseudonyms of those whom it has locked, by the lender's own id.
    terms : dict
        When the term of those of them ended whose term did, by pseudonym.
    leaves : list
        Of every version of a row that it has written so far, in that order.
    tallies : Counter
        What it will add to, or take from, what is counted.
    """

    database: Database
    connection: Connection
    lender: int
    name: str
    keys: Keys
    moment: int
    people: dict[str, str] = field(default_factory=dict)
    terms: dict[str, int] = field(default_factory=dict)
    leaves: list[NewLeaf] = field(default_factory=list)
    tallies: Counter[TallyKey] = field(default_factory=Counter)

    def pseudonym(self, kind: str, value: str) -> str:
        """Return what stands for a person, an account or a request of this lender."""
        return self.keys.pseudonym(self.name, kind, value)

    def pack(self, plain: bytes) -> bytes:
        """Return bytes made smaller; as they are under the keys of the sample."""
        return packed(plain, same_everywhere=self.keys.file.sample)

    def seal(self, kind: Kind, row_id: str, version: int, plain: bytes, key: bytes) -> bytes:
        """Return bytes sealed so that they open as this row alone."""
        nonce = self.keys.file.random(NONCE_BYTES, "seal", self.name, kind.name, row_id, version, self.moment)
        return sealed(
            self.pack(plain), key=key, nonce=nonce, about=seal_context(self.name, kind.name, row_id)
        )

    def blind(self, kind: Kind, row_id: str, version: int) -> bytes:
        """Return random bytes that are hashed with a row until an erasure empties both.

        The leaf stays, and whoever has it could else try every score until the hash is the row's.
        """
        return self.keys.file.random(BLIND_BYTES, "blind", self.name, kind.name, row_id, version)

    def log(
        self, kind: Kind, columns: Mapping[str, Any], touches: Mapping[str, tuple[int, bytes]] | None = None
    ) -> None:
        """Note the leaf of a version of a row as it is written."""
        self.leaves.append(
            NewLeaf(
                kind=kind.name,
                row=kind.row_bytes(columns["id"]),
                version=columns["version"],
                row_hash=row_hash(row_text(kind, columns, touches)),
                decision=columns.get("decision"),
                salt=self.keys.file.random(
                    SALT_BYTES, "salt", self.name, kind.name, columns["id"], columns["version"]
                ),
            )
        )

    def keep_earlier(self, kind: Kind, columns: Mapping[str, Any]) -> None:
        """Keep a version that another takes the place of."""
        row = {
            "lender": self.lender,
            "kind": kind.name,
            "row": kind.row_bytes(columns["id"]),
            "version": columns["version"],
            "person": columns.get("person"),
            "body": self.pack(row_text(kind, columns)),
        }
        self.database.insert(self.connection, EARLIER, [row])
