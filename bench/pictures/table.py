"""Which pictures there are: one line each, and how its screen is come to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from textual.app import App
from textual.pilot import Pilot

from bench.pictures.stage import SESSION, Set, motionless, seated, until
from tui.seat.app import ReplayApp
from tui.seat.home.app import HomeApp
from tui.seat.home.sittings import (
    Detail,
    Draft,
    ExerciseChoice,
    LastTag,
    Opened,
    PlannedPhase,
    Sitting,
)

LIVE_AT = 1900.0
"""Seconds into the session of the live pictures: 32 minutes, just after Apache was stopped."""

REPLAY_AT = 1430.0
_STARTED = datetime(2026, 11, 20, 13, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One picture: its file's name, its size in cells, its app, and what is done before it."""

    name: str
    size: tuple[int, int]
    app: Callable[[Set], App[Any]]
    act: Callable[[Pilot[Any]], Awaitable[None]]


def _home(_set: Set) -> App[Any]:
    return HomeApp(_Listed(), clock=lambda: _STARTED + timedelta(seconds=LIVE_AT))


def _live(scene: Set) -> App[Any]:
    return ReplayApp(scene.feed(until=LIVE_AT), live=True, clock=motionless)


def _replay(scene: Set) -> App[Any]:
    app = ReplayApp(scene.feed(), clock=motionless)
    app.player.transport.playing = False
    return app


async def _listed(pilot: Pilot[Any]) -> None:
    app = pilot.app
    await until(pilot, lambda: isinstance(app, HomeApp) and app.listing.rows)
    await pilot.press("down", "up")
    await until(pilot, lambda: isinstance(app, HomeApp) and app.is_settled)


async def _at_work(pilot: Pilot[Any]) -> None:
    await seated(pilot)


async def _looking_back(pilot: Pilot[Any]) -> None:
    await seated(pilot, REPLAY_AT)


async def _helped(pilot: Pilot[Any]) -> None:
    await seated(pilot, REPLAY_AT)
    await pilot.press("question_mark")
    await until(pilot, lambda: len(pilot.app.screen_stack) > 1)
    await pilot.pause(0.1)


class _Listed:
    """Home's feed of the picture: four sessions, of which the first is live."""

    def sittings(self) -> tuple[Sitting, ...]:
        return _ROWS

    def detail(self, session: str) -> Detail:
        title = "A Ghost blog on Marketing's server"
        return Detail(id=session, exercise=title, connections=1, users=("candidate",), notes=3)

    def exercises(self) -> tuple[ExerciseChoice, ...]:
        return ()

    def order(self, request: object) -> str:
        raise NotImplementedError(request)

    def open(self, draft: Draft) -> Opened:
        raise NotImplementedError(draft)


def _row(number: int, candidate: str, state: str, minutes: float, *counts: int) -> Sitting:
    live = state == "live"
    topics = zip(("ghost", "web", "ssh"), counts, strict=True)
    return Sitting(
        id=SESSION if number == 0 else f"k{number}demo{number:02}",
        state=state,
        candidate=candidate,
        target="web01:22",
        started=_STARTED - timedelta(hours=26 * number),
        duration=None if live else minutes * 60,
        listen="203.0.113.9:2222",
        clock_started=120.0 if live else None,
        clock_length=3600.0 if live else None,
        phases=_PHASES if live else (),
        topics=tuple(sorted(topics, key=lambda each: -each[1])),
        last=LastTag(title="Apache was stopped", t=minutes * 60 - 42),
    )


_PHASES = (
    PlannedPhase(title="Introduction", seconds=300),
    PlannedPhase(title="Work", seconds=2700, works=True),
    PlannedPhase(title="Review", seconds=600),
)
_ROWS = (
    _row(0, "Ada Example", "live", LIVE_AT / 60, 1, 2, 1),
    _row(1, "Bo Sample", "closed", 61.2, 9, 5, 3),
    _row(2, "Cy Specimen", "closed", 58.7, 2, 4, 3),
    _row(3, "Di Template", "cut-off", 23.4, 1, 1, 1),
)

PICTURES = (
    Shot(name="home", size=(110, 18), app=_home, act=_listed),
    Shot(name="live", size=(140, 38), app=_live, act=_at_work),
    Shot(name="replay", size=(140, 38), app=_replay, act=_looking_back),
    Shot(name="help", size=(120, 40), app=_replay, act=_helped),
)
