"""What a seat does, noted in the trace: that somebody looks, and what they say meanwhile.

The look is put down before the first picture, which costs no store, and reaches the trace when the
seat has opened the store anyway. Where it cannot, the seat goes on and says so. No widget here.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from recorder.home import home_of
from recorder.trace.actions import Action
from tui.tracing import take_waiting, trace_look

if TYPE_CHECKING:
    from sqlalchemy import Engine

_RETRY = 10.0
"""Seconds between two tries to reach a store that could not be written."""


class Look:
    """One look at one recording; of one that is in no store nothing is noted.

    Attributes:
        trouble: Why it is not in the trace, in words; empty where it is, or needs not be.

    """

    def __init__(self, directory: Path, *, stored: bool) -> None:
        self.trouble = ""
        self._home = home_of(directory) if stored else None
        self._begun = False
        self._is_in = False
        self._due = 0.0

    def begin(self, session: str, *, live: bool) -> None:
        """Put down that somebody looks; once, however often the recording is opened."""
        if self._home is None or self._begun:
            return
        self._begun = True
        action = Action.WATCHED if live else Action.REPLAYED
        trace_look(self._home, None, action, session, here="seat", warn=self._warn)
        self._is_in = bool(self.trouble)

    def settle(self, engine: Engine) -> None:
        """Let the trace take in what was put down; where it cannot, try again later."""
        if self._home is None or self._is_in or time.monotonic() < self._due:
            return
        self.trouble = ""
        take_waiting(self._home, engine, self._warn)
        self._is_in = not self.trouble
        self._due = time.monotonic() + _RETRY

    def deed(self, engine: Engine | None, action: Action, session: str, detail: str) -> None:
        """Note what whoever looks has said; it is kept already, by name and time."""
        if self._home is not None:
            self._is_in = False
            trace_look(self._home, engine, action, session, detail, here="seat", warn=self._warn)
            self._is_in = engine is not None and not self.trouble

    def _warn(self, words: str) -> None:
        self.trouble = words
