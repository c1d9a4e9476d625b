"""Two sessions to compare, and an app that waits for what it does, not for time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from analyzer.models.tasks import Tasks
from analyzer.records import Phase
from recorder.exercise.loader import load_exercise
from recorder.home import Home
from tests.tui.seat.running import PATIENCE, Running
from tests.tui.seat.support import (
    FIRST,
    FakeClock,
    FakeFeed,
    make_command,
    make_tag,
)
from tui.seat.beside.app import BesideApp
from tui.seat.beside.source import Setting
from tui.seat.feed import Findings, Overview, Terminal

GHOST = Tasks(load_exercise(Home(Path("no-such-home")), "ghost").plan)
TITLES = {"apache-stopped": "Apache was stopped", "apt-upgrade": "Upgraded packages"}


def make_phase(start: float, until: float, topic: str, activity: str = "configuring") -> Phase:
    return Phase(start=start, until=until, topic=topic, activity=activity, confidence=0.8)


@dataclass
class FakeSource(FakeFeed):
    """A feed that also tells clock and tasks; `analysis` holds its findings back."""

    measured: Setting = field(default_factory=Setting)
    share: float | None = None
    analysis: threading.Event | None = None

    def setting(self) -> Setting:
        return self.measured

    def progress(self) -> float | None:
        return self.share

    def findings(self) -> Findings:
        if self.analysis is not None:
            self.analysis.wait(PATIENCE)
        return super().findings()


def make_source(
    name: str, duration: float, found: Findings, *, clock: float, **changes: Any
) -> FakeSource:
    values: dict[str, Any] = {
        "overview": Overview(
            session=name[:3].lower(),
            candidate=name,
            target="practice",
            started=datetime(2026, 11, 20, 13, tzinfo=UTC),
            duration=duration,
            terminals=(Terminal(key=FIRST, opened=0.0, user="candidate"),),
        ),
        "outputs": [(float(t), FIRST) for t in range(int(duration) + 1)],
        "found": found,
        "measured": Setting(clock_started=clock, first_output=0.0, exercise="ghost", tasks=GHOST),
    }
    return FakeSource(**(values | changes))


def make_left(**changes: Any) -> FakeSource:
    """Ten minutes: Ghost, basic auth, Ghost again, SSH at last; her clock was started at 60 s."""
    found = Findings(
        tags=(
            make_tag("l1", 100.0),
            make_tag("l2", 350.0, "failed", signal="apt-upgrade"),
            make_tag("l3", 355.0, "failed", signal="apt-upgrade"),
        ),
        commands=(
            make_command("c1", 90.0, "sudo systemctl stop apache2"),
            make_command("c2", 520.0, "sudo nano /etc/ssh/sshd_config"),
        ),
        titles=TITLES,
        phases=(
            make_phase(0, 300, "ghost", "installing"),
            make_phase(300, 400, "basic-auth"),
            make_phase(400, 500, "ghost", "debugging"),
            make_phase(500, 600, "ssh"),
        ),
    )
    return make_source("Ada Example", 600.0, changes.pop("found", found), clock=60.0, **changes)


def make_right(**changes: Any) -> FakeSource:
    """Nine minutes: SSH first, then Ghost, then nothing of it; his clock was started at 30 s."""
    found = Findings(
        tags=(make_tag("r1", 50.0, signal="lockout-tested"), make_tag("r2", 200.0)),
        commands=(make_command("c1", 40.0, "[bold]not markup[/bold]", outcome="failed"),),
        titles=TITLES,
        phases=(
            make_phase(0, 120, "ssh"),
            make_phase(120, 480, "ghost", "installing"),
            make_phase(480, 540, "other", "idle"),
        ),
    )
    return make_source("Ben Sample", 540.0, changes.pop("found", found), clock=30.0, **changes)


class Two(Running[None]):
    """A running comparison, and how a test waits for it."""

    def __init__(self, app: BesideApp, sources: tuple[FakeSource, FakeSource]) -> None:
        super().__init__(app)
        self.app = app
        self.pair = app.pair
        self.sources = sources
        self.clock = FakeClock()

    async def pass_time(self, seconds: float) -> None:
        """Let the viewer's time pass, and the app take notice."""
        self.clock.now += seconds
        self.app.beat()
        await self.pilot.pause()

    @property
    def times(self) -> tuple[float, float]:
        """Where both sessions stand."""
        one, other = (each.transport.position for each in self.pair.players)
        return round(one, 3), round(other, 3)

    async def settled(self) -> None:
        """Wait until both screens are those of the times that are shown."""
        await self.until(
            lambda: all(
                side.picture is not None
                and abs(side.picture.t - side.transport.position) < 1e-3
                and self._has_cursor(half)
                for side, half in zip(self.pair.players, (0, 1), strict=True)
                if not self.pair.is_broken(half)
            )
        )
        await self.pass_time(0)

    def _has_cursor(self, half: int) -> bool:
        view = self.app.halves[half].view
        if view.frame is None or not view.keeps_cursor or not view.display:
            return True
        return view.offset_y <= view.frame.cursor_y < view.offset_y + view.size.height


@asynccontextmanager
async def run_two(
    left: FakeSource | None = None,
    right: FakeSource | None = None,
    *,
    size: tuple[int, int] = (120, 40),
    ready: bool = True,
    **options: Any,
) -> AsyncIterator[Two]:
    """Run the comparison of two sessions, paused at the beginning."""
    sources = (left or make_left(), right or make_right())
    clock = FakeClock()
    one, other = sources
    app = BesideApp((lambda: one, lambda: other), clock=clock, **options)
    app.pair.common.playing = False
    two = Two(app, sources)
    two.clock = clock
    threads = set(threading.enumerate())
    async with app.run_test(size=size, message_hook=two.hear, notifications=True) as pilot:
        two.pilot = pilot
        if ready:
            await two.until(lambda: app.pair.knows_tasks)
            await two.settled()
        yield two
    for each in sources:
        assert await asyncio.to_thread(each.closed.wait, PATIENCE)
    mine = [each for each in set(threading.enumerate()) - threads if "asyncio" not in each.name]
    assert mine == []


def longer(source: FakeSource, duration: float, *, live: bool) -> None:
    """Let a live session go on."""
    source.overview = replace(source.overview, duration=duration, live=live)
