"""Credit scoring that a person can check."""

__version__ = "0.1.0"
