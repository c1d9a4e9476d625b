"""Collecting garbage put off while a seat starts: a tenth of the start, for nothing.

What is imported makes hundreds of thousands of objects, all of which stay; the collector would look
through all of them again and again. No import belongs here that itself takes time.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer

_START = 3.0
"""Seconds within which all that a seat needs is loaded, on a machine that is not quick."""


@contextmanager
def collection_put_off(seconds: float = _START) -> Iterator[None]:
    """Begin to collect only after so many seconds, or at the end; once in a process.

    What is there by then is never looked through again (`gc.freeze`), so that the one collection
    that was due does not come while somebody presses keys. A second seat of the same process finds
    everything loaded, and its leavings have to be collected.
    """
    if gc.get_freeze_count() or not gc.isenabled():
        yield
        return
    gc.disable()
    later = Timer(seconds, _begin)
    later.daemon = True
    later.start()
    try:
        yield
    finally:
        later.cancel()
        gc.enable()


def _begin() -> None:
    gc.freeze()
    gc.enable()
