"""One file of columns, outcome and folds that every contestant reads the same way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Table:
    """Columns with their outcome.

    Attributes
    ----------
    numbers : dict of str to float array
        Numeric columns, NaN where missing.
    texts : dict of str to (int8 array, list of str)
        Columns of text, as the place of each row's level in the list.
    bad : int8 array
        1 for bad, 0 for good.
    codes : dict of str to list of float
        Values of a numeric column that are states, not amounts.
    fold : int8 array
        Number of the fold each row is held out in; empty where there is no cross-validation.
    """

    numbers: dict[str, np.ndarray[Any, Any]]
    texts: dict[str, tuple[np.ndarray[Any, Any], list[str]]]
    bad: np.ndarray[Any, Any]
    codes: dict[str, list[float]]
    fold: np.ndarray[Any, Any]

    @property
    def columns(self) -> list[str]:
        """Names of all columns, numbers first."""
        return [*self.numbers, *self.texts]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.bad)

    def take(self, rows: Any) -> Table:
        """Return some rows: a slice, a mask or places."""
        return replace(
            self,
            numbers={name: values[rows] for name, values in self.numbers.items()},
            texts={name: (places[rows], levels) for name, (places, levels) in self.texts.items()},
            bad=self.bad[rows],
            fold=self.fold[rows] if len(self.fold) else self.fold,
        )

    def as_numbers(self) -> Table:
        """Return the table with the place of each level in its list instead of the text."""
        places = {name: found.astype(np.float64) for name, (found, _) in self.texts.items()}
        return replace(self, numbers={**self.numbers, **places}, texts={})

    def frame(self, text: str = "object") -> pd.DataFrame:
        """Return a DataFrame whose columns of text are of dtype ``object``, ``str`` or ``category``."""
        columns: dict[str, Any] = dict(self.numbers)
        for name, (places, levels) in self.texts.items():
            if text == "category":
                columns[name] = pd.Categorical.from_codes(places, levels)
            else:
                values = pd.Series(np.array(levels, object).take(places), dtype=object)
                columns[name] = values if text == "object" else values.astype(text)
        return pd.DataFrame(columns, copy=False)


def write_table(file: Path, table: Table) -> None:
    """Write a table so that numpy alone can read it."""
    arrays: dict[str, Any] = {"bad": table.bad, "fold": table.fold}
    for name, values in table.numbers.items():
        arrays[f"number {name}"] = values
        arrays[f"code {name}"] = np.array(table.codes.get(name, []), np.float64)
    for name, (places, levels) in table.texts.items():
        arrays[f"text {name}"] = places
        arrays[f"level {name}"] = np.array(levels, str)
    with file.open("wb") as out:
        np.savez(out, **arrays)


def read_table(file: Path) -> Table:
    """Read a table that `write_table` wrote."""
    with np.load(file, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}

    def of(kind: str) -> dict[str, Any]:
        return {name.partition(" ")[2]: arrays[name] for name in arrays if name.startswith(f"{kind} ")}

    levels = of("level")
    return Table(
        of("number"),
        {name: (places, levels[name].tolist()) for name, places in of("text").items()},
        arrays["bad"],
        {name: values.tolist() for name, values in of("code").items() if len(values)},
        arrays["fold"],
    )
