"""Home against a real `jumpseat serve`: a session by form, steered by keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from recorder.home import Home
from recorder.store.engine import open_engine
from recorder.store.migrations import prepare
from tests.end_to_end.support.host import Host
from tests.end_to_end.support.recordings import journal
from tests.end_to_end.support.sshd import StockSshd
from tests.tui.seat.home.support import Desk
from tui.seat.home.app import HomeApp
from tui.seat.home.stored import StoredHome


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    host = Host(tmp_path / "host")
    host.start()
    yield host
    host.stop()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    home = Home(tmp_path / "host" / "home")
    home.ensure()
    engine = open_engine(home.database_url)
    prepare(engine)
    yield engine
    engine.dispose()


def desk_of(engine: Engine, home: Path) -> Desk:
    app = HomeApp(StoredHome(engine, Home(home)))
    return Desk(app, None, None)  # type: ignore[arg-type]  # the feed and the clock are real ones


async def test_a_session_is_opened_by_form_steered_and_closed(
    host: Host, engine: Engine, stock_sshd: StockSshd
) -> None:
    desk = desk_of(engine, host.home)
    async with desk.app.run_test(
        size=(120, 40), message_hook=desk.hear, notifications=True
    ) as desk.pilot:
        await desk.shows("No session was recorded yet.")
        await desk.press("n")
        await desk.shows("New session")
        await desk.type("Ada Example")
        await desk.press("tab", "tab")
        await desk.type("127.0.0.1:99999")
        await desk.press("tab")
        await desk.type("127.0.0.1")
        await desk.press("enter")
        # Each at its field, before anything was sent; what was typed is still there.
        await desk.shows("no such port: 99999", "127.0.0.1 was not admitted", "Ada Example")
        assert not (host.home / "recordings").exists() or not list(
            (host.home / "recordings").iterdir()
        )
        await desk.press("end", *["backspace"] * 5)
        await desk.type(stock_sshd.address.rpartition(":")[2])
        await desk.press("tab", "tab", "space", "enter")
        await desk.shows("listens on 127.0.0.1:", "admits 127.0.0.1")
        await desk.shows("● live", "Ada Example", "not started", "candidate's port 127.0.0.1:")
        session = desk.marked
        assert session is not None
        await desk.press("s", "enter")
        await desk.shows("59:")
        await desk.press("plus", "enter")
        await desk.shows("64:")
        await desk.press("c", "enter")
        await desk.shows("■ closed")
    directory = host.home / "recordings" / session
    (opened,) = journal(directory, "session-opened")
    assert opened["candidate"] == "Ada Example"
    (given,) = journal(directory, "address-given")
    assert (given["address"], given["admitted"]) == ("127.0.0.1/32", True)
    (extended,) = journal(directory, "clock-extended")
    assert extended["by"] == 300
    assert journal(directory, "clock-started")
    assert journal(directory, "session-closed")


async def test_without_a_running_serve_the_form_says_how_to_start_one(
    tmp_path: Path, engine: Engine
) -> None:
    desk = desk_of(engine, tmp_path / "host" / "home")
    async with desk.app.run_test(
        size=(120, 40), message_hook=desk.hear, notifications=True
    ) as desk.pilot:
        await desk.press("n")
        await desk.shows("New session", "none")
        await desk.press("tab", "tab")
        await desk.type("practice")
        await desk.press("enter")
        await desk.shows("no `jumpseat serve` is running", "jumpseat serve --listen", "practice")
