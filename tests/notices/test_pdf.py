"""A letter as a PDF is tagged, whole on every page, and the same bytes at any time."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import time
import zlib
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from examples import sooner

from plainscore.pages import letter_page, letter_pdf

from ._decision import facts
from .test_letters import LETTERS, letter

Json = dict[str, Any]
IN_EACH_LANGUAGE = [
    ("us", "notice.adverse_action", "en"),
    ("eu", "notice.rejection", "es"),
    ("cn", "notice.refusal", "zh"),
]
BACK_ENDS = ["HarfBuzz-Subset", "fontTools"]
TAGS = {
    "p": "P",
    "ol": "L",
    "ul": "L",
    "li": "LI",
    "h1": "H1",
    "h2": "H2",
    "h3": "H3",
    "table": "Table",
    "tr": "TR",
}
IN_A_PROCESS = """
import json, sys
import weasyprint.pdf.fonts as fonts
if sys.argv[1] == "fontTools":
    fonts.harfbuzz_subset = None
from plainscore.pages import letter_pdf
sys.stdout.buffer.write(letter_pdf(json.load(sys.stdin)))
"""


@pytest.fixture(scope="module")
def fonts() -> ModuleType:
    """Give the part of WeasyPrint that makes fonts smaller, or skip and say what is not there."""
    try:
        import weasyprint.pdf.fonts as found
    except (ImportError, OSError, UserWarning) as error:
        pytest.skip(f"PDF letters need WeasyPrint, the system's Pango and a font, and one is absent: {error}")
    return found


@pytest.fixture(params=BACK_ENDS)
def back_end(request: pytest.FixtureRequest, fonts: ModuleType, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give each way that WeasyPrint has to make fonts smaller, or skip where it is not on this machine."""
    name = str(request.param)
    if name == "fontTools":
        monkeypatch.setattr(fonts, "harfbuzz_subset", None)
    elif fonts.harfbuzz_subset is None:
        pytest.skip("HarfBuzz-Subset (libharfbuzz-subset) is not on this machine")
    return name


@pytest.mark.usefixtures("fonts")
@pytest.mark.parametrize(("pack_id", "notice_id", "language"), LETTERS)
def test_the_pdf_is_tagged(pack_id: str, notice_id: str, language: str) -> None:
    """PDF/UA-1: tags, a language, a title; a page or two."""
    whole = _whole(letter_pdf(letter(pack_id, notice_id, language)))
    assert whole.startswith(b"%PDF-1.7")
    for mark in (b"/StructTreeRoot", b"/Marked true", b"/Lang", b"/DisplayDocTitle true", b"pdfuaid:part"):
        assert mark in whole, mark
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", whole)) in (1, 2)


@pytest.mark.usefixtures("back_end")
@pytest.mark.parametrize(("pack_id", "notice_id", "language"), sooner(IN_EACH_LANGUAGE, 3))
def test_the_pdf_is_the_same_at_any_time(
    pack_id: str, notice_id: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the clock and SOURCE_DATE_EPOCH say, a letter is the same bytes, with fonts that are whole."""
    from fontTools.ttLib import TTFont

    made = letter(pack_id, notice_id, language)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.setattr(time, "time", lambda: 1e9)
    found = letter_pdf(made)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    monkeypatch.setattr(time, "time", lambda: 1.7e9)
    assert found == letter_pdf(made)
    embedded = [one for one in _streams(found) if one[:4] in (b"\0\1\0\0", b"OTTO", b"true")]
    assert embedded
    for one in embedded:  # checkChecksums=2: a table that was changed without its checksum raises
        head = TTFont(io.BytesIO(one), checkChecksums=2)["head"]
        assert head.modified == head.created


@pytest.mark.slow
@pytest.mark.parametrize(("pack_id", "notice_id", "language"), IN_EACH_LANGUAGE)
def test_the_pdf_is_the_same_in_every_process(
    pack_id: str, notice_id: str, language: str, back_end: str
) -> None:
    """A fresh process, another hash seed, another time zone and a later second make the same letter."""
    made = letter(pack_id, notice_id, language)
    found = {letter_pdf(made)}
    for seed, zone in (("1", "UTC"), ("2", "Asia/Shanghai")):
        found.add(_in_a_process(made, back_end, PYTHONHASHSEED=seed, TZ=zone))
        time.sleep(1.1)
    assert len(found) == 1


@pytest.mark.slow
def test_a_variable_font_carries_no_clock_either(back_end: str, tmp_path: Path) -> None:
    """A font with axes is made into one without by fontTools under any back end; the clock stays out."""
    (tmp_path / "fonts").mkdir()
    _variable_font(tmp_path / "fonts" / "Boxes.ttf")
    config = tmp_path / "fonts.conf"
    config.write_text(
        f"<fontconfig><dir>{tmp_path / 'fonts'}</dir><cachedir>{tmp_path}</cachedir></fontconfig>"
    )
    made = letter()
    found = [
        _in_a_process(made, back_end, FONTCONFIG_FILE=str(config), SOURCE_DATE_EPOCH=epoch)
        for epoch in ("86400", "1700000000")
    ]
    assert b"Boxes" in _whole(found[0])
    assert found[0] == found[1]


@pytest.mark.usefixtures("fonts")
def test_a_system_without_fonts_is_refused_by_name(tmp_path: Path) -> None:
    """Where there is no font, a sentence says so: Pango alone would end the process."""
    config = tmp_path / "fonts.conf"
    config.write_text("<fontconfig></fontconfig>")
    with pytest.raises(subprocess.CalledProcessError) as caught:
        _in_a_process(letter(), "fontTools", FONTCONFIG_FILE=str(config))
    assert caught.value.returncode == 1
    assert b"PageError: a PDF needs a font" in caught.value.stderr


@pytest.mark.slow
@pytest.mark.usefixtures("fonts")
@pytest.mark.parametrize(("pack_id", "notice_id", "language"), IN_EACH_LANGUAGE)
@pytest.mark.parametrize("lines", range(0, 40, 2))
def test_what_is_one_on_the_page_is_one_in_the_pdf(
    pack_id: str, notice_id: str, language: str, lines: int
) -> None:
    """Wherever the page breaks, no paragraph, list, item, heading or table becomes two tags."""
    said = facts().with_texts({"applicant_address": "9 Ninth Street, Ninth Town. " * 3 * lines or "9 Ninth"})
    made = letter(pack_id, notice_id, language, said=said)
    shown = Counter(TAGS[tag] for tag in re.findall(r"<(\w+)", letter_page(made)) if tag in TAGS)
    tagged = Counter(tag.decode() for tag in re.findall(rb"/S\s*/(\w+)", _whole(letter_pdf(made))))
    assert {tag: tagged[tag] for tag in shown} == dict(shown)


def _in_a_process(made: Json, back_end: str, **environment: str) -> bytes:
    """Return the PDF of a letter as a fresh process makes it."""
    run = subprocess.run(
        [sys.executable, "-c", IN_A_PROCESS, back_end],
        input=json.dumps(made).encode(),
        capture_output=True,
        check=True,
        env=os.environ | environment,
    )
    return run.stdout


def _variable_font(path: Path) -> None:
    """Write a font with an axis of weight, in which every character is a box."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib.tables.TupleVariation import TupleVariation

    pen = TTGlyphPen(None)
    pen.moveTo((50, 0))
    for point in ((50, 700), (550, 700), (550, 0)):
        pen.lineTo(point)
    pen.closePath()
    codes = [*range(32, 127), *range(160, 384), 0x2013, 0x2022, 0x2212]
    names = [".notdef", *(f"u{code:04X}" for code in codes)]
    made = FontBuilder(1000, isTTF=True)
    made.setupGlyphOrder(names)
    made.setupCharacterMap(dict(zip(codes, names[1:], strict=True)))
    made.setupGlyf(dict.fromkeys(names, pen.glyph()))
    made.setupHorizontalMetrics(dict.fromkeys(names, (600, 50)))
    made.setupHorizontalHeader(ascent=800, descent=-200)
    made.setupNameTable({"familyName": "Boxes", "styleName": "Regular"})
    made.setupOS2(sTypoAscender=800, sTypoDescender=-200)
    made.setupPost()
    made.setupFvar([("wght", 400, 400, 700, "Weight")], [])
    wider = [(0, 0), (0, 0), (40, 0), (40, 0), (0, 0), (40, 0), (0, 0), (0, 0)]
    made.setupGvar({name: [TupleVariation({"wght": (0, 1, 1)}, wider)] for name in names})
    made.save(path)


def _whole(pdf: bytes) -> bytes:
    """Return a PDF and what its compressed streams hold."""
    return pdf + b"".join(_streams(pdf))


def _streams(pdf: bytes) -> list[bytes]:
    """Return what the streams of a PDF hold."""
    found = []
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, flags=re.S):
        try:
            found.append(zlib.decompressobj().decompress(stream))
        except zlib.error:
            found.append(stream)
    return found
