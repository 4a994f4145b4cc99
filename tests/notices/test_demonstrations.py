"""A letter of a made-up lender or a demonstration says so on every page, and is never one to send."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from plainscore.language import LANGUAGES
from plainscore.ledger import RESEARCH_BASIS
from plainscore.notices import Facts, parse_facts, says_no, word
from plainscore.notices._demonstration import INVENTED, why_demonstration
from plainscore.pages import PageError, letter_page, letter_pdf

from ._decision import FACTS, decision, facts
from ._letters import LETTERS, letter, text_of

SAMPLE = (resources.files("plainscore.workspace") / "sample_lender.toml").read_text("utf-8")
MARKED = parse_facts(FACTS.replace("[facts]", "demonstration = true\n[facts]"))
STARTED = date(2026, 11, 1)
NAMES = sorted(parse_facts(SAMPLE).texts)


def _for(purpose: str = "credit_scoring", basis: str = "consent") -> Any:
    made = decision() | {"case": decision()["case"] | {"purpose": purpose}}
    return made | {"consents": [one | {"basis": basis} for one in made["consents"]]}


WAYS: dict[str, dict[str, Any]] = {
    "facts": {"said": MARKED},
    "left over": {"said": facts().with_texts({"creditor_name": "Sample Lender"})},
    "purpose": {"about": _for(purpose="demonstration")},
    "release": {"about": _for(basis=RESEARCH_BASIS)},
    "workspace": {"demonstration": ("The ledger is the simulated one.",)},
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("pack_id", "notice_id", "language"), LETTERS)
def test_a_demonstration_says_so_and_is_never_due(
    pack_id: str, notice_id: str, language: str, way: str
) -> None:
    """Each way to be one, each letter: the record, the text and the page's margin say it; nothing is sent."""
    made = letter(pack_id, notice_id, language, started=STARTED, **WAYS[way])
    assert made["demonstration"] is True
    assert made["demonstration_because"]
    assert made["sent"] is None
    assert made["send_by"] is None
    page = letter_page(made)
    says = word("text.demonstration", language)
    assert says in text_of(page)
    assert _margin(page) == says
    if says_no(notice_id):
        assert made["refused"] is not None, "a demonstration of a refusal needs one, too"


def _margin(page: str) -> str:
    """Return what the style prints in the margin of every page, its escapes read."""
    (content,) = re.findall(r'@page \{ @top-center \{ content: "([^"]*)"', page)
    return re.sub(r"\\([0-9a-f]+) ", lambda found: chr(int(found[1], 16)), content)


@pytest.mark.parametrize(("pack_id", "notice_id", "language"), LETTERS)
def test_a_notice_does_not_call_itself_a_demonstration(pack_id: str, notice_id: str, language: str) -> None:
    """A lender that gives its own facts gets a letter without the mark."""
    made = letter(pack_id, notice_id, language, started=STARTED)
    assert made["demonstration"] is False
    assert made["demonstration_because"] == []
    page = letter_page(made)
    assert word("text.demonstration", language) not in page
    assert "@top-center" not in page


@given(
    name=st.sampled_from(NAMES),
    mark=st.sampled_from(INVENTED),
    before=st.sampled_from(["", "Acme, ", "请写信至 ", "12 "]),
    after=st.sampled_from(["", ", second floor", " 异议受理处", "1"]),
    language=st.sampled_from(["", *LANGUAGES]),
    change=st.sampled_from([str, str.upper, str.lower]),
)
@examples(500)
def test_one_fact_of_the_sample_is_enough(
    name: str, mark: str, before: str, after: str, language: str, change: Any
) -> None:
    """Whatever fact still names the sample's lender, in any language and spelling, makes a demonstration."""
    text = before + change(mark) + after
    held = Facts({"creditor_name": "Lender One"} | {name: {language: text} if language else text})
    (why,) = why_demonstration(decision(), held)
    assert name in why
    assert why_demonstration(decision(), facts()) == ()


def test_the_sample_s_lender_is_known_by_each_of_its_names() -> None:
    """Every invented name stands in the packaged facts, and every address or name there has one of them."""
    texts = parse_facts(SAMPLE).texts
    for mark in INVENTED:
        assert mark in SAMPLE
    said = {name: str(text) for name, text in texts.items()}
    for name, text in said.items():
        if name.endswith(("_name", "_address", "_phone", "_provider")) or "appeal" in text.casefold():
            assert any(mark in text for mark in INVENTED), name
    assert tomllib.loads(SAMPLE)["demonstration"] is True
    without = parse_facts(SAMPLE.replace("demonstration = true", "demonstration = false"))
    assert why_demonstration(decision(), without), "the mark alone is not what is trusted"


@pytest.mark.parametrize(
    ("pack_id", "notice_id", "language"),
    [
        ("us", "notice.adverse_action", "en"),
        ("eu", "notice.rejection", "es"),
        ("cn", "notice.refusal", "zh"),
    ],
)
def test_every_page_of_the_pdf_says_it(pack_id: str, notice_id: str, language: str, tmp_path: Path) -> None:
    """A letter that runs over pages has the words on each of them, in its own language."""
    pytest.importorskip("weasyprint", reason="WeasyPrint is not installed")
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed: it reads the pages of the PDF")
    made = letter(pack_id, notice_id, language, said=MARKED)
    made["fields"]["principal_reasons"] *= 30
    try:
        (tmp_path / "letter.pdf").write_bytes(letter_pdf(made))
    except PageError as error:
        if "needs WeasyPrint" not in str(error):
            raise
        pytest.skip(str(error))
    done = subprocess.run(
        ["pdftotext", str(tmp_path / "letter.pdf"), "-"], capture_output=True, check=True, timeout=60
    )
    pages = done.stdout.decode("utf-8").split("\f")[:-1]
    assert len(pages) > 2
    for page in pages:
        assert word("text.demonstration", language) in page
