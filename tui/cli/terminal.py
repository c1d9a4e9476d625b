"""Whether there is a terminal that a person sits at. Imported first of all: nothing but that."""

from __future__ import annotations

import os
import sys


def is_terminal() -> bool:
    """Return whether a person can be shown something and answer with keys.

    In a browser, by textual-serve, there is no terminal; it names its driver in the environment.
    """
    if os.environ.get("TEXTUAL_DRIVER"):
        return True
    # A stream that was closed before this process began is None.
    streams = (sys.stdin, sys.stdout)
    return all(each is not None and each.isatty() for each in streams)
