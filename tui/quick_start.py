"""How the program starts: collecting no garbage while it is imported, which was a tenth of that.

What is imported makes hundreds of thousands of objects, all of which stay; the collector would look
through all of them again and again. Nothing that itself takes time to import belongs here.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer
from typing import NoReturn

INTERRUPTED = 130
"""128 + SIGINT, as shells report it."""

_START = 3.0
"""Seconds within which all that a seat needs is loaded, on a machine that is not quick."""

_seats = 0


def main() -> NoReturn:
    """Run the command line as `tui.main.main` does; whoever interrupts its import sees no more."""
    gc.disable()
    try:
        from tui.cli.reading_ahead import early_child  # noqa: PLC0415 - nothing is collected now

        with early_child(sys.argv[1:]):
            from tui.main import main as run  # noqa: PLC0415 - this is what it is about

            gc.freeze()
            gc.enable()
            run()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


@contextmanager
def collection_put_off(seconds: float = _START) -> Iterator[None]:
    """Begin to collect only after so many seconds, or at the end; for the first seat of a process.

    What is there by then is never looked through again (`gc.freeze`), so that the one collection
    that was due does not come while somebody presses keys. A second seat finds everything loaded,
    and what the first one left has to be collected.
    """
    global _seats  # noqa: PLW0603 - it is the process's
    _seats += 1
    if _seats > 1 or not gc.isenabled():
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
