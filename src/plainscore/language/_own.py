"""The words of this room itself: what every room says alike."""

from __future__ import annotations

from typing import Final

from plainscore.language._catalogue import Catalogue

OWN: Final = Catalogue("plainscore.language")
