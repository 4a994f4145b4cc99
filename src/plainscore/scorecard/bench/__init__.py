"""The modeller's bench: look at bins, at candidates, and at what moved between periods."""
