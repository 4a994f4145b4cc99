"""A letter as HTML that prints on a page or two, and as tagged PDF."""

from __future__ import annotations

import io
import logging
import math
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from plainscore.notices import LETTER_SCHEMA, LetterRecord, shown, word
from plainscore.pages._environment import inlined, render
from plainscore.pages._errors import PageError
from plainscore.pages._language import Language


def letter_page(letter: LetterRecord) -> str:
    """Make the HTML of a letter.

    Parameters
    ----------
    letter : LetterRecord
        As ``plainscore.notices.write_notice`` gives it.

    Returns
    -------
    str
        One document without network or script; the same bytes for the same letter.

    Raises
    ------
    PageError
        If the record is no letter.
    """
    if letter.get("schema") != LETTER_SCHEMA:
        raise PageError(
            f"this record has the schema {letter.get('schema')!r}: give a letter, {LETTER_SCHEMA!r}"
        )
    lang = Language(letter["language"])
    fields: Mapping[str, object] = letter["fields"]
    return render(
        "letter.html.j2",
        lang,
        letter=letter,
        fields=fields,
        w=lambda key, **values: word(key, lang.code, **values),
        day=lambda name: shown(name, fields[name], lang.code),
        margin=_in_style(word("text.demonstration", lang.code)),
        refused_on=_refused_on(letter),
        bars=_bars(letter, lang) if "score_distribution" in fields else [],
        below=None if letter["below"] is None else lang.number(math.floor(letter["below"] * 100 + 1e-9)),
        more_style=inlined("letter.css"),
    )


def _in_style(text: str) -> Markup:
    """Return a text as it stands between the marks of a string in CSS, where HTML's escapes are not read."""
    return Markup("".join(each if each.isalnum() or each == " " else f"\\{ord(each):x} " for each in text))


def _refused_on(letter: LetterRecord) -> str:
    """Return the day of the refusal that a letter tells of; nothing where it tells of none."""
    refused = letter.get("refused")
    return "" if refused is None else shown("refused_date", refused["on"], letter["language"])


def _bars(letter: LetterRecord, lang: Language) -> list[dict[str, object]]:
    bars, score = letter["fields"]["score_distribution"], letter["fields"]["score"]
    most = max(share for _, _, share in bars) or 1.0
    return [
        {
            "first": first,
            "last": last,
            "own": first <= score <= last,
            "width": f"{100 * share / most:.1f}",
            "share": lang.percent(share, 1),
        }
        for first, last, share in bars
    ]


def letter_pdf(letter: LetterRecord) -> bytes:
    """Make a tagged PDF (PDF/UA-1, ISO 14289-1) of a letter.

    Returns
    -------
    bytes
        The same for the same letter, whatever the time of day, as long as WeasyPrint, its system
        libraries and the fonts are the same.

    Raises
    ------
    PageError
        If WeasyPrint is not installed, the system has no font, or the record is no letter.
    """
    try:
        from weasyprint import HTML
    except (ImportError, OSError) as error:
        raise PageError(
            f"a PDF needs WeasyPrint and its system libraries ({error}): install the extra [pdf], or print "
            "the HTML from a browser"
        ) from error
    _check_fonts()
    # It warns of every rule of the stylesheet that is for screens.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    page = HTML(string=letter_page(letter), url_fetcher=_refuse)
    made: bytes = page.write_pdf(pdf_variant="pdf/ua-1", finisher=_date_fonts)
    return made


def _check_fonts() -> None:
    """Refuse where the system has no font at all: Pango would end the process."""
    from weasyprint.text.ffi import ffi, fontconfig

    config = ffi.gc(fontconfig.FcInitLoadConfigAndFonts(), fontconfig.FcConfigDestroy)
    if fontconfig.FcConfigGetFonts(config, fontconfig.FcSetSystem).nfont == 0:
        raise PageError("a PDF needs a font, and this system has none: install one, or print the HTML")


def _date_fonts(_document: object, pdf: Any) -> None:
    """Give each font in a PDF, as its day of change, the day on which the font was made.

    Where fontTools takes part in making a font smaller (without HarfBuzz-Subset, and for variable and
    emoji fonts with it), it writes the time of day into the font. Set here and not by
    SOURCE_DATE_EPOCH, which would hold for every thread of the process.
    """
    from fontTools.ttLib import TTFont

    for found in pdf.objects:
        extra = getattr(found, "extra", {})
        if "Length1" not in extra and extra.get("Subtype") != "/OpenType":  # all other streams
            continue
        font = TTFont(io.BytesIO(b"".join(found.stream)), recalcTimestamp=False, recalcBBoxes=False)
        font["head"].modified = font["head"].created
        dated = io.BytesIO()
        font.save(dated, reorderTables=None)
        found.stream = [dated.getvalue()]
        if "Length1" in extra:
            extra["Length1"] = len(dated.getvalue())


def _refuse(url: str, *_args: object, **_more: object) -> dict[str, Any]:
    raise PageError(f"a letter fetches nothing, and this one asks for {url.split(':', 1)[0]}")
