"""Tests of this room; a package, so that its modules share a small world."""
