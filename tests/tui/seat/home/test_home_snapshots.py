"""What home looks like, at a fixed clock and size. Behaviour is tested beside this."""

from __future__ import annotations

import pytest

from tests.tui.pictures import SNAPSHOTS, check_picture
from tests.tui.seat.home.support import Desk, run_home
from tui.seat.themes import use_theme

SIZES = [(80, 24), (120, 40), (200, 60)]


@pytest.fixture(autouse=True)
def _same_everywhere(monkeypatch: pytest.MonkeyPatch, universal_time: None) -> None:
    del universal_time
    monkeypatch.delenv("NO_COLOR", raising=False)


def check(desk: Desk, name: str) -> None:
    path = SNAPSHOTS / f"{name}.svg"
    check_picture(desk.app, path)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_home_looks_as_it_did(size: tuple[int, int]) -> None:
    async with run_home(size=size, can_compare=True, can_debrief=True) as desk:
        await desk.press("down")
        await desk.until(lambda: desk.app._detail and desk.app._detail.id == desk.marked)
        await desk.shows("connections 2 now")
        check(desk, f"home-{size[0]}x{size[1]}")


@pytest.mark.parametrize("theme", ["light", "contrast", "plain"])
async def test_home_looks_as_it_did_in_every_theme(theme: str) -> None:
    use_theme(theme)
    async with run_home(can_compare=True, can_debrief=True) as desk:
        await desk.shows("connections 2 now")
        check(desk, f"home-80x24-{theme}")


async def test_the_form_looks_as_it_did() -> None:
    async with run_home() as desk:
        await desk.press("n")
        await desk.until(lambda: desk.app.focused and desk.app.focused.id == "candidate")
        await desk.press("tab")
        await desk.shows("New session")
        await desk.until(lambda: desk.app.focused and desk.app.focused.id == "exercise")
        check(desk, "home-form-80x24")
