"""Keeps what the viewer says and notes: one after the other, in a thread, nothing of it lost.

What is wanted is queued by the app and answered with messages. A noting may be about one that is
still on its way, whose number nobody knows yet: it is named by its serial. No widget belongs here,
and no rule of what a key notes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from queue import SimpleQueue
from typing import TYPE_CHECKING

from textual.message import Message

from recorder.errors import JumpseatError
from recorder.store.noted import Note, Noting
from tui.seat.feed import Feed

if TYPE_CHECKING:
    from analyzer.judgements import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """Something said of a tag, named by its id; ``label`` is the signal that it should be."""

    tag: str
    verdict: Verdict
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Something noted.

    Attributes:
        serial: Names it for as long as the app runs.
        noting: What is noted.
        after: The serial of an earlier one that it replaces or takes back, whose number is not
            known yet.

    """

    serial: int
    noting: Noting
    after: int | None = None


class Judged(Message):
    """What the viewer said of a tag is kept."""

    def __init__(self, judging: Judging) -> None:
        super().__init__()
        self.judging = judging


class NotJudged(Message):
    """What the viewer said of a tag cannot be kept."""

    def __init__(self, error: JumpseatError) -> None:
        super().__init__()
        self.error = error


class Noted(Message):
    """What the viewer noted is kept."""

    def __init__(self, wanted: Wanted, note: Note) -> None:
        super().__init__()
        self.wanted = wanted
        self.note = note


class NotNoted(Message):
    """What the viewer noted cannot be kept."""

    def __init__(self, wanted: Wanted, error: JumpseatError) -> None:
        super().__init__()
        self.wanted = wanted
        self.error = error


class Keeper:
    """A queue, and the loop that empties it; stopped, it first keeps all that was put before."""

    def __init__(self, feed: Callable[[], Feed], post: Callable[[Message], object]) -> None:
        self._feed = feed
        self._post = post
        self._queue: SimpleQueue[Judging | Wanted | None] = SimpleQueue()
        self._numbers: dict[int, int] = {}
        self._unheard: dict[int, tuple[Wanted, JumpseatError]] = {}
        self._unkept_verdicts: dict[str, tuple[Judging, JumpseatError]] = {}

    def put(self, wanted: Judging | Wanted) -> None:
        """Want something kept."""
        self._queue.put(wanted)

    def stop(self) -> None:
        """Let the loop end once it has come to the end of the queue."""
        self._queue.put(None)

    def heard(self, wanted: Wanted) -> None:
        """Take in that the app knows of something that it could not be kept."""
        self._unheard.pop(wanted.serial, None)

    @property
    def unkept(self) -> tuple[tuple[Wanted, JumpseatError], ...]:
        """What was noted, could not be kept, and came too late for the app to hear of it.

        An app that ends takes messages that it never handles, so only what it says counts.
        """
        return tuple(self._unheard.values())

    @property
    def unkept_verdicts(self) -> tuple[tuple[Judging, JumpseatError], ...]:
        """What was said last of tags, and could not be kept.

        Also where the app has heard of it: it offers it to nobody again, as it does with notes.
        """
        return tuple(self._unkept_verdicts.values())

    def run(self) -> None:
        """Keep what was put, in its order, until stopped.

        Where something fails that nobody foresaw, what was not come to counts as unkept.
        """
        wanted: Judging | Wanted | None = None
        try:
            while (wanted := self._queue.get()) is not None:
                if isinstance(wanted, Judging):
                    self._judge(wanted)
                else:
                    self._note(wanted)
        finally:
            while wanted is not None:
                self._miss(wanted, JumpseatError("the seat failed"))
                wanted = None if self._queue.empty() else self._queue.get()

    def _miss(self, wanted: Judging | Wanted, error: JumpseatError) -> None:
        if isinstance(wanted, Wanted):
            self._unheard[wanted.serial] = (wanted, error)
        else:
            self._unkept_verdicts[wanted.tag] = (wanted, error)

    def _judge(self, judging: Judging) -> None:
        try:
            self._feed().judge(judging.tag, judging.verdict, judging.label)
        except JumpseatError as error:
            self._miss(judging, error)
            self._post(NotJudged(error))
        else:
            # Whatever was said of the tag before, its author would not have it kept any more.
            self._unkept_verdicts.pop(judging.tag, None)
            self._post(Judged(judging))

    def _note(self, wanted: Wanted) -> None:
        noting = wanted.noting
        if wanted.after is not None:
            number = self._numbers.get(wanted.after)
            if number is None and noting.withdrawn:
                # What would be taken back was never kept, as was said at the time.
                return
            noting = replace(noting, replaces=number)
        try:
            note = self._feed().note(noting)
        except JumpseatError as error:
            self._miss(wanted, error)
            self._post(NotNoted(wanted, error))
        else:
            self._numbers[wanted.serial] = note.number
            self._post(Noted(wanted, note))
