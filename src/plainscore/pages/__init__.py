"""Self-contained HTML pages: one for whoever must trust a card, one for the person it scored.

No network, no script, no outside fonts. The words of the applicant's page are data, one file a
language: English, Spanish and Simplified Chinese.
"""

from plainscore.pages._errors import PageError
from plainscore.pages._letter import letter_page, letter_pdf
from plainscore.pages._model import model_page
from plainscore.pages._person import person_page

__all__ = ["PageError", "letter_page", "letter_pdf", "model_page", "person_page"]
