"""The report's section on information value beside optbinning, and its goals."""

from __future__ import annotations

from typing import Final

from benchmarks._environments import Environment
from benchmarks._public import HELOC, TAIWAN, public_folder, public_tables
from benchmarks._report import Goal, Section, table
from benchmarks._synthetic import made_up
from benchmarks._timing import Tell, about
from benchmarks._value_bench import CELLS, FINELY, JUDGED, LEAST_OF_EACH, SETTINGS, Compared, compare
from benchmarks.peers._peer import MAX_BINS

MADE_UP: Final = 100_000
_GOAL: Final = 1.01
_TIE: Final = 1e-9

_ABOUT: Final = f"""\
Every numeric column; at most {MAX_BINS} bins, {LEAST_OF_EACH} rows of either outcome in each, missing
and special codes in bins of their own, and the least share of rows that is named. All values are
counted from the same rows with the same formula, without smoothing, and summed over columns. "Our
trend": optbinning is held, column by column, to the trend that Plainscore chose. The goal is held
against "{JUDGED.says}" and our trend: optbinning as it comes, under the limits that its own pre-bins
set. Where its pre-bins are coarser than the bins allowed, the ratio says so, not which is better."""


def measure(tell: Tell) -> Section:
    """Compare on the made-up rows and, where they are there, on the public sets."""
    title = "Information value beside optbinning"
    peer = Environment("optbinning")
    if not peer.is_there:
        return Section(title, f"Not measured: optbinning: {peer.trouble}.")
    folder = public_folder()
    tables = {f"made-up, {MADE_UP:,} rows": made_up(MADE_UP)} | (
        public_tables(folder, (HELOC, TAIWAN)) if folder else {}
    )
    found = {name: compare(each, about(name, tell)) for name, each in tables.items()}
    return Section(
        title, "\n\n".join([_ABOUT, _totals(found), _ceilings(found), _on_cells(found)]), tuple(_goals(found))
    )


def _totals(found: dict[str, Compared]) -> str:
    rows = []
    for name, each in found.items():
        for setting in SETTINGS:
            auto, same = each.auto[setting], each.same_trend[setting]
            row = [f"{name}, {setting.says}", str(len(auto.ours)), f"{sum(auto.ours):.4f}"]
            for values in (auto, same):
                row += (
                    [values.why, ""] if values.why else [f"{sum(values.theirs):.4f}", f"{values.ratio:.4f}"]
                )
            rows.append(row)
    head = ["", "columns", "Plainscore", "optbinning, auto", "ratio", "optbinning, our trend", "ratio"]
    return table(head, rows)


def _ceilings(found: dict[str, Compared]) -> str:
    """Say how much any choice of bins could still gain under the judged limits."""
    rows = []
    for name, each in found.items():
        ours, top = sum(each.auto[JUDGED].ours), sum(each.ceiling)
        theirs = each.same_trend[JUDGED]
        beside = theirs.why or f"{top / sum(theirs.theirs):.4f}"
        rows.append([name, f"{ours:.4f}", f"{top:.4f}", f"{ours / top:.4f}", beside])
    says = (
        f"How much is there to gain? The best bins over {FINELY:,} pre-bins of all values, in our trends, "
        f'under the limits of "{JUDGED.says}", searched exactly; each cut then moved to its best value. The '
        "last column is the ratio to optbinning that no choice of bins can much exceed: where it is under "
        f"{_GOAL}, so is what any package can reach."
    )
    head = ["", "Plainscore", "ceiling", "share reached", "ceiling beside optbinning"]
    return f"{says}\n\n" + table(head, rows)


def _on_cells(found: dict[str, Compared]) -> str:
    rows = []
    for name, each in found.items():
        values = each.on_cells
        if values.why:
            rows.append([name, values.why, "", "", ""])
            continue
        pairs = list(zip(values.ours, values.theirs, strict=True))
        above, below = _above(pairs), _below(pairs)
        most = max(ours / theirs for ours, theirs in pairs)
        rows.append([name, str(above), str(len(pairs) - above - below), str(below), f"{most:.4f}"])
    says = (
        f"On the same cells, at most {CELLS} a column, under the same trend, columns in which Plainscore's "
        "value is:"
    )
    return f"{says}\n\n" + table(["", "above", "equal", "below", "most, as a ratio"], rows)


def _above(pairs: list[tuple[float, float]]) -> int:
    return sum(ours > theirs + _TIE for ours, theirs in pairs)


def _below(pairs: list[tuple[float, float]]) -> int:
    return sum(ours < theirs - _TIE for ours, theirs in pairs)


def _goals(found: dict[str, Compared]) -> list[Goal]:
    goals = []
    for name, each in found.items():
        same, cells = each.same_trend[JUDGED], each.on_cells
        if not same.why:
            goals.append(
                Goal(
                    f"information value beside optbinning ({name})",
                    f"{_GOAL} times",
                    f"{same.ratio:.4f} times",
                    same.ratio >= _GOAL,
                )
            )
        if not cells.why:
            lower = _below(list(zip(cells.ours, cells.theirs, strict=True)))
            says = f"columns below optbinning on the same cells ({name})"
            goals.append(Goal(says, "0", str(lower), lower == 0))
    return goals
