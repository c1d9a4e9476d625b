"""The session that the pictures show: in a home of its own, analysed, stopped at a moment.

Nothing here depends on when or where it is done. Which pictures there are is `table`'s.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import typing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from textual.pilot import Pilot

from analyzer.index.build import ensure_indexed
from analyzer.service import ensure_analysed
from recorder.exercise.loader import read_exercise, shipped_directory
from recorder.home import Home
from recorder.store.engine import open_engine
from recorder.store.migrations import upgrade
from tui.seat.app import ReplayApp
from tui.seat.feed import Feed, Findings, Overview, Picture
from tui.seat.recording_feed import RecordingFeed

DEMO = Path(__file__).parent / "demo"
SESSION = "kettle01"
OTHER = "kettle02"
_QUICKER = 0.8
_PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Set:
    """What a picture can be taken of: the home with the session, and its store."""

    home: Home
    engine: Engine

    @property
    def directory(self) -> Path:
        """The recording."""
        return self.home.recording(SESSION)

    @property
    def other(self) -> Path:
        """Another candidate's, who was quicker."""
        return self.home.recording(OTHER)

    def feed(self, *, until: float | None = None) -> Feed:
        """Return the session's feed; with ``until`` seconds, as if it were live at that moment."""
        feed = RecordingFeed(self.directory, self.engine)
        return feed if until is None else typing.cast("Feed", Until(feed, until))


@contextmanager
def staged(place: Path) -> Iterator[Set]:
    """Lay out a home with the session, analysed and indexed."""
    home = Home(place / "home").ensure()
    shutil.copytree(DEMO, home.recording(SESSION))
    _add_competencies(home.recording(SESSION))
    engine = open_engine(home.database_url)
    try:
        upgrade(engine)
        _write_other(home.recording(SESSION), home.recording(OTHER))
        for each in (SESSION, OTHER):
            ensure_analysed(home.recording(each), engine)
            ensure_indexed(home.recording(each))
        yield Set(home, engine)
    finally:
        engine.dispose()


def _add_competencies(directory: Path) -> None:
    """Give the recorded plan what the exercise is judged by: it is older than that."""
    plan = read_exercise(Home(directory), shipped_directory() / "ghost.toml").plan
    known = plan.model_dump(mode="json", by_alias=True, exclude_none=True)["competency"]
    journal = []
    for line in (directory / "session.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        if entry["event"] == "exercise":
            entry["plan"]["competency"] = known
        journal.append(json.dumps(entry))
    (directory / "session.jsonl").write_text("\n".join(journal) + "\n", encoding="utf-8")


def _write_other(source: Path, place: Path) -> None:
    """Write the same session at another pace, as another candidate's."""
    place.mkdir()
    journal = []
    for line in (source / "session.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        entry["t"] = round(entry["t"] * _QUICKER, 6)
        if entry["event"] == "session-opened":
            entry |= {"session": OTHER, "candidate": "Bo Sample"}
        journal.append(json.dumps(entry))
    (place / "session.jsonl").write_text("\n".join(journal) + "\n", encoding="utf-8")
    header, *events = (source / "c1-1.cast").read_text(encoding="utf-8").splitlines()
    cast = [header]
    for line in events:
        passed, code, data = json.loads(line)
        cast.append(json.dumps([round(passed * _QUICKER, 6), code, data]))
    (place / "c1-1.cast").write_text("\n".join(cast) + "\n", encoding="utf-8")


class Until:
    """A finished session's feed that knows nothing of what comes after a moment."""

    def __init__(self, feed: RecordingFeed, t: float) -> None:
        self._feed = feed
        self._t = t

    def open(self) -> Overview:
        """Return it as if it were live."""
        return self._as_live(self._feed.open())

    def refresh(self) -> Overview:
        """Return the same again: no time passes."""
        return self._as_live(self._feed.refresh())

    def _as_live(self, overview: Overview) -> Overview:
        opened = tuple(each for each in overview.terminals if each.opened <= self._t)
        terminals = tuple(replace(each, closed=None) for each in opened)
        return replace(overview, live=True, duration=self._t, terminals=terminals)

    def picture(self, t: float, terminal: Any) -> Picture:
        """Return what was to be seen, with nothing after the moment."""
        return replace(self._feed.picture(t, terminal), following=None)

    def findings(self) -> Findings:
        """Return what was found by then."""
        found = self._feed.findings()
        return replace(
            found,
            tags=tuple(each for each in found.tags if each.t <= self._t),
            commands=tuple(each for each in found.commands if each.t <= self._t),
            late=0,
        )

    def __getattr__(self, name: str) -> Any:
        """Leave all else to the session's own feed."""
        return getattr(self._feed, name)


async def until(pilot: Pilot[Any], true: Callable[[], object]) -> None:
    """Wait until an app has come so far.

    Raises:
        TimeoutError: It has not, in a minute.

    """
    async with asyncio.timeout(_PATIENCE):
        while not true():
            await pilot.pause(0.02)
    await pilot.pause()


def shown(pilot: Pilot[Any]) -> str:
    """Return what an app's screen says."""
    strips = pilot.app.screen._compositor.render_strips()  # noqa: SLF001 - Textual has no other way
    return "\n".join("".join(part.text for part in strip) for strip in strips)


async def seated(pilot: Pilot[Any], position: float | None = None) -> None:
    """Wait until screen and lists of a seat are shown, at a position if one is given."""
    app = typing.cast("ReplayApp", pilot.app)
    player = app.player
    await until(pilot, lambda: player.picture is not None and player.commands)
    if position is not None:
        player.seek(position)
        app.beat()
    await until(
        pilot,
        lambda: (
            player.picture is not None
            and abs(player.picture.t - player.transport.position) < 1e-3  # noqa: PLR2004 - a frame
            and not player.is_asking
        ),
    )
    app.beat()
    await pilot.pause(0.1)


def motionless() -> float:
    """Return the viewer's time: it stands still."""
    return 0.0
