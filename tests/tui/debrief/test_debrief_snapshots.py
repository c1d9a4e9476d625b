"""What the debrief looks like, at a fixed size. Behaviour is tested beside this."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from recorder.home import Home
from tests.tui.debrief.running import Table, run_debrief
from tests.tui.debrief.support import CARDS, asked, opened_book, recorded_book, submit
from tests.tui.pictures import check_picture
from tui.seat.themes import use_theme

SNAPSHOTS = Path(__file__).parent / "snapshots"
SIZES = [(80, 24), (120, 40)]


def check(table: Table, name: str) -> None:
    path = SNAPSHOTS / f"{name}.svg"
    check_picture(table.app, path)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_debrief_looks_as_it_did(
    home: Home, engine: Engine, size: tuple[int, int]
) -> None:
    book = opened_book(home, engine)
    words = f"{size[0]}x{size[1]}"
    async with run_debrief(book, "ada", size=size) as table:
        await table.shows("1 of 3 differ", "No decision yet")
        check(table, f"overview-{words}")
        await table.press("n", "down")
        await table.shows("▶ 1:00")
        check(table, f"matter-{words}")


async def test_before_the_opening_it_looks_as_it_did(home: Home, engine: Engine) -> None:
    book = recorded_book(home, engine)
    asked(book, *CARDS)
    submit(book, "ada", "cleo")
    async with run_debrief(book, "ada") as table:
        await table.shows("Waiting for bo")
        check(table, "waiting-80x24")


async def test_without_colours_the_mark_is_told_by_its_sign(home: Home, engine: Engine) -> None:
    use_theme("plain")
    async with run_debrief(opened_book(home, engine), "ada") as table:
        await table.press("n", "down")
        await table.shows("▶ 1:00", "· 3:20")
        check(table, "matter-80x24-plain")
