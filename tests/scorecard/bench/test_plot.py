"""Drawings of bins: what they show is what was counted."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from plainscore.scorecard import InputError, Scorecard, plot_bins

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    """Give the texts of a drawing."""
    return [element.text or "" for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]


@pytest.fixture(scope="module")
def when():
    """Give the period of each row of the made-up table."""
    return np.array(["2024", "2025", "2026", "2027"])[np.arange(4000) // 1000]


def test_the_rows_of_the_fit_are_those_of_the_log(model, table) -> None:
    """Without rows the build log is drawn, which is what the rows of the fit give."""
    frame, bad = table
    one, two = plot_bins(model, "use"), plot_bins(model, "use", X=frame, y=bad)
    assert one.frame.equals(two.frame)
    assert one.heading == "card use (use): 4,000 rows of the fit"


@pytest.mark.parametrize("name", ["use", "late", "kind", "joint", "opened"])
def test_every_number_is_written(model, name) -> None:
    """Points, rows and states of every attribute that somebody is in; the others are named below."""
    plot = plot_bins(model, name)
    shown = texts(plot.svg)
    there = plot.frame[plot.frame["rows"] > 0]
    for _, row in there.iterrows():
        assert str(row["points"]) in shown
        assert f"{row['rows']:,.0f}" in shown
    absent = plot.frame[plot.frame["apart"] & ~(plot.frame["rows"] > 0)]
    below = " ".join(shown)
    for _, row in absent.iterrows():
        assert f"{row['attribute']} ({row['points']} points)" in below
    assert "Jeffreys intervals (Brown, Cai and DasGupta 2001)" in below


def test_the_description_tells_what_the_drawing_shows(model) -> None:
    """A screen reader hears every bin with its rows, its rate with interval, and its points."""
    plot = plot_bins(model, "late")
    told = ElementTree.fromstring(plot.svg).find(f"{SVG}desc").text
    for _, row in plot.frame[plot.frame["rows"] > 0].iterrows():
        assert f"{row['attribute']}: {row['rows']:,.0f} rows, " in told
        assert f"{row['points']} points" in told


def test_periods_are_panels(model, table, when) -> None:
    """A panel a period, in order, with the rows of each; all together come first in the frame."""
    frame, bad = table
    plot = plot_bins(model, "kind", X=frame, y=bad, periods=when)
    assert list(dict.fromkeys(plot.frame["period"])) == ["all", "2024", "2025", "2026", "2027"]
    shown = texts(plot.svg)
    assert [told for told in shown if told in set(when)] == ["2024", "2025", "2026", "2027"]
    assert shown.count("1,000 rows") == 4
    sums = plot.frame.groupby("period")[["rows", "bads"]].sum()
    assert sums.loc["all"].tolist() == sums.drop("all").sum().tolist()


def test_a_period_called_all_is_a_period(model, table) -> None:
    """A period whose name is `all` is drawn beside the others, and one period alone is a panel."""
    frame, bad = table
    named = np.where(np.arange(4000) < 2000, "all", "b")
    assert texts(plot_bins(model, "kind", X=frame, y=bad, periods=named).svg).count("2,000 rows") == 2
    one = plot_bins(model, "kind", X=frame, y=bad, periods=np.full(4000, "2024"))
    assert texts(one.svg).count("4,000 rows") == 1


def test_a_card_is_drawn_with_rows(model, table) -> None:
    """A card draws what its model draws, and without rows says what it needs."""
    frame, bad = table
    assert plot_bins(model.card_, "use", X=frame, y=bad).svg == plot_bins(model, "use", X=frame, y=bad).svg
    with pytest.raises(InputError, match="A card holds no counts"):
        plot_bins(model.card_, "use")


def test_a_candidate_that_left_is_drawn_without_points(make) -> None:
    """What is not on the card has bins, rates and rows, and no points."""
    frame, bad = make(2000, seed=1)
    model = Scorecard(["use", "joint"], method="woe", max_p=1e-12, estimate=False).fit(frame, bad)
    assert model.card_.parts == ("use",)
    plot = plot_bins(model, "joint")
    assert "points" not in texts(plot.svg)
    assert plot.frame["points"].isna().all()
    assert "points)" not in plot.svg


def test_a_level_called_missing_is_a_level() -> None:
    """A level with the name of a state is drawn beside the state, in quotation marks."""
    kind = np.array(["missing", "card", None, "rent"], object)[np.arange(2000) % 4]
    bad = np.arange(2000) % 7 < np.array([1, 2, 4, 3])[np.arange(2000) % 4]
    model = Scorecard(method="woe", special_codes=None, estimate=False).fit({"kind": kind}, bad)
    plot = plot_bins(model, "kind")
    told = plot.frame["attribute"].tolist()
    assert (told.count("missing"), told.count('"missing"')) == (1, 1)
    assert len(plot.to_matplotlib().axes[-1].get_xticks()) == 4
    assert texts(plot.svg).count("500") == 4


def test_people_are_named_where_intervals_are_by_person(model, table) -> None:
    """The note says that intervals are by person; they are wider then."""
    frame, bad = table
    who = np.arange(4000) // 8
    one, two = (plot_bins(model, "use", X=frame, y=bad, groups=each) for each in (None, who))
    assert ", by person." in two.svg
    assert ", by person." not in one.svg


def test_a_drawing_is_saved(model, tmp_path) -> None:
    """As SVG or as a page, the same bytes each time; anything else is refused with the way out."""
    plot = plot_bins(model, "use")
    path = plot.save(tmp_path / "use.svg")
    assert path.read_text("utf-8") == plot.svg + "\n"
    assert ElementTree.parse(path).getroot().tag == f"{SVG}svg"
    assert plot.svg in plot.save(tmp_path / "use.html").read_text("utf-8")
    assert plot.svg in plot._repr_html_()
    with pytest.raises(InputError, match=r"'use.png' ends in neither .svg nor .html"):
        plot.save(tmp_path / "use.png")


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")
def test_matplotlib_draws_the_same_numbers(model, table, when, tmp_path) -> None:
    """A figure of three plots, or one a period; its points are the card's."""
    frame, bad = table
    plot = plot_bins(model, "use")
    figure = plot.to_matplotlib()
    assert len(figure.axes) == 3
    shown = [text.get_text() for text in figure.axes[0].texts]
    drawn = plot.frame[(plot.frame["rows"] > 0) | ~plot.frame["apart"]]
    assert shown == [str(points) for points in drawn["points"]]
    panels = plot_bins(model, "kind", X=frame, y=bad, periods=when).to_matplotlib()
    assert [axis.get_title() for axis in panels.axes if axis.axison] == ["2024", "2025", "2026", "2027"]
    panels.savefig(tmp_path / "kind.png")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"characteristic": "uze"}, r"no characteristic 'uze' here. Did you mean 'use'"),
        ({"periods": ["a"]}, "belong to rows"),
        ({"y": [1]}, "belong to rows"),
        ({"level": 2}, "level is 2"),
    ],
)
def test_what_cannot_be_drawn_is_refused(model, options, words) -> None:
    """An unknown name, half of the rows' facts, or a bad level is refused in a sentence."""
    with pytest.raises(InputError, match=words):
        plot_bins(model, **{"characteristic": "use", **options})


def test_too_many_periods_are_refused(model, table) -> None:
    """More than 24 panels nobody reads."""
    frame, bad = table
    with pytest.raises(InputError, match="There are 25 periods, and 24"):
        plot_bins(model, "use", X=frame, y=bad, periods=np.arange(4000) % 25)
