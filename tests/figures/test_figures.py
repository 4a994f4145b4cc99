"""What every plot must hold, whatever it draws."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainscore import figures as fg
from plainscore.figures._svg import text_width, wrap
from plainscore.language import signed_of

SVG = "{http://www.w3.org/2000/svg}"
NASTY = "<script>alert('x')</script> & \"Bank\""


def lines(name: str = "a") -> str:
    """Draw two lines, one with a band and a gap."""
    return fg.line_chart(
        [
            fg.Series(
                name, [1, 2, 3, 4], [0.1, math.nan, 0.2, 0.3], low=[0, 0, 0.1, 0.2], high=[0.2, 0.2, 0.3, 0.4]
            ),
            fg.Series("b", [1, 2, 3, 4], [0.3, 0.3, 0.3, 0.3]),
        ],
        title=name,
        desc="Two lines.",
        x_label=name,
        y_label=name,
    )


def bars(name: str = "a") -> str:
    """Draw grouped bars with intervals."""
    first = fg.Bars(name, [1, 2, 3], low=[0.5, 1, 2], high=[2, 3, 4])
    return fg.bar_chart(
        [name, "y", "z"], [first, fg.Bars("b", [3, 2, 1])], title=name, desc="Bars.", x_label=name
    )


def rows(name: str = "a") -> str:
    """Draw level bars."""
    return fg.row_chart([name, "second"], [10, 0], title=name, desc="Rows.")


def pair(name: str = "a") -> str:
    """Draw two histograms."""
    return fg.histogram_pair(
        [300, 400, 500], fg.Bars(name, [1, 2]), fg.Bars("b", [2, 1]), title=name, desc="Pair."
    )


def points(name: str = "a") -> str:
    """Draw a waterfall."""
    steps = [fg.Step(name, 30, name), fg.Step("none", 0, name), fg.Step("less", -12, "other")]
    return fg.waterfall(
        steps, start=500, start_label=name, end_label="Score", title=name, desc="Adds up to 518."
    )


def place(name: str = "a") -> str:
    """Draw a score on its range."""
    return fg.score_range(
        640,
        low=300,
        high=850,
        title=name,
        desc="640.",
        label=name,
        bands=[(300, 600, name)],
        previous=(610, name),
    )


def rates(name: str = "a") -> str:
    """Draw a calibration plot."""
    groups = [(name, [fg.RatePoint(0.01, 0.0, 0.0, 0.02), fg.RatePoint(0.2, 0.25, 0.2, 0.3)])]
    return fg.calibration_plot(groups, title=name, desc="Two bands.", x_label=name)


def roc(name: str = "a") -> str:
    """Draw a ROC curve."""
    return fg.roc_curve([fg.Series(name, [0, 0.2, 1], [0, 0.8, 1])], title=name, desc="Above chance.")


def heat(name: str = "a") -> str:
    """Draw a shaded table."""
    return fg.heat_table([name, "r"], [name, "c"], [[0.9, 0.1], [math.nan, 0.5]], title=name, desc="Rates.")


def bins_of(name: str = "a") -> list[fg.Bin]:
    """Give bins with and without rows, and a state apart."""
    return [
        fg.Bin(name, 900, 0.1, 0.08, 0.12, 40),
        fg.Bin("1 or more", 0, math.nan, math.nan, math.nan, -12),
        fg.Bin("missing", 30.5, 0.5, 0.3, 0.7, 9, apart=True),
    ]


def binned(name: str = "a") -> str:
    """Draw the bins of a characteristic."""
    return fg.bin_chart(bins_of(name), heading=name, title=name, desc="Bins.", overall=0.12, note=name)


def panels(name: str = "a") -> str:
    """Draw the bins of four periods."""
    periods = [(f"{name} {at}", bins_of(name)) for at in range(4)]
    return fg.bin_panels(periods, bins_of(name), heading=name, title=name, desc="Bins.", note=name)


DRAWINGS = [lines, bars, rows, pair, points, place, rates, roc, heat, binned, panels]


@pytest.mark.parametrize("draw", DRAWINGS)
def test_well_formed_and_named(draw: Callable[[str], str]) -> None:
    """A plot is well-formed XML whose title and description are found by the ids that it names."""
    root = ElementTree.fromstring(draw("Name"))
    ids = root.attrib["aria-labelledby"].split()
    found = {child.attrib["id"]: child.text for child in root if child.tag in {f"{SVG}title", f"{SVG}desc"}}
    assert root.attrib["role"] == "img"
    assert next(found[i] for i in ids) == "Name"
    assert all(found[i] for i in ids)


@pytest.mark.parametrize("draw", DRAWINGS)
def test_hostile_names_are_text(draw: Callable[[str], str]) -> None:
    """Markup in a name is drawn as text, never as an element or attribute."""
    svg = draw(NASTY)
    assert "<script" not in svg
    tags = {element.tag for element in ElementTree.fromstring(svg).iter()}
    assert f"{SVG}script" not in tags


@pytest.mark.parametrize("draw", DRAWINGS)
def test_same_input_same_bytes(draw: Callable[[str], str]) -> None:
    """Two drawings of one thing are the same bytes, and drawings of two things have ids of their own."""
    assert draw("one") == draw("one")
    first, second = (ElementTree.fromstring(draw(n)).attrib["aria-labelledby"] for n in ("one", "two"))
    assert first != second


@pytest.mark.parametrize("draw", DRAWINGS)
def test_text_stays_on_the_paper(draw: Callable[[str], str]) -> None:
    """No text starts outside the viewBox, and none is drawn smaller than 12 units of about 420."""
    root = ElementTree.fromstring(draw("Name"))
    width, height = (float(v) for v in root.attrib["viewBox"].split()[2:])
    for element in root.iter(f"{SVG}text"):
        assert -0.01 <= float(element.attrib["x"]) <= width
        assert 0 <= float(element.attrib["y"]) <= height
        assert float(element.attrib["font-size"]) >= 12


@pytest.mark.parametrize("draw", [lines, bars])
def test_series_differ_without_colour(draw: Callable[[str], str]) -> None:
    """With the hues taken away, two series still differ by dash or by lightness."""
    root = ElementTree.fromstring(draw("Name"))
    dashes = {e.attrib.get("stroke-dasharray", "") for e in root.iter(f"{SVG}polyline")}
    fills = {e.attrib["fill"] for e in root.iter(f"{SVG}rect") if e.attrib.get("stroke") == "#1a1a1a"}
    greys = sorted(int(f[1:3], 16) * 0.3 + int(f[3:5], 16) * 0.59 + int(f[5:7], 16) * 0.11 for f in fills)
    assert len(dashes) > 1 or greys[-1] - greys[0] > 80


@given(st.lists(st.integers(-80, 80), min_size=1, max_size=12), st.integers(200, 700))
def test_waterfall_ends_at_the_sum(parts: list[int], start: int) -> None:
    """The last bar of a waterfall is written with base plus parts."""
    steps = [fg.Step(f"part {i}", p) for i, p in enumerate(parts)]
    svg = fg.waterfall(steps, start=start, start_label="Start", end_label="Score", title="T", desc="D.")
    texts = [e.text for e in ElementTree.fromstring(svg).iter(f"{SVG}text")]
    assert texts[-1] == str(start + sum(parts))
    assert signed_of(parts[0], "en") in texts


@given(
    st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=1, max_size=30),
)
def test_any_finite_line_can_be_drawn(values: list[tuple[float, float]]) -> None:
    """Any finite points give a well-formed drawing: one point, all equal, or very far apart."""
    x, y = zip(*values, strict=True)
    svg = fg.line_chart([fg.Series("s", x, y)], title="T", desc="D.")
    assert ElementTree.fromstring(svg).tag == f"{SVG}svg"


@pytest.mark.parametrize(
    "draw",
    [
        lambda: fg.line_chart([fg.Series("s", [math.nan], [1.0])], title="T", desc="D."),
        lambda: fg.line_chart([fg.Series("s", [1.0], [1.0])], title="T", desc=" "),
        lambda: fg.Series("s", [1.0, 2.0], [1.0]),
        lambda: fg.bar_chart(["a"], [fg.Bars("s", [1, 2])], title="T", desc="D."),
        lambda: fg.bar_chart([], [], title="T", desc="D."),
        lambda: fg.score_range(200, low=300, high=850, title="T", desc="D."),
        lambda: fg.calibration_plot([], title="T", desc="D."),
        lambda: fg.heat_table(["a"], ["b"], [[1.0, 2.0]], title="T", desc="D."),
        lambda: fg.heat_table(["a"], ["b"], [[math.nan]], title="T", desc="D."),
        lambda: fg.bin_chart([], heading="H", title="T", desc="D.", overall=0.1),
        lambda: fg.bin_panels([], bins_of(), heading="H", title="T", desc="D."),
        lambda: fg.bin_panels([("one", bins_of("b"))], bins_of(), heading="H", title="T", desc="D."),
    ],
)
def test_what_cannot_be_drawn_is_refused(draw: Callable[[], object]) -> None:
    """What cannot be drawn is refused with a sentence that names the mend, not drawn broken."""
    with pytest.raises(fg.FigureError, match=r".+: .+"):
        draw()


def test_bins_show_their_numbers() -> None:
    """Every bin's points, rate and rows are written, a state apart has another marker, and no NaN."""
    svg = binned()
    texts = {e.text for e in ElementTree.fromstring(svg).iter(f"{SVG}text")}
    assert {"40", "-12", "9", "900", "0", "30.5", "10%", "50%"} <= texts
    assert (svg.count("<circle"), svg.count("<polygon")) == (1, 1)
    assert "nan" not in svg.lower()


def test_texts_of_bins_end_on_the_paper() -> None:
    """Headings, notes and names of many words are broken into lines that fit, none of them lost."""
    long = "how long the oldest account that is still open has been open, in whole months, as reported by all"
    for svg in (
        fg.bin_chart(bins_of(), heading=long, title="T", desc="D.", overall=0.1, note=long),
        fg.bin_panels([("one", bins_of())], bins_of(), heading=long, title="T", desc="D.", note=long),
    ):
        root = ElementTree.fromstring(svg)
        width = float(root.attrib["viewBox"].split()[2])
        texts = list(root.iter(f"{SVG}text"))
        for element in texts:
            x, wide = float(element.attrib["x"]), text_width(element.text, float(element.attrib["font-size"]))
            anchor = element.attrib.get("text-anchor", "start")
            assert x + {"start": wide, "middle": wide / 2, "end": 0}[anchor] <= width + 1
        shown = " ".join(element.text for element in texts)
        assert all(shown.count(word) >= 2 for word in long.split())


def test_an_interval_that_leaves_the_drawing_has_no_cap_inside() -> None:
    """One far wider than the rest is cut, and no cap says that it ends where the drawing does."""
    wide = [fg.Bin("a", 900, 0.01, 0.008, 0.012), fg.Bin("b", 1, 0.0, 0.0, 0.9)]
    svg = fg.bin_panels([("one", wide)], wide, heading="H", title="T", desc="D.")
    inside = fg.bin_panels([("one", wide[:1])], wide[:1], heading="H", title="T", desc="D.")
    assert svg.count('stroke-width="1.2"') == inside.count('stroke-width="1.2"') + 1


def test_a_sign_of_a_unit_stands_by_its_number() -> None:
    """A unit of one letter goes to a line with its number, and that line is no wider than its bin."""
    wide = [fg.Bin(f"{at}71 to under {at + 1}01 %", 900, 0.1, 0.08, 0.12) for at in range(1, 6)]
    svg = fg.bin_chart(wide, heading="H", title="T", desc="D.", overall=0.1)
    shown = [element.text for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]
    for at in range(1, 6):
        assert f"{at + 1}01 %" in shown


def test_bins_without_points_have_no_steps() -> None:
    """A candidate that left has no points, and nothing is drawn for them."""
    bare = [fg.Bin(one.label, one.rows, one.rate, one.low, one.high) for one in bins_of()]
    svg = fg.bin_chart(bare, heading="H", title="T", desc="D.", overall=0.1)
    assert ">points<" not in svg
    assert ">points<" in binned()


@given(
    st.lists(
        st.tuples(st.integers(0, 10**6), st.floats(0, 1), st.integers(-400, 400)), min_size=1, max_size=9
    )
)
def test_any_bins_can_be_drawn(values: list[tuple[int, float, int]]) -> None:
    """Any counts, rates and points give a drawing whose columns stay on the paper."""
    bins = [fg.Bin(str(at), n, r, r * 0.5, r, p) for at, (n, r, p) in enumerate(values)]
    for svg in (
        fg.bin_chart(bins, heading="H", title="T", desc="D.", overall=values[0][1]),
        fg.bin_panels([("one", bins), ("two", bins)], bins, heading="H", title="T", desc="D."),
    ):
        root = ElementTree.fromstring(svg)
        width, height = (float(v) for v in root.attrib["viewBox"].split()[2:])
        for element in root.iter(f"{SVG}circle"):
            assert 0 <= float(element.attrib["cx"]) <= width
            assert 0 <= float(element.attrib["cy"]) <= height


def test_imports_only_the_standard_library() -> None:
    """Drawing loads neither numpy nor pandas nor any other room."""
    code = (
        "import sys, plainscore.figures as f\n"
        "f.row_chart(['a'], [1.0], title='T', desc='D.')\n"
        "rooms = {m.split('.')[1] for m in sys.modules if m.startswith('plainscore.')}\n"
        "assert rooms == {'figures'}, rooms\n"
        "assert not {'numpy', 'pandas', 'jinja2'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_chinese_text_is_wrapped_by_its_width_and_loses_nothing() -> None:
    """Chinese breaks between characters, each as wide as its height, and never before a closing mark."""
    label = "最近24个月内有过逾期的账户数（不含房贷），按月计"
    lines = wrap(label, 110, size=12, lines=9)
    assert "".join(lines) == label
    assert all(text_width(line, 12) <= 110 for line in lines)
    assert not any(line.startswith(("，", "）", "。")) or line.endswith("（") for line in lines)
    assert text_width("房贷", 12) == pytest.approx(24)
    assert wrap(label, 110, size=12, lines=2)[-1].endswith("…")
