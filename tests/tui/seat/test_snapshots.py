"""What the seat looks like, at a fixed clock and size. Behaviour is tested beside this."""

from __future__ import annotations

import pytest

from tests.tui.pictures import SNAPSHOTS, check_picture
from tests.tui.seat.support import run_replay


@pytest.mark.parametrize("size", [(80, 24), (120, 34)], ids=["80x24", "120x34"])
async def test_the_seat_looks_as_it_did(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    path = SNAPSHOTS / f"replay-{size[0]}x{size[1]}.svg"
    async with run_replay(size=size) as seat:
        await seat.press("n", "n")
        await seat.at(58.0)
        check_picture(seat.app, path)
