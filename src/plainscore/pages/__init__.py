"""Self-contained HTML pages: for whoever must trust a card, for the person it scored, and for anybody to try.

No network, no outside fonts, and no script but the calculator's own. The words of the pages that people who
borrow read are data, in English and Spanish.
"""

from plainscore.pages._calculator import calculator_page
from plainscore.pages._errors import PageError
from plainscore.pages._model import model_page
from plainscore.pages._person import person_page

__all__ = ["PageError", "calculator_page", "model_page", "person_page"]
