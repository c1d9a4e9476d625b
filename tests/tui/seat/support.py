"""A feed and a clock to inject, and a seat that waits for what the app does, not for time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from analyzer.activity import Activity
from analyzer.cells import Frame, Run, Style
from analyzer.judgements import Verdict
from analyzer.records import Command, Tag
from analyzer.search.find import Found as FoundHits
from analyzer.search.find import Hit, SearchCancelledError
from analyzer.search.query import Matcher
from recorder.errors import JumpseatError
from recorder.recording.journal import ClockStarted, JournalEntry
from recorder.store.notes import Note, Noting, standing
from tests.tui.seat.card.support import FakeCards
from tests.tui.seat.running import PATIENCE, Running
from tui.seat.app import ReplayApp
from tui.seat.card.edits import Step
from tui.seat.card.folder import Folder
from tui.seat.feed import (
    Feed,
    Findings,
    Opening,
    Overview,
    Picture,
    Terminal,
    TerminalKey,
    without_tags,
)

FIRST = TerminalKey(1, 1)
SECOND = TerminalKey(2, 1)
VIEWER = "ada"


def make_frame(text: str, *, columns: int = 80, lines: int = 24, cursor: int = 0) -> Frame:
    """A screen whose every row says its number, and whose cursor's row says a text."""
    rows = [(Run(f"row {y}", Style()),) for y in range(lines)]
    rows[cursor] = (Run(text, Style(foreground=2, bold=True)),)
    return Frame(
        columns=columns,
        lines=lines,
        rows=tuple(rows),
        cursor_x=min(len(text), columns - 1),
        cursor_y=cursor,
        cursor_visible=True,
    )


def make_tag(id: str, t: float, outcome: Any = "ok", **more: Any) -> Tag:  # noqa: A002
    values = {
        "signal": "apache-stopped",
        "topic": "web",
        "until": None,
        "confidence": 1.0,
        "detector": "rule",
        "evidence": (),
    }
    return Tag(id=id, t=t, outcome=outcome, **(values | more))


def make_command(id: str, t: float, text: str, **more: Any) -> Command:  # noqa: A002
    values: dict[str, Any] = {
        "kind": "command",
        "connection": 1,
        "channel": 1,
        "duration": 1.0,
        "user": "candidate",
        "host": "web",
        "cwd": "~",
        "source": "typed",
        "confidence": 1.0,
        "outcome": "ok",
        "exit_status": 0,
        "depth": 0,
    }
    return Command(id=id, t=t, text=text, **(values | more))


@dataclass
class FakeFeed:
    """Answers from a list of outputs; a test changes it while the app runs."""

    overview: Overview
    outputs: list[tuple[float, TerminalKey]]
    found: Findings
    counted: Activity = field(default_factory=Activity)
    frame_size: tuple[int, int] = (80, 24)
    cursor: int = 23
    failure: JumpseatError | None = None
    no_findings: JumpseatError | None = None
    pictures: int = 0
    hits: tuple[Hit, ...] = ()
    no_search: JumpseatError | None = None
    searched: list[str] = field(default_factory=list)
    search_gate: threading.Event | None = None
    gate: threading.Event | None = None
    not_judged: JumpseatError | None = None
    said: list[tuple[str, Verdict]] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    not_noted: JumpseatError | None = None
    noted: list[Note] = field(default_factory=list)
    note_gate: threading.Event | None = None
    journal: list[JournalEntry] = field(default_factory=list)
    told: int = 0
    clock_starts: int = 0
    no_clock: JumpseatError | None = None
    cards: FakeCards = field(default_factory=FakeCards)
    closed: threading.Event = field(default_factory=threading.Event)
    settled: threading.Event = field(default_factory=threading.Event)

    def open(self) -> Overview:
        if self.failure is not None:
            raise self.failure
        return self.overview

    def refresh(self) -> Overview:
        return self.open()

    def news(self) -> tuple[JournalEntry, ...]:
        new = tuple(self.journal[self.told :])
        self.told += len(new)
        return new

    def start_clock(self) -> None:
        if self.no_clock is not None:
            raise self.no_clock
        self.clock_starts += 1
        self.journal.append(ClockStarted(t=self.overview.duration, length=3600.0))

    def _times(self, terminal: TerminalKey | None) -> list[float]:
        return [t for t, key in self.outputs if terminal in (None, key)]

    def picture(self, t: float, terminal: TerminalKey | None) -> Picture:
        self.pictures += 1
        if self.gate is not None:
            self.gate.wait(PATIENCE)
        times = self._times(terminal)
        previous = max([each for each in times if each <= t], default=None)
        following = min([each for each in times if each > t], default=None)
        used = [key for each, key in self.outputs if each <= t]
        shown = terminal or (used[-1] if used else None)
        if shown is None:
            return Picture(t=t, terminal=None, frame=None, following=following)
        columns, lines = self.frame_size
        frame = make_frame(
            f"{shown} output {previous}", columns=columns, lines=lines, cursor=self.cursor
        )
        return Picture(t=t, terminal=shown, frame=frame, previous=previous, following=following)

    def step(self, t: float, terminal: TerminalKey | None, steps: int) -> float:
        times = self._times(terminal)
        for _ in range(abs(steps)):
            near = [each for each in times if (each > t if steps > 0 else each < t)]
            if near:
                t = min(near) if steps > 0 else max(near)
        return t

    def activity(self) -> Activity:
        return self.counted

    def findings(self) -> Findings:
        if self.no_findings is not None:
            raise self.no_findings
        notes = [*self.found.notes, *self.noted]
        last = max((each.number for each in notes), default=0)
        found = replace(self.found, notes=standing(notes), last_note=last)
        return found if self.cards.standing(VIEWER).sees_tags else without_tags(found)

    def card(self, steps: Sequence[Step]) -> Folder:
        return self.cards.take(VIEWER, steps)

    def settle(self) -> None:
        self.settled.set()

    def search(self, matcher: Matcher, limit: int, cancelled: Callable[[], bool]) -> FoundHits:
        self.searched.append(matcher.query.text)
        if self.search_gate is not None:
            self.search_gate.wait(PATIENCE)
        if cancelled():
            raise SearchCancelledError
        if self.no_search is not None:
            raise self.no_search
        hits = [hit for hit in self.hits if any(matcher.spans(hit.text.encode()))]
        return FoundHits(hits=tuple(hits[:limit]), more=len(hits) > limit)

    def judge(self, tag: str, verdict: Verdict, label: str | None = None) -> None:
        if self.not_judged is not None:
            raise self.not_judged
        self.said.append((tag, verdict))
        if label is not None:
            self.labels[tag] = label

    def note(self, noting: Noting) -> Note:
        if self.note_gate is not None:
            self.note_gate.wait(PATIENCE)
        if self.not_noted is not None:
            raise self.not_noted
        before = [*self.found.notes, *self.noted]
        number = 1 + max((each.number for each in before), default=0)
        note = Note(number=number, who=VIEWER, said=datetime.now(UTC), **asdict(noting))
        self.noted.append(note)
        return note

    def close(self) -> None:
        self.closed.set()

    def grow(self, duration: float, *, live: bool = True, tags: tuple[Tag, ...] = ()) -> None:
        """Let the live session go on."""
        self.found = replace(self.found, tags=self.found.tags + tags)
        self.overview = replace(self.overview, duration=duration, live=live)


class FakeClock:
    """Time passes when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Seat(Running[None]):
    """A running replay, and how a test waits for it."""

    def __init__(self, app: ReplayApp, feed: FakeFeed, clock: FakeClock) -> None:
        super().__init__(app)
        self.app = app
        self.feed = feed
        self.clock = clock

    def _is_laid_out(self) -> bool:
        """Whether the screen that is shown has found its place, and its cursor one in it."""
        view = self.app.stage.view
        if view.frame is None or not view.keeps_cursor:
            return True
        row = view._point(view.frame)[1]
        return view.offset_y <= row < view.offset_y + view.size.height

    @property
    def _tags(self) -> int:
        seen = self.feed.cards.standing(VIEWER).sees_tags
        return len(self.feed.found.tags) if seen else 0

    async def ready(self) -> None:
        player = self.app.player
        await self.until(
            lambda: (
                player.picture is not None
                and len(player.tags) == self._tags
                and self.app.side.tags.border_subtitle != "reading"
                and self._is_laid_out()
            )
        )
        # The row of states tells of the layout with the next beat.
        await self.pass_time(0)

    async def pass_time(self, seconds: float) -> None:
        """Let the viewer's time pass, and the app take notice."""
        self.clock.now += seconds
        self.app.beat()
        await self.pilot.pause()

    async def at(self, position: float) -> None:
        """Wait until the screen of a position is shown."""
        player = self.app.player
        await self.until(
            lambda: (
                abs(player.transport.position - position) < 1e-3
                and player.picture is not None
                and abs(player.picture.t - position) < 1e-3
                and self._is_laid_out()
            )
        )

    @property
    def status(self) -> str:
        return self.app._status.render().plain


def make_feed(**changes: Any) -> FakeFeed:
    """Two minutes with one terminal, three tags and three commands."""
    values: dict[str, Any] = {
        "overview": Overview(
            session="s-1",
            candidate="Ada Example",
            target="practice",
            duration=120.0,
            terminals=(Terminal(key=FIRST, opened=0.0, user="candidate"),),
        ),
        "outputs": [(float(t), FIRST) for t in range(121)],
        "found": Findings(
            tags=(
                make_tag("t1", 20.0),
                make_tag("t2", 60.0, "failed", signal="apt-upgrade"),
                make_tag("t3", 100.0, "unknown", signal="lockout-tested"),
            ),
            commands=(
                make_command("k1", 10.0, "sudo systemctl stop apache2"),
                make_command("k2", 50.0, "for each in a b; do\necho $each\ndone"),
                make_command("k3", 90.0, "[bold]not markup[/bold]", outcome="failed"),
            ),
            viewer=VIEWER,
            titles={"apache-stopped": "Apache was stopped", "apt-upgrade": "Upgraded packages"},
        ),
    }
    return FakeFeed(**(values | changes))


@asynccontextmanager
async def run_replay(
    feed: FakeFeed | None = None,
    *,
    size: tuple[int, int] = (80, 24),
    paused: bool = True,
    ready: bool = True,
    opening: Callable[[Feed], Opening] | None = None,
    **options: Any,
) -> AsyncIterator[Seat]:
    """Run the replay of a feed; by default paused at the beginning, in 80x24."""
    feed = feed or make_feed()
    clock = FakeClock()
    app = ReplayApp(opening(feed) if opening else feed, clock=clock, **options)
    seat = Seat(app, feed, clock)
    if paused and not options.get("live"):
        app.player.transport.playing = False
    async with app.run_test(size=size, message_hook=seat.hear, notifications=True) as pilot:
        seat.pilot = pilot
        if ready:
            await seat.ready()
        yield seat
    assert await asyncio.to_thread(feed.closed.wait, PATIENCE)
