"""Each peer behind one protocol, run in an environment of its own.

What lies here may import the standard library, numpy, pandas and the one peer it is named after: no peer's
environment holds Plainscore or another peer.
"""
