"""The Taiwan panel from its public home, checked against the copy that the project was tested with."""

from __future__ import annotations

import gzip
import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from plainscore.panels._errors import DigestError, DownloadError, PanelColumnError
from plainscore.panels._source import Integers
from plainscore.panels._taiwan import COLUMNS, PROTECTED_COLUMNS, open_taiwan, read_content

if TYPE_CHECKING:
    import pandas as pd

OPENML_ID: Final = 42477
"""OpenML's number for "default-of-credit-card-clients", version 1: all 30,000 rows of UCI 350. Other
versions of that name are other tables."""

TAIWAN_DIGEST: Final = "1dd9e76a322a01748975d3b5c12833d5bdff2028989a1ecde4e69c1fcac50135"
"""`content_digest` of the copy of UCI 350 that the project was tested with."""

_FILE: Final = "taiwan.csv.gz"
_NAMES: Final = (
    {name.upper(): name for name in COLUMNS}
    | {f"X{place}": name for place, name in enumerate(COLUMNS[1:-1], 1)}
    | {"Y": COLUMNS[-1]}
)
"""Our name by a published one in capitals: OpenML says x1 to x23 and y, in the order of UCI 350."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that was downloaded and found to be the expected one.

    Attributes
    ----------
    path : pathlib.Path
        The file.
    digest : str
        Its `content_digest`.
    checked : str
        What the digest covers and what not, as sentences.
    """

    path: Path
    digest: str
    checked: str


def download_taiwan() -> pd.DataFrame:
    """Download the panel from OpenML; the one function of this room that uses the network.

    The project's tests run without a network, so this download is not among what they try: they give
    `fetch_taiwan` tables in the shapes OpenML is known to serve.

    Raises
    ------
    DownloadError
        If OpenML cannot be reached or does not answer with the table.
    """
    from sklearn.datasets import fetch_openml  # 1.6 s to import, for this one use

    try:
        frame: pd.DataFrame = fetch_openml(data_id=OPENML_ID, as_frame=True, cache=False).frame
    except (OSError, ValueError) as error:
        raise DownloadError(
            f"OpenML data set {OPENML_ID} could not be downloaded ({type(error).__name__}). Try again with a "
            "connection, or put the file of UCI 350 in the panel's columns at the place of the panel."
        ) from error
    return frame


def fetch_taiwan(
    folder: str | os.PathLike[str],
    *,
    download: Callable[[], pd.DataFrame] = download_taiwan,
    expected: str = TAIWAN_DIGEST,
) -> Fetched:
    """Download the Taiwan panel into `folder` as ``taiwan.csv.gz``, if it is the expected one.

    Parameters
    ----------
    folder : path
        Made when absent. If the content is not the expected one nothing is left there; an older file stays.
    download : callable
        Returns the table: columns x1 to x23 and y, or the names of UCI 350, in any case; with or
        without a column of numbers of the people (without: numbered from 1 in the order of rows).
    expected : str
        The `content_digest` it must have.

    Returns
    -------
    Fetched
        The file and what was checked.

    Raises
    ------
    DownloadError
        If the download failed.
    PanelColumnError
        If the table has other columns.
    DigestError
        If its content is not the expected one.
    """
    text = _as_csv(download())
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    partial = target / f".partial-{_FILE}"
    try:
        # No file time in the gzip header: one content gives one file.
        partial.write_bytes(gzip.compress(text.encode("utf-8"), mtime=0))
        digest, bad_rows = _digest_of(partial)
        if digest != expected:
            raise DigestError(
                f"The downloaded panel is not the one this project was tested with: its content has the "
                f"digest {digest}, not {expected}; {bad_rows} of its rows break a rule. Nothing was written. "
                "Use the file of UCI 350, or read the table yourself and judge what changed."
            )
        partial.replace(target / _FILE)
    finally:
        partial.unlink(missing_ok=True)
    return Fetched(target / _FILE, digest, _checked())


def taiwan_digest(path: str | os.PathLike[str]) -> str:
    """Return the `content_digest` of a file of the Taiwan panel; raises PanelError."""
    return _digest_of(Path(path))[0]


def content_digest(content: Mapping[str, Integers]) -> str:
    """Return the SHA-256 of parsed columns, so that spelling (``20000`` or ``20000.0``) makes no difference.

    Columns enter by name in alphabetical order, each as its name, a zero byte, its length and its
    values as 64-bit little-endian integers.

    Examples
    --------
    >>> import numpy as np
    >>> content_digest({"a": np.array([1, 2])})[:8]
    'e40346e2'
    """
    sha = hashlib.sha256()
    for name in sorted(content):
        sha.update(name.encode("utf-8") + b"\0" + len(content[name]).to_bytes(8, "little"))
        sha.update(content[name].astype("<i8").tobytes())
    return sha.hexdigest()


def _digest_of(path: Path) -> tuple[str, int]:
    source = open_taiwan(path)
    return content_digest(read_content(source)), len(source.bad_rows)


def _checked() -> str:
    return (
        "The digest covers every column that the ledger and the outcomes are made of, in the order of the "
        f"rows. It does not cover {', '.join(PROTECTED_COLUMNS)}, which are kept for the fairness audit "
        "alone: the copy it was taken from lacks two ages that other copies have."
    )


def _as_csv(frame: pd.DataFrame) -> str:
    """Return the table as CSV in the panel's columns."""
    import pandas as pd

    table = frame.rename(columns=lambda name: _NAMES.get(str(name).upper(), str(name)))
    if "ID" not in table.columns:
        table.insert(0, "ID", range(1, len(table) + 1))
    missing = [name for name in COLUMNS if name not in table.columns]
    if missing or len(table.columns) != len(COLUMNS):
        raise PanelColumnError(
            f"The downloaded table has the columns {', '.join(map(str, frame.columns))}, and this project "
            f"knows x1 to x23 and y, or {', '.join(COLUMNS)}. Use the file of UCI 350."
        )
    # Through text: OpenML serves codes as categories, and a category is no number to pandas.
    numbers = {name: pd.to_numeric(table[name].astype("string"), errors="coerce") for name in COLUMNS}
    text: str = pd.DataFrame(numbers).to_csv(index=False, lineterminator="\n")
    return text
