"""What the app asks its reader for, and what it is told: immutable messages, whoever sends them.

Nothing is read and nothing is drawn here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from analyzer.activity import Activity
from analyzer.search.find import Found as HitsFound
from analyzer.search.query import Matcher
from recorder.errors import JumpseatError
from tui.seat.feed import Findings, Overview, Picture, TerminalKey

if TYPE_CHECKING:
    from recorder.recording.journal import JournalEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A screen that the app wants; ``steps`` outputs after ``t``, before it where negative."""

    serial: int
    t: float
    terminal: TerminalKey | None
    steps: int = 0


class Read(Message):
    """The session was read as far as it goes, for the first time or again."""

    def __init__(self, overview: Overview) -> None:
        super().__init__()
        self.overview = overview


class Shown(Message):
    """A wish was answered."""

    def __init__(self, wish: Wish, picture: Picture) -> None:
        super().__init__()
        self.wish = wish
        self.picture = picture


class Found(Message):
    """Tags and commands, whenever they differ from those before."""

    def __init__(self, findings: Findings) -> None:
        super().__init__()
        self.findings = findings


class Counted(Message):
    """How much happened when, whenever it differs from what was counted before."""

    def __init__(self, activity: Activity) -> None:
        super().__init__()
        self.activity = activity


class NotFound(Message):
    """Tags and commands cannot be had at present."""

    def __init__(self, error: JumpseatError) -> None:
        super().__init__()
        self.error = error


class Lost(Message):
    """The recording, which was read before, cannot be read now; it is tried again."""

    def __init__(self, error: JumpseatError) -> None:
        super().__init__()
        self.error = error


class Regained(Message):
    """The recording can be read again."""


class NotSettled(Message):
    """The session stays slow to move in."""

    def __init__(self, error: JumpseatError) -> None:
        super().__init__()
        self.error = error


class Searched(Message):
    """A search was answered."""

    def __init__(self, matcher: Matcher, found: HitsFound) -> None:
        super().__init__()
        self.matcher = matcher
        self.found = found


class NotSearched(Message):
    """A search cannot be answered."""

    def __init__(self, matcher: Matcher, error: JumpseatError) -> None:
        super().__init__()
        self.matcher = matcher
        self.error = error


class Told(Message):
    """What the journal tells that was not told before."""

    def __init__(self, entries: tuple[JournalEntry, ...]) -> None:
        super().__init__()
        self.entries = entries


class ClockNotStarted(Message):
    """The session's clock could not be started."""

    def __init__(self, error: JumpseatError) -> None:
        super().__init__()
        self.error = error


class Broken(Message):
    """The recording cannot be read."""

    def __init__(self, error: JumpseatError) -> None:
        super().__init__()
        self.error = error
