"""Self-contained HTML pages: for whoever must trust a card, for the person it scored, and for anybody to try.

No network, no outside fonts, and no script but the calculator's own. The words of the pages that people who
borrow read are data, one file a language: English, Spanish and Simplified Chinese.

An inner door: other rooms use these names, and a version may change them.
"""

from plainscore.pages._calculator import calculator_page
from plainscore.pages._errors import PageError
from plainscore.pages._lender import Lender
from plainscore.pages._letter_page import letter_page, letter_pdf
from plainscore.pages._model import model_page
from plainscore.pages._person_page import person_page

__all__ = [
    "Lender",
    "PageError",
    "calculator_page",
    "letter_page",
    "letter_pdf",
    "model_page",
    "person_page",
]
