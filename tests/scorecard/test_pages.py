"""What a notebook shows of a card and of a fitted scorecard."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from sklearn import config_context

from plainscore.scorecard import Scorecard
from plainscore.scorecard._page import estimate_text, model_html, rows_per_weight

NASTY = "<script>alert('x')</script> & \"Bank\""
VOID = {"meta", "br", "img", "input", "hr"}


class Cells(HTMLParser):
    """Read the rows of a page's tables, and that every element is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if {"td", "th"} & set(self.open):
            self.rows[-1][-1] += data


def read(page: str) -> Cells:
    """Read a page."""
    found = Cells()
    found.feed(page)
    assert found.open == []
    return found


def test_a_card_is_printed_as_it_adds_up(model) -> None:
    """Every attribute stands with its points, in the card's order; base and id too."""
    card = model.card_
    page = card._repr_html_()
    rows = [row for row in read(page).rows if len(row) == 2][1:]
    wanted = [(each.label, f"{each.points:,}") for one in card.characteristics for each in one.attributes]
    assert [(row[0].split(" (no case")[0], row[1]) for row in rows] == wanted
    assert f"start with {card.base_points:,}" in page
    assert card.id in page
    assert f"from {card.scale.low} to {card.scale.high}" in page


def test_a_card_says_which_attributes_nobody_had(model) -> None:
    """An attribute without a case at development is marked, and no other."""
    card = model.card_
    empty = sum(each.empty for one in card.characteristics for each in one.attributes)
    assert card._repr_html_().count("(no case at development)") == empty > 0


def test_a_cards_repr_is_a_line(model) -> None:
    """A card names itself in a line, with the beginning of its id, and not by all its points."""
    told = repr(model.card_)
    names = "age_oldest, joint, kind, late, opened, use"
    assert told == (
        f"<Card 'scorecard': 6 characteristics ({names}), scores 300 to 850, id {model.card_.id[:12]}>"
    )


def test_names_are_text(model) -> None:
    """Markup in any text of a card is shown as text."""
    one = model.card_.characteristics[0]
    bad = replace(
        one,
        label=NASTY,
        family=NASTY,
        unit=NASTY,
        attributes=tuple(replace(each, label=NASTY) for each in one.attributes),
    )
    card = replace(
        model.card_, name=NASTY, purpose=NASTY, revalidate_by=NASTY, characteristics=(bad,),
        coverage={NASTY: 1}, population={"text": NASTY, NASTY: NASTY}, baselines={},
    )  # fmt: skip
    page = card._repr_html_()
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 8
    read(page)


def test_a_page_needs_nothing_else(model) -> None:
    """No script, no address, and no colour that only light or only dark paper bears."""
    for page in (model.card_._repr_html_(), model._repr_html_()):
        assert not re.search(r"<script|https?:|url\(|@import|on\w+=", page)
        assert not re.search(r"#[0-9a-f]{3,6}\b|(?<!-)color:(?!inherit)", page)


def test_two_way_tables_are_printed(make) -> None:
    """A card with two-way tables shows every cell."""
    from plainscore.scorecard import Grid

    frame, bad = make(3000, seed=1)
    card = Scorecard(["late", "joint"], method="woe", max_p=1.0, estimate=False).fit(frame, bad).card_
    first, second = card.characteristics
    cells = tuple(tuple(-7 * at + 3 * to for to in range(len(second.attributes)))
                  for at in range(len(first.attributes)))  # fmt: skip
    grid = Grid(f"{first.id} & {second.id}", "both", first.id, second.id, "", cells)
    rows = read(replace(card, grids=(grid,), baselines={})._repr_html_()).rows
    shown = [row[1:] for row in rows[-len(cells) :]]
    assert shown == [[f"{points:,}" for points in line] for line in cells]


def test_a_model_shows_what_was_counted(model) -> None:
    """Beside the points stand share, bad rate with its Jeffreys interval, and weight of evidence."""
    from plainscore.scorecard import jeffreys_interval

    rows = [row for row in read(model._repr_html_()).rows if len(row) == 6][1:]
    table = model.table()
    assert len(rows) == len(table)
    for row, (_, each) in zip(rows, table.iterrows(), strict=True):
        if not each["rows"]:
            assert row[2:] == ["0%", "", "", ""]
            continue
        low, high = jeffreys_interval(each["bads"], each["rows"])
        assert row[1] == f"{each['points']:,}"
        assert row[2:4] == [f"{100 * each['share']:.1f}%", f"{100 * each['bad_rate']:.1f}%"]
        assert row[4] == f"{100 * low:.1f}% to {100 * high:.1f}%"
        assert row[5] == f"{each['woe']:+.2f}".replace("-0.00", "+0.00")


def test_a_model_quotes_its_estimate_or_says_that_there_is_none(model) -> None:
    """The estimate is quoted with its standard error; without one the page says so."""
    none = model_html(model.card_, {**model.log_, "estimate": None})
    assert "not estimated" in none
    told = model_html(model.card_, {**model.log_, "estimate": {"auc": 0.7812, "standard_error": 0.0061}})
    assert "AUC 0.781 (standard error 0.006) on rows that no step of the fit saw" in told
    assert estimate_text({"method": "woe", "estimate": {"auc": 0.7}}).startswith("Method woe. AUC 0.700 on")


def test_sampling_weights_do_not_narrow_an_interval() -> None:
    """A weight that says how many people a row stands for leaves the interval that of the rows seen."""
    people = {"rows": 100, "goods": 800.0, "bads": 200.0}
    assert rows_per_weight({"population": people, "options": {"weights_are": "sampling"}}) == 0.1
    assert rows_per_weight({"population": people, "options": {"weights_are": "counts"}}) == 1.0
    assert rows_per_weight({"population": people}) == 1.0


def test_an_estimator_is_shown_as_scikit_learn_does_until_it_is_fitted(model) -> None:
    """Before fit: scikit-learn's own diagram. After: the points table. As text alone where that is set."""
    new = Scorecard()
    assert "plainscore" not in new._repr_html_()
    assert "sk-" in new._repr_mimebundle_()["text/html"]
    assert '<div class="plainscore">' in model._repr_html_()
    assert model._repr_mimebundle_()["text/html"] == model._repr_html_()
    assert model._repr_mimebundle_()["text/plain"] == repr(model)
    with config_context(display="text"):
        assert not hasattr(model, "_repr_html_")
        assert "text/html" not in model._repr_mimebundle_()


@pytest.mark.slow
def test_a_card_is_shown_with_the_standard_library(model, tmp_path) -> None:
    """Reading and showing a card loads neither NumPy nor pandas."""
    path = tmp_path / "card.json"
    path.write_bytes(model.card_.to_json())
    code = (
        "import sys\nfrom plainscore.scorecard import Card\n"
        f"card = Card.from_json(open({str(path)!r}, 'rb').read())\n"
        "assert card.id in card._repr_html_()\n"
        "assert not {'numpy', 'pandas', 'scipy', 'sklearn', 'numba'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
