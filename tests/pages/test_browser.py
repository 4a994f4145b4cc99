"""The pages in a real browser: an old phone, no network, no script, and on paper."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from plainscore.pages import model_page, person_page

ROOT = Path(__file__).resolve().parents[2]

pytestmark = [pytest.mark.browser]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Write the pages of the committed card, validation and example again."""
    card = json.loads((ROOT / "model" / "scorecard.json").read_bytes())
    validation = json.loads((ROOT / "reports" / "validation.json").read_bytes())
    record = json.loads((ROOT / "reports" / "applicant.json").read_bytes())
    folder = tmp_path_factory.mktemp("pages")
    pages = {
        "model": model_page(card, validation),
        "applicant": person_page(record, card),
        "solicitante": person_page(record, card, language="es"),
        "shenqingren": person_page(record, card, language="zh"),
    }
    for name, text in pages.items():
        (folder / f"{name}.html").write_text(text, "utf-8")
    return {name: folder / f"{name}.html" for name in pages}


def _open(browser: object, path: Path, *, width: int, script: bool = False) -> tuple[object, list[str]]:
    context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=script)  # type: ignore[attr-defined]
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: asked.append(f"error: {error}"))
    page.goto(path.as_uri())
    return page, asked


@pytest.mark.parametrize("name", ["model", "applicant", "solicitante", "shenqingren"])
def test_a_page_asks_nothing_of_the_network(browser: object, published: dict[str, Path], name: str) -> None:
    """A page loads itself and nothing else, and raises no error."""
    _, asked = _open(browser, published[name], width=1100, script=True)
    assert asked == [published[name].as_uri()]


@pytest.mark.parametrize("name", ["applicant", "solicitante", "shenqingren"])
def test_an_old_phone_needs_no_sideways_scrolling(
    browser: object, published: dict[str, Path], name: str
) -> None:
    """At 320 pixels (WCAG 2.2, 1.4.10 Reflow) nothing stands outside the screen."""
    page, _ = _open(browser, published[name], width=320, script=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320  # type: ignore[attr-defined]


@pytest.mark.parametrize("width", [400, 800, 1100])
def test_a_caption_stays_in_view(browser: object, published: dict[str, Path], width: int) -> None:
    """However wide a table is, its caption ends within the window, also when the table is moved."""
    page, _ = _open(browser, published["model"], width=width, script=True)
    ends = """[...document.querySelectorAll(".scroll")].flatMap((box) => {
      box.scrollLeft = box.scrollWidth;
      return [...box.querySelectorAll("caption")].map((one) => {
        const text = document.createRange();
        text.selectNodeContents(one);
        const found = text.getBoundingClientRect();
        return [found.left, found.right];
      });
    })"""
    for left, right in page.evaluate(ends):  # type: ignore[attr-defined]
        assert 0 <= left <= right <= width


def test_reasons_open_without_script(browser: object, published: dict[str, Path]) -> None:
    """The records behind a reason open by a tap with scripts switched off."""
    page, _ = _open(browser, published["applicant"], width=420)
    reason = page.locator("details").first  # type: ignore[attr-defined]
    record = reason.locator("dl").first
    assert not record.is_visible()
    reason.locator("summary").click()
    assert record.is_visible()


def test_every_record_is_on_paper(browser: object, published: dict[str, Path]) -> None:
    """Printed, the reasons are open: paper cannot be tapped."""
    page, _ = _open(browser, published["applicant"], width=700)
    page.emulate_media(media="print")  # type: ignore[attr-defined]
    for place in range(page.locator("details").count()):  # type: ignore[attr-defined]
        assert page.locator("details").nth(place).locator("dl, table").first.is_visible()  # type: ignore[attr-defined]


def test_the_points_on_screen_add_up(browser: object, published: dict[str, Path]) -> None:
    """What the page has as points sums, by hand, to the score it shows; a family opens into its factors."""
    page, _ = _open(browser, published["applicant"], width=900)
    cells = page.locator("section[aria-labelledby=points] tbody tr td:nth-of-type(1)").all_text_contents()  # type: ignore[attr-defined]
    numbers = [int(text.replace("\u2212", "-").replace("+", "")) for text in cells if text.strip()]
    record = json.loads((ROOT / "reports" / "applicant.json").read_bytes())
    assert sum(numbers) == record["score"]
    family = page.locator("details.family").first  # type: ignore[attr-defined]
    assert not family.locator("td").first.is_visible()
    family.locator("summary").click()
    assert family.locator("td").first.is_visible()
    assert f"{record['score']}" in page.locator("h1").inner_text()  # type: ignore[attr-defined]
