from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

import tui.seat
import tui.seat.sessions
from recorder.errors import StoreError
from tests.tui.seat.support import PATIENCE
from tui.seat import SessionSummary, run_sessions
from tui.seat.sessions import SessionsApp
from tui.seat.sessions_table import draw_header, draw_session, in_order, widths_for

START = datetime(2026, 11, 20, 13, 0, tzinfo=UTC)


def a_row(id: str, minutes: int = 0, **more: Any) -> SessionSummary:  # noqa: A002
    values: dict[str, Any] = {
        "state": "closed",
        "live": False,
        "candidate": "Ada Example",
        "target": "web-1.marketing.example:22",
        "duration": 2723.0,
        "tags": 14,
    }
    return SessionSummary(id=id, started=START + timedelta(minutes=minutes), **(values | more))


@asynccontextmanager
async def shown(
    list_rows: Callable[[], Sequence[SessionSummary]], size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[SessionsApp, Pilot[SessionSummary], Callable[[Callable[[], Any]], Any]]]:
    app = SessionsApp(list_rows)
    news = asyncio.Event()

    async def until(true: Callable[[], Any]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not true():
                news.clear()
                await news.wait()
                await pilot.pause()

    async with app.run_test(size=size, message_hook=lambda _: news.set()) as pilot:
        yield app, pilot, until


def text_of(app: SessionsApp) -> str:
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(part.text for part in strip) for strip in strips)


def test_live_sessions_come_first_then_the_youngest() -> None:
    rows = [a_row("old"), a_row("young", 9), a_row("live", 5, live=True, state="open")]
    assert [row.id for row in in_order(rows)] == ["live", "young", "old"]


@pytest.mark.parametrize("columns", [60, 76, 120, 200])
def test_rows_fit_the_terminal_and_stand_under_their_names(columns: int) -> None:
    rows = [
        a_row("20261120-130000-7f3a", candidate="Ada Example With A Very Long Name Indeed"),
        a_row("s", candidate=None, duration=None, live=True, state="open"),
    ]
    widths = widths_for(rows, columns)
    header = draw_header(widths).plain
    for row in rows:
        line = draw_session(row, widths).plain
        assert cell_len(line) == cell_len(header) <= max(columns, 76)
        assert line[header.index("session") - 1] == " "


def test_times_are_local(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC-02:00")
    time.tzset()
    try:
        rows = [a_row("s")]
        assert "2026-11-20 15:00" in draw_session(rows[0], widths_for(rows, 120)).plain
    finally:
        monkeypatch.undo()
        time.tzset()


async def test_enter_opens_the_marked_session() -> None:
    rows = [a_row("one", 1), a_row("two", 2), a_row("three", 3)]
    async with shown(lambda: rows) as (app, pilot, until):
        await until(lambda: "three" in text_of(app))
        for words in ("three", "two", "one", "Ada Example", "45:23", "14", "closed"):
            assert words in text_of(app)
        await pilot.press("down", "j", "up", "enter")
    assert app.return_value == rows[1]


async def test_home_and_end_go_to_the_first_and_the_last() -> None:
    rows = [a_row(str(minute), minute) for minute in range(60)]
    async with shown(lambda: rows) as (app, pilot, until):
        await until(lambda: app.rows)
        await pilot.press("end")
        assert app.marked == rows[0]
        await pilot.press("home")
        assert app.marked == rows[59]


async def test_q_leaves_without_a_choice() -> None:
    async with shown(lambda: [a_row("one")]) as (app, pilot, until):
        await until(lambda: app.rows)
        await pilot.press("q")
    assert app.return_value is None


async def test_no_sessions_says_how_to_get_one() -> None:
    async with shown(list) as (app, pilot, until):
        await until(lambda: "No session was recorded yet." in text_of(app))
        await until(lambda: "jumpseat demo" in text_of(app))
        await pilot.press("enter")
        assert not app._exit


async def test_sessions_come_and_go_while_the_list_is_shown_and_the_mark_stays() -> None:
    rows = [a_row("one", 1), a_row("two", 2)]
    async with shown(lambda: tuple(rows)) as (app, pilot, until):
        await until(lambda: app.rows)
        await pilot.press("down")
        rows.append(a_row("new", 9, live=True, state="open", duration=None))
        await until(lambda: "LIVE" in text_of(app))
        assert app.marked == rows[0]


async def test_a_wider_terminal_shows_more_of_each() -> None:
    target = "a-rather-long-name-of-a-target.marketing.example:22"
    async with shown(lambda: [a_row("one", target=target)]) as (app, pilot, until):
        await until(lambda: app.rows)
        assert target not in text_of(app)
        await pilot.resize_terminal(160, 24)
        await until(lambda: target in text_of(app))


async def test_a_store_that_cannot_be_read_ends_the_list_with_its_reason() -> None:
    def list_rows() -> Sequence[SessionSummary]:
        raise StoreError("locked", "wait")

    async with shown(list_rows) as (app, _, until):
        await until(lambda: app._exit)
    assert str(app.failure) == "locked; wait"


class _Answers:
    """Stands in for the app on a terminal: answers with choices made beforehand."""

    def __init__(self, choices: list[SessionSummary | None], failure: StoreError | None) -> None:
        self.choices = choices
        self.failure = failure
        self.selected: list[str | None] = []

    def __call__(self, _list_rows: object, *, selected: str | None) -> _Answers:
        self.selected.append(selected)
        return self

    def run(self) -> SessionSummary | None:
        return self.choices.pop(0)


def test_after_a_session_the_list_is_shown_again_on_the_same_row(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = a_row("one")
    answers = _Answers([row, None], None)
    monkeypatch.setattr(tui.seat.sessions, "SessionsApp", answers)
    opened: list[SessionSummary] = []
    run_sessions(lambda: [row], opened.append)
    assert opened == [row]
    assert answers.selected == [None, "one"]


def test_what_could_not_be_listed_is_raised_to_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    failure = StoreError("gone", "look")
    monkeypatch.setattr(tui.seat.sessions, "SessionsApp", _Answers([None], failure))
    with pytest.raises(StoreError, match="gone"):
        run_sessions(list, print)
