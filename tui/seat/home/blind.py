"""Whose tags home does not show: those of sessions that the viewer still judges without them.

Only which sessions; what stands in their rows instead is `tui.seat.home.columns`'.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from sqlalchemy import Engine

from recorder.cards.standings import hidden_sessions
from recorder.exercise.recorded import followed
from recorder.home import Home
from recorder.recording.journal import JOURNAL_NAME

_EVENT = b'"exercise"'
_REQUIRED = re.compile(rb'"blind[-_]to[-_]tags"\s*:\s*true')
_FIRST_LINES = 200
"""Lines of a journal within which its exercise is named; it is among the first ones."""


class Blindness:
    """What exercises require, each read once."""

    def __init__(self, home: Home, viewer: str) -> None:
        self._home = home
        self._viewer = viewer
        self._required: dict[str, bool] = {}

    def hidden(self, engine: Engine, sessions: Collection[str]) -> set[str]:
        """Return those of these sessions whose tags the viewer does not see yet.

        Raises:
            StoreError: The store cannot be read.

        """
        return hidden_sessions(engine, self._viewer, sessions, self._requires)

    def _requires(self, session: str) -> bool:
        if session not in self._required:
            try:
                self._required[session] = self._read(session)
            except OSError:
                # Nobody can tell now: rather too little is shown, and the next look tries again.
                return True
        return self._required[session]

    def _read(self, session: str) -> bool:
        directory = self._home.recording(session)
        try:
            with (directory / JOURNAL_NAME).open("rb") as journal:
                lines = [line for line, _ in zip(journal, range(_FIRST_LINES), strict=False)]
        except FileNotFoundError:
            return False
        # Reading a plan takes a hundred times as long as seeing that it cannot ask for this.
        if not any(_EVENT in line and _REQUIRED.search(line) for line in lines):
            return False
        found = followed(directory)
        return found is not None and found.plan is not None and found.plan.cards.blind_to_tags
