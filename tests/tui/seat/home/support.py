"""A feed and a clock for home, and a running home that waits for what it does, not for time."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from recorder.control.messages import Request
from recorder.errors import JumpseatError
from tests.tui.seat.running import PATIENCE, Running
from tui.seat.home.app import HomeApp
from tui.seat.home.sittings import (
    Choice,
    Detail,
    Draft,
    DraftError,
    ExerciseChoice,
    LastTag,
    Opened,
    PlannedPhase,
    Sitting,
)

NOW = datetime(2026, 11, 20, 13, 30, tzinfo=UTC)
PHASES = (
    PlannedPhase(title="Introduction", seconds=300),
    PlannedPhase(title="Work", seconds=2700, works=True),
    PlannedPhase(title="Review", seconds=600),
)


def a_sitting(id: str, ago: float = 1.0, **more: Any) -> Sitting:  # noqa: A002
    """A finished session of so many hours ago."""
    values: dict[str, Any] = {
        "state": "closed",
        "candidate": "Ada Example",
        "target": "web-1.marketing.example:22",
        "duration": 2723.0,
        "exercise": "ghost",
        "listen": "127.0.0.1:2301",
        "topics": (("web", 9), ("ssh", 4), ("packages", 2)),
        "last": LastTag(title="Apache was stopped", t=2000.0),
        "words": "Apache was stopped",
    }
    return Sitting(id=id, started=NOW - timedelta(hours=ago), **(values | more))


def a_live_one(id: str, ago: float = 0.4, **more: Any) -> Sitting:  # noqa: A002
    """A live session whose clock runs."""
    values: dict[str, Any] = {
        "state": "live",
        "duration": None,
        "clock_started": 120.0,
        "clock_length": 3600.0,
        "phases": PHASES,
        "topics": (("ghost", 7), ("ssh", 4), ("web", 2)),
        "last": LastTag(title="Locked themselves out, and noticed", t=1290.0),
    }
    return a_sitting(id, ago, **(values | more))


def some_sittings() -> list[Sitting]:
    """A dozen sessions of every kind."""
    return [
        a_live_one("20261120-130600-7f3a", candidate="Ada Example"),
        a_live_one(
            "20261120-132500-19c2", 0.08, candidate="Ben Sample", clock_started=None,
            clock_length=None, topics=(), last=None, target="practice",
        ),
        a_sitting("20261120-100000-aa01", 3.5, candidate="Cleo Specimen"),
        a_sitting("20261120-083000-bb02", 5.0, candidate="Dev Placeholder", state="cut-off"),
        a_sitting(
            "20261119-150000-cc03", 22.5, candidate="Esme Instance-Of-A-Long-Name",
            topics=(("web", 31), ("ssh", 12), ("ghost", 10), ("packages", 8), ("firewall", 6)),
        ),
        a_sitting("20261119-090000-dd04", 28.5, candidate=None, topics=(), last=None),
        a_sitting("20261118-090000-ee05", 52.5, candidate="Finn Sample", state="failed"),
        a_sitting(
            "20261117-090000-ff06", 76.5, candidate=None, target="", topics=(), last=None,
            state="unreadable", duration=None,
            problem="the first line of its journal cannot be read",
        ),
        *(
            a_sitting(f"202611{day:02}-090000-0{day}", 24 * (20 - day) + 4.5)
            for day in range(16, 4, -1)
        ),
    ]  # fmt: skip


@dataclass
class FakeHome:
    """Answers from a list; a test changes it while the app runs."""

    rows: list[Sitting] = field(default_factory=some_sittings)
    failure: JumpseatError | None = None
    refusals: list[JumpseatError] = field(default_factory=list)
    faults: list[DraftError] = field(default_factory=list)
    orders: list[Request] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    reads: int = 0
    no_exercises: JumpseatError | None = None
    gate: threading.Event | None = None

    def sittings(self) -> Sequence[Sitting]:
        self.reads += 1
        if self.failure is not None:
            raise self.failure
        return tuple(self.rows)

    def detail(self, session: str) -> Detail:
        return Detail(
            id=session,
            exercise="A Ghost blog on Marketing's server",
            connections=2,
            users=("candidate",),
            notes=3,
        )

    def exercises(self) -> Sequence[ExerciseChoice]:
        if self.no_exercises is not None:
            raise self.no_exercises
        return [
            ExerciseChoice(name="ghost", title="A Ghost blog on Marketing's server", minutes=60),
            ExerciseChoice(name="mail", title="Mail that does not arrive", minutes=45),
        ]

    def order(self, request: Request) -> str:
        self.orders.append(request)
        if self.gate is not None:
            self.gate.wait(PATIENCE)
        if self.refusals:
            raise self.refusals.pop(0)
        return "done as ordered"

    def open(self, draft: Draft) -> Opened:
        self.drafts.append(draft)
        if self.faults:
            raise self.faults.pop(0)
        row = a_live_one("20261120-133000-4444", 0.0, candidate=draft.candidate)
        self.rows.append(row)
        return Opened(id=row.id, words=f"{row.id} listens on 127.0.0.1:2302")


class Present:
    """Time passes when a test says so."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class Desk(Running[Choice]):
    """A running home, and how a test waits for it."""

    def __init__(self, app: HomeApp, feed: FakeHome, clock: Present) -> None:
        super().__init__(app)
        self.app = app
        self.feed = feed
        self.clock = clock

    async def type(self, words: str) -> None:
        """Type words, a key each."""
        await self.press(*("space" if each == " " else each for each in words))

    @property
    def marked(self) -> str | None:
        row = self.app.listing.marked
        return None if row is None else row.id

    @property
    def listed(self) -> list[str]:
        return [row.id for row in self.app.listing.rows]


@asynccontextmanager
async def run_home(
    feed: FakeHome | None = None, *, size: tuple[int, int] = (80, 24), **options: Any
) -> AsyncIterator[Desk]:
    """Run home with a feed; by default in 80x24."""
    feed = feed or FakeHome()
    clock = Present()
    app = HomeApp(feed, clock=clock, **options)
    desk = Desk(app, feed, clock)
    async with app.run_test(size=size, message_hook=desk.hear, notifications=True) as pilot:
        desk.pilot = pilot
        await desk.until(lambda: (feed.reads and app._read) or feed.failure)
        if feed.rows and feed.failure is None:
            await desk.until(lambda: app.listing.rows and app._detail is not None)
        yield desk
