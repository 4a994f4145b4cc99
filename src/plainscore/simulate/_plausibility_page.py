"""The page that shows whether a simulated ledger is plausible: one file, no network, plots as SVG."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

import pyarrow as pa

from plainscore.figures import Bars, Series, bar_chart, heat_table, line_chart, percent, row_chart
from plainscore.ledger import TABLES, ParquetLedger
from plainscore.simulate._plausibility import DELAYS, USE_BINS, Plausibility, plausibility
from plainscore.simulate._simulate import Progress, simulate_tables

REPORT_PEOPLE: Final = 20_000
REPORT_MONTHS: Final = 60
REPORT_SEED: Final = 1
REPORT_END: Final = date(2025, 12, 31)

_CLASSES: Final = ("current", "1-29", "30-59", "60-89", "90-119", "120+")
_WIDE: Final = 900


def write_report(path: str | os.PathLike[str], *, progress: Progress | None = None) -> Path:
    """Simulate a ledger with this room's fixed settings and write the page about it.

    Parameters
    ----------
    path : path
        The HTML file; its folder is made when absent.
    progress : callable, optional
        As for `simulate_ledger`.

    Returns
    -------
    pathlib.Path
        The file.
    """
    tables = simulate_tables(REPORT_PEOPLE, REPORT_MONTHS, REPORT_SEED, end=REPORT_END, progress=progress)
    about = (
        f"This ledger was simulated with {REPORT_PEOPLE:,} people over {REPORT_MONTHS} months "
        f"to {REPORT_END:%B %Y}, seed {REPORT_SEED}."
    )
    return _write(Path(path), tables, about)


def write_plausibility(folder: str | os.PathLike[str], path: str | os.PathLike[str], *, about: str) -> Path:
    """Write the page about a ledger that lies in a folder as Parquet.

    Parameters
    ----------
    folder : path
        The ledger, as `write_simulation` leaves it.
    path : path
        The HTML file; its folder is made when absent.
    about : str
        A sentence that says which ledger it is.

    Returns
    -------
    pathlib.Path
        The file.
    """
    ledger = ParquetLedger(Path(folder))
    return _write(Path(path), {name: ledger.table(name) for name in TABLES}, about)


def _write(target: Path, tables: Mapping[str, pa.Table], about: str) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(plausibility_page(plausibility(tables), about=about), encoding="utf-8")
    return target


def plausibility_page(figures: Plausibility, *, about: str) -> str:
    """Return the page about a ledger as HTML.

    Parameters
    ----------
    figures : Plausibility
        What was measured.
    about : str
        A sentence that says which ledger it is.

    Returns
    -------
    str
        One document without scripts, outside fonts or addresses to fetch.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup, escape

    environment = Environment(
        loader=PackageLoader("plainscore.simulate"), autoescape=True, undefined=StrictUndefined
    )
    plots = _plots(figures)

    def figure(name: str, heading: str, caption: str) -> Markup:
        # The plots are our own SVG, in which the figures room escaped every text.
        return Markup("<figure>{}<figcaption><strong>{}</strong>{}</figcaption></figure>").format(
            Markup(plots[name]), escape(heading), escape(caption)
        )

    page = environment.get_template("simulator.html.j2")
    return page.render(
        figures=figures, about=about, figure=figure, percent=percent, cycle_text=_cycle_text(figures)
    )


def _plots(figures: Plausibility) -> dict[str, str]:
    return {
        "rolls": _rolls(figures),
        "vintages": _vintages(figures),
        "cycle": _cycle(figures),
        "by_lateness": _risk("Risk by worst lateness", figures.risk_by_lateness),
        "by_use": _risk("Risk by card use", figures.risk_by_use),
        "use": bar_chart(
            [f"{10 * i}-{10 * i + 9}" for i in range(USE_BINS - 1)] + ["100+"],
            [Bars("share of card months", figures.use)],
            title="Card use",
            desc="Share of card months by percent of the limit used.",
            x_label="balance, percent of the limit",
            y_label="share of card months",
            y_format=percent,
        ),
        "delays": row_chart(
            [f"{name} days" for name in DELAYS],
            figures.delays,
            title="Reporting delay",
            desc="Share of account months by days from the month's end to its first report.",
            value_format=percent,
        ),
    }


def _rolls(figures: Plausibility) -> str:
    stay = figures.rolls[0][0]
    return heat_table(
        _CLASSES,
        _CLASSES,
        [[value if value >= 0.0005 else float("nan") for value in row] for row in figures.rolls],
        title="Roll rates",
        desc=f"Share of account months by days late now and a month later; {percent(stay)} in order stay so.",
        row_label="days late now",
        column_label="days late a month later",
        width=520,
    )


def _vintages(figures: Plausibility) -> str:
    return line_chart(
        [Series(str(one.year), list(range(len(one.share))), one.share) for one in figures.vintages],
        title="Vintage curves",
        desc="Share of credit accounts ever 60 or more days late by months on book, one line a year.",
        x_label="months on book",
        y_label="ever 60+ days late",
        y_format=percent,
        width=520,
        height=330,
    )


def _cycle(figures: Plausibility) -> str:
    x = list(range(len(figures.months)))
    ticks = [(float(i), month[:4]) for i, month in enumerate(figures.months) if month.endswith("-01")]
    return line_chart(
        [Series("30-59 days", x, figures.mild), Series("60-119 days", x, figures.serious)],
        title="Late share by calendar month",
        desc="Share of known account months 30 to 59 and 60 to 119 days late. " + _cycle_text(figures),
        y_label="share of account months",
        x_label="January of each year",
        x_ticks=ticks or None,
        y_format=percent,
        width=_WIDE,
        height=300,
    )


def _cycle_text(figures: Plausibility) -> str:
    """Say which year was the worst and which the best, by the mean share 30-59 days late."""
    years: dict[str, list[float]] = {}
    for month, share in zip(figures.months, figures.mild, strict=True):
        years.setdefault(month[:4], []).append(share)
    means = {year: sum(shares) / len(shares) for year, shares in years.items() if len(shares) == 12}
    if len(means) < 2:
        return "the ledger is too short to show it."
    worst, best = max(means, key=means.__getitem__), min(means, key=means.__getitem__)
    return (
        f"most account months were 30-59 days late in {worst} ({percent(means[worst])}), "
        f"fewest in {best} ({percent(means[best])})."
    )


def _risk(title: str, rows: tuple[tuple[str, int, float], ...]) -> str:
    return row_chart(
        [name for name, _, _ in rows],
        [share for _, _, share in rows],
        title=title,
        desc="; ".join(f"{name}: {percent(share)} of {count:,} people" for name, count, share in rows) + ".",
        captions=[f"{percent(share)} of {count:,}" for _, count, share in rows],
    )
