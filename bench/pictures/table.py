"""Which pictures there are: one line each, and how its screen is come to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from textual.app import App
from textual.pilot import Pilot

from bench.pictures.judged import ASKED, begun, opened
from bench.pictures.stage import Set, motionless, seated, shown, until
from tests.tui.seat.home.support import NOW, FakeHome, a_live_one, a_sitting
from tui.debrief.app import DebriefApp
from tui.debrief.feed import StoredDebrief
from tui.person import sit_as
from tui.seat.app import ReplayApp
from tui.seat.beside.app import BesideApp
from tui.seat.beside.recorded import RecordedSource
from tui.seat.home.app import HomeApp

LIVE_AT = 1900.0
"""Seconds into the session of the live pictures: 32 minutes, just after Apache was stopped."""

REPLAY_AT = 1430.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One picture: its file's name, its size in cells, its app, and what is done before it."""

    name: str
    size: tuple[int, int]
    app: Callable[[Set], App[Any]]
    act: Callable[[Pilot[Any]], Awaitable[None]]


def _home(_set: Set) -> App[Any]:
    rows = [
        a_live_one("kettle01", candidate="Ada Example", target="web01:22"),
        a_sitting("kettle02", 26, candidate="Bo Sample", target="web01:22"),
        a_sitting("kettle03", 52, candidate="Cy Specimen", target="web01:22", state="cut-off"),
        a_sitting("kettle04", 76, candidate="Di Template", target="web01:22"),
    ]
    return HomeApp(FakeHome(rows=rows), clock=lambda: NOW, can_compare=True, can_debrief=True)


def _sidebar(scene: Set) -> App[Any]:
    return ReplayApp(scene.feed(until=LIVE_AT), live=True, sidebar=True, clock=motionless)


def _beside(scene: Set) -> App[Any]:
    one, other = (
        partial(RecordedSource, each, scene.engine, fallback=None)
        for each in (scene.directory, scene.other)
    )
    return BesideApp((one, other), clock=motionless)


def _live(scene: Set) -> App[Any]:
    return ReplayApp(scene.feed(until=LIVE_AT), live=True, clock=motionless)


def _replay(scene: Set) -> App[Any]:
    app = ReplayApp(scene.feed(), clock=motionless)
    app.player.transport.playing = False
    return app


def _card(scene: Set) -> App[Any]:
    begun(scene)
    sit_as(ASKED[0], "facilitator")
    return _replay(scene)


def _debrief(scene: Set) -> App[Any]:
    feed = StoredDebrief(
        book=opened(scene), viewer=ASKED[0], replayable=True, writes_files=True,
        note=lambda _where: None,
    )  # fmt: skip
    return DebriefApp(feed)


async def _listed(pilot: Pilot[Any]) -> None:
    # The marked row's details are read after the list.
    await until(pilot, lambda: "Di Template" in shown(pilot) and "2 now" in shown(pilot))


async def _beside_the_call(pilot: Pilot[Any]) -> None:
    await until(pilot, lambda: "Ada Example" in shown(pilot) and "sshd" in shown(pilot))
    await pilot.pause(0.3)


async def _compared(pilot: Pilot[Any]) -> None:
    await until(pilot, lambda: "Bo Sample" in shown(pilot) and "Ada Example" in shown(pilot))
    await pilot.press("space")
    for _ in range(6):
        await pilot.press("n")
        await pilot.pause(0.2)
    await pilot.pause(0.5)


async def _at_work(pilot: Pilot[Any]) -> None:
    await seated(pilot)


async def _looking_back(pilot: Pilot[Any]) -> None:
    await seated(pilot, REPLAY_AT)


async def _judging(pilot: Pilot[Any]) -> None:
    await seated(pilot, REPLAY_AT)
    await pilot.press("C")
    await until(pilot, lambda: "Others:" in shown(pilot))
    await pilot.press("down", "down", "down", "down")
    await until(pilot, lambda: "and stopped Apache" in shown(pilot))
    await pilot.pause(0.1)


async def _talking(pilot: Pilot[Any]) -> None:
    await until(pilot, lambda: "differ" in shown(pilot))
    await pilot.press("n", "down")
    await until(pilot, lambda: "1 of 8" in shown(pilot))
    await pilot.pause(0.1)


async def _helped(pilot: Pilot[Any]) -> None:
    await seated(pilot, REPLAY_AT)
    await pilot.press("question_mark")
    await until(pilot, lambda: len(pilot.app.screen_stack) > 1)
    await pilot.pause(0.1)


PICTURES = (
    Shot(name="home", size=(120, 24), app=_home, act=_listed),
    Shot(name="live", size=(140, 38), app=_live, act=_at_work),
    Shot(name="sidebar", size=(44, 44), app=_sidebar, act=_beside_the_call),
    Shot(name="replay", size=(140, 38), app=_replay, act=_looking_back),
    Shot(name="beside", size=(170, 42), app=_beside, act=_compared),
    Shot(name="help", size=(120, 40), app=_replay, act=_helped),
    # These two let somebody judge the session, and come last for that.
    Shot(name="card", size=(120, 31), app=_card, act=_judging),
    Shot(name="debrief", size=(110, 28), app=_debrief, act=_talking),
)
