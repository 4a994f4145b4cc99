"""Linear algebra on one thread while a card is fitted.

The matrices of a fit are small: threads take longer to meet than to work, and many times so on a busy
machine. Sums that several threads share are also rounded otherwise with every number of threads.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any


@contextmanager
def one_thread() -> Iterator[None]:
    """Hold the libraries of linear algebra to one thread.

    Where another Python thread of the process has set their number, they stay as they are: the pool is one
    for all, and a card does not depend on it.
    """
    with _libraries().limit(limits=1, user_api="blas"):
        yield


@lru_cache(maxsize=1)
def _libraries() -> Any:
    """Return the control of the libraries, which are looked for once: that takes longer than to set them."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
