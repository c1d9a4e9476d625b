"""The feed of a real session: screens from its recording, all else from `recorded_findings`.

The one place of the replay that knows files. The screen waits for what is imported here, so that
this must load neither the store nor the analysis.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from analyzer.activity import Activity, ActivityCounter
from analyzer.index.build import ensure_indexed, index_path
from analyzer.playback import Playback, TerminalInfo
from analyzer.search.find import Found
from analyzer.search.query import Matcher
from analyzer.search.sessions import SessionSearch
from recorder.errors import ControlError, JumpseatError, RecordingError
from recorder.exercise.recorded import followed
from recorder.home import home_of
from recorder.recording.journal import JournalEntry
from recorder.recording.moments import moment_of
from recorder.recording.reader import is_locked
from recorder.recording.tail import JournalTail
from recorder.store.noted import Note, Noting
from recorder.trace.actions import Action
from tui.person import person
from tui.seat.feed import Findings, Overview, Picture, TaskWords, Terminal, TerminalKey
from tui.seat.health import RecordingFiles
from tui.seat.traced import Look

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from analyzer.judgements import Verdict
    from recorder.exercise.schema import Exercise
    from tui.seat.card.edits import Step
    from tui.seat.card.folder import Folder
    from tui.seat.read_ahead import ReadAhead
    from tui.seat.recorded_findings import RecordedFindings

_LONG = 1_000_000
"""Bytes of recorded terminals; an index is made of about so many in a second."""

_BEGINNING = 60.0
"""Seconds of a live session within which its exercise may still be written to the journal."""


class RecordingFeed:
    """A `tui.seat.feed.Feed` of one recording's directory."""

    def __init__(
        self,
        directory: Path,
        store: Engine | Callable[[], Engine] | None,
        ahead: ReadAhead | None = None,
    ) -> None:
        """Take the recording, its store or how to open it, and what is read ahead of that."""
        self._directory = directory
        self._ahead = ahead
        self._given_store = store
        self._opening = threading.Lock()
        self._playback: Playback | None = None
        self._journal: JournalTail | None = None
        self._session = directory.name
        self._search = SessionSearch(directory)
        self._closed = threading.Event()
        self._settled = threading.Event()
        self._viewer = person()
        is_stored = store is not None
        self._look = ahead.look_at(directory) if ahead else Look(directory, stored=is_stored)
        self._plan: Exercise | None = None
        self._files = RecordingFiles(directory)
        self._is_lost = False
        self._told: Overview | None = None
        self._counter = ActivityCounter()

    @property
    def _engine(self) -> Engine | None:
        """The store, opened by whichever thread needs it first; None of a recording in none."""
        with self._opening:
            given = self._given_store
            if callable(given):
                given = self._given_store = given()
            return given

    def open(self) -> Overview:
        """Read the recording as far as it goes."""
        self._playback = Playback(self._directory)
        if self._playback.opened is not None:
            self._session = self._playback.opened.session
        if self._ahead is not None and self._session != self._directory.name:
            # What a child reads of the store goes by the directory's name.
            self._ahead.close()
        self._look.begin(self._session, live=self._playback.live)
        self._read_plan()
        return self._overview(self._playback)

    def refresh(self) -> Overview:
        """Take in what it has grown by.

        Raises:
            RecordingError: It is gone; what was read can still be watched.

        """
        try:
            grown = self._files.have_grown()
            playback = self._found_again() if self._is_lost else self._opened()
            ending = playback.live and not is_locked(self._directory)
            told = self._told
            if grown or playback.holding or ending or told is None:
                playback.refresh()
                if self._plan is None and playback.duration < _BEGINNING:
                    self._read_plan()
            elif int(told.duration) == int(playback.duration):
                return told
            # Where nothing holds the lock because nothing is there, it has not ended.
            self._files.sizes()
        except JumpseatError:
            self._is_lost = True
            raise
        self._told = self._overview(playback)
        return self._told

    def _found_again(self) -> Playback:
        found = Playback(self._directory)
        before, self._playback = self._playback, found
        self._is_lost, self._told = False, None
        if before is not None:
            before.close()
        return found

    def _read_plan(self) -> None:
        chosen = followed(self._directory)
        self._plan = None if chosen is None else chosen.plan

    def news(self) -> tuple[JournalEntry, ...]:
        """Return what the journal tells since it was asked last."""
        if self._journal is None:
            self._journal = JournalTail(self._directory)
        return self._journal.take()

    def start_clock(self) -> None:
        """Have the running `serve` start the session's clock.

        Raises:
            ControlError: Nobody serves this session, its clock runs already, or who sits here may
                give no orders.

        """
        home = home_of(self._directory)
        if home is None or not is_locked(self._directory):
            raise ControlError(
                "nobody serves this session", "a clock is started while its session is live"
            )
        from recorder.control.client import ask  # noqa: PLC0415 - only who starts one needs it
        from recorder.control.messages import StartClock  # noqa: PLC0415 - likewise

        ask(home, StartClock(session=self._session))
        self._look.deed(None, Action.STEERED, self._session, "start")

    def picture(self, t: float, terminal: TerminalKey | None) -> Picture:
        """Return what was to be seen at ``t``.

        Raises:
            RecordingError: It is gone, and that moment was not read yet.

        """
        try:
            return self._picture(t, terminal)
        except JumpseatError:
            self._is_lost = True
            self._files.sizes()
            raise

    def _picture(self, t: float, terminal: TerminalKey | None) -> Picture:
        self._take_index()
        playback = self._opened()
        chosen = None if terminal is None else self._info(terminal)
        info = playback.active(t) if chosen is None else chosen
        previous = playback.previous_output(_just_after(t), chosen)
        following = playback.next_output(t, chosen)
        if info is None or (chosen is None and t < info.opened):
            return Picture(t=t, terminal=None, frame=None, previous=previous, following=following)
        return Picture(
            t=t,
            terminal=_key(info),
            frame=playback.at(t, info),
            previous=previous,
            following=following,
        )

    def step(self, t: float, terminal: TerminalKey | None, steps: int) -> float:
        """Return the moment so many outputs after ``t``, or before it where negative."""
        playback = self._opened()
        chosen = None if terminal is None else self._info(terminal)
        for _ in range(abs(steps)):
            towards = playback.next_output if steps > 0 else playback.previous_output
            found = towards(t, chosen)
            if found is None:
                break
            t = found
        return t

    def activity(self) -> Activity:
        """Return how much happened when."""
        return self._counter.count(self._opened().times())

    @cached_property
    def _analysed(self) -> RecordedFindings:
        """What the store has, imported by whoever needs it first: the screen comes before."""
        from tui.seat.recorded_findings import RecordedFindings  # noqa: PLC0415 - a quarter second

        analysed = RecordedFindings(
            self._directory,
            self._session,
            self._engine,
            self._look,
            viewer=self._viewer,
            progress=self.analysed,
            cancelled=self._closed.is_set,
        )
        if self._ahead is not None and self._ahead.is_shown:
            analysed.pass_over_stored()
        return analysed

    def findings(self) -> Findings:
        """Return tags and commands, analysed first where the session has ended.

        Raises:
            StoreError: The store cannot be read.

        """
        ahead = self._ahead
        found = None if ahead is None else ahead.findings_of(self._directory)
        return self._analysed.read(self._plan) if found is None else found

    def card(self, steps: Sequence[Step]) -> Folder:
        """Take steps on the viewer's own card, and return how it stands then.

        Raises:
            StoreError: The recording is in no store, or that cannot be used.
            UsageError: A step makes no sense.
            JumpseatError: The card cannot be opened here.

        """
        return self._analysed.card(steps)

    def judge(self, tag: str, verdict: Verdict, label: str | None = None) -> None:
        """Keep what the viewer says of a tag.

        Raises:
            StoreError: The recording is in no store, or that cannot be written.
            UsageError: The tag is gone, or what is said of it makes no sense.

        """
        self._analysed.judge(tag, verdict, label)

    def note(self, noting: Noting) -> Note:
        """Keep what the viewer notes.

        Raises:
            StoreError: The recording is in no store, or that cannot be written.
            UsageError: It says nothing, too much, or replaces what is not there.

        """
        return self._analysed.note(noting)

    def analysed(self, share: float) -> None:
        """Hear how much of the analysis is done, from 0 to 1; for those who say so."""

    def settle(self) -> None:
        """Make the index if there is none; the next picture uses it.

        Raises:
            RecordingError: It cannot be made, and somebody would notice.

        """
        if ensure_indexed(self._directory, cancelled=self._closed.is_set):
            self._settled.set()
        elif not self._closed.is_set() and is_long(self._directory):
            raise RecordingError(
                "no index of this session could be made: far jumps stay slow",
                "see that the cache in the home directory can be written, and that it has room",
            )

    def _take_index(self) -> None:
        """Go on with the index, once it is there."""
        playback = self._playback
        if playback is None or playback.live or playback.indexed or not self._settled.is_set():
            return
        self._settled.clear()
        try:
            self._playback = Playback(self._directory)
        except JumpseatError:
            # Moved away or purged meanwhile: what was read can still be watched.
            return
        playback.close()

    def search(self, matcher: Matcher, limit: int, cancelled: Callable[[], bool]) -> Found:
        """Return where and when something was to be seen, by the session's index."""
        return self._search.find(
            matcher, limit=limit, cancelled=lambda: self._closed.is_set() or cancelled()
        )

    def close(self) -> None:
        """Let go of the recording; an analysis that still runs is given up."""
        self._closed.set()
        self._search.close()
        if self._ahead is not None:
            self._ahead.close()
        if self._journal is not None:
            self._journal.close()
        if self._playback is not None:
            self._playback.close()

    def _opened(self) -> Playback:
        if self._playback is None:
            raise RuntimeError("the feed was asked before it was opened")
        return self._playback

    def _info(self, key: TerminalKey) -> TerminalInfo | None:
        return next((each for each in self._opened().terminals if _key(each) == key), None)

    def _overview(self, playback: Playback) -> Overview:
        opened = playback.opened
        return Overview(
            session=self._session,
            candidate=None if opened is None else opened.candidate,
            target="" if opened is None else opened.target,
            started=None if opened is None else moment_of(opened.started),
            live=playback.live,
            duration=playback.duration,
            terminals=tuple(_terminal(each) for each in playback.terminals),
            slow=not playback.live and not playback.indexed and is_long(self._directory),
            tasks=_tasks(self._plan),
            announcements=_announcements(self._plan),
        )


def is_long(directory: Path) -> bool:
    """Whether making a recording's index takes so long that somebody would notice."""
    if index_path(directory) is None:
        return False
    return sum(_size(path) for path in directory.glob("*.cast")) > _LONG


def _tasks(plan: Exercise | None) -> tuple[TaskWords, ...]:
    if plan is None:
        return ()
    return tuple(
        TaskWords(
            id=task.id, title=task.title, say=task.say, text=task.text, topics=tuple(task.topics)
        )
        for task in plan.task
    )


def _announcements(plan: Exercise | None) -> tuple[int, ...]:
    if plan is None:
        return ()
    return tuple(sorted((each.left for each in plan.clock.announcement), reverse=True))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _just_after(t: float) -> float:
    """Return a moment so soon after ``t`` that no other event lies between: times have 1 us."""
    return t + 5e-7


def _key(info: TerminalInfo) -> TerminalKey:
    return TerminalKey(info.connection, info.channel)


def _terminal(info: TerminalInfo) -> Terminal:
    return Terminal(
        key=_key(info),
        opened=info.opened,
        closed=info.closed,
        command=info.command,
        user=info.user,
    )
