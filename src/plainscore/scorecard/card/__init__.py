"""The frozen points table: its bytes, its hash, and scoring with it.

Loading a card and scoring one case need the standard library only; scoring a table brings numpy.
"""
