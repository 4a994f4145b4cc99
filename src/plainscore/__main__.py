"""``python -m plainscore``."""

from plainscore.cli import main

main()
