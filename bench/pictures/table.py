"""Which pictures there are: one line each, and how its screen is come to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from textual.app import App
from textual.pilot import Pilot

from bench.pictures.stage import SESSION, Set, motionless, seated, until
from tui.seat import SessionSummary
from tui.seat.app import ReplayApp
from tui.seat.sessions import SessionsApp

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
    return SessionsApp(lambda: _ROWS)


def _live(scene: Set) -> App[Any]:
    return ReplayApp(scene.feed(until=LIVE_AT), live=True, clock=motionless)


def _replay(scene: Set) -> App[Any]:
    app = ReplayApp(scene.feed(), clock=motionless)
    app.player.transport.playing = False
    return app


async def _listed(pilot: Pilot[Any]) -> None:
    await until(pilot, lambda: getattr(pilot.app, "rows", ()))


async def _at_work(pilot: Pilot[Any]) -> None:
    await seated(pilot)


async def _looking_back(pilot: Pilot[Any]) -> None:
    await seated(pilot, REPLAY_AT)


async def _helped(pilot: Pilot[Any]) -> None:
    await seated(pilot, REPLAY_AT)
    await pilot.press("question_mark")
    await until(pilot, lambda: len(pilot.app.screen_stack) > 1)
    await pilot.pause(0.1)


def _row(number: int, candidate: str, state: str, minutes: float, tags: int) -> SessionSummary:
    return SessionSummary(
        id=SESSION if number == 0 else f"k{number}demo{number:02}",
        state=state,
        live=state == "live",
        candidate=candidate,
        target="web01:22",
        started=_STARTED - timedelta(hours=26 * number),
        duration=minutes * 60,
        tags=tags,
    )


_ROWS = (
    _row(0, "Ada Example", "live", LIVE_AT / 60, 4),
    _row(1, "Bo Sample", "closed", 61.2, 17),
    _row(2, "Cy Specimen", "closed", 58.7, 9),
    _row(3, "Di Template", "cut-off", 23.4, 3),
)

PICTURES = (
    Shot(name="home", size=(110, 16), app=_home, act=_listed),
    Shot(name="live", size=(140, 38), app=_live, act=_at_work),
    Shot(name="replay", size=(140, 38), app=_replay, act=_looking_back),
    Shot(name="help", size=(120, 40), app=_replay, act=_helped),
)
