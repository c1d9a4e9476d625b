"""What the seat looks like, at a fixed clock and size. Behaviour is tested beside this.

After a change that is wanted, write them anew with ``UPDATE_SNAPSHOTS=1 pytest`` on this file, and
look at the pictures before keeping them.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.tui.seat.support import run_replay

SNAPSHOTS = Path(__file__).parent / "snapshots"


def normalised(svg: str) -> str:
    """Leave out the identifier that Textual makes from everything else in the picture."""
    return re.sub(r"terminal-\d+", "terminal-0", svg) + "\n"


@pytest.mark.parametrize("size", [(80, 24), (120, 34)], ids=["80x24", "120x34"])
async def test_the_seat_looks_as_it_did(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    path = SNAPSHOTS / f"replay-{size[0]}x{size[1]}.svg"
    async with run_replay(size=size) as seat:
        await seat.press("n", "n")
        await seat.at(58.0)
        seen = normalised(seat.app.export_screenshot(title="jumpseat"))
    if os.environ.get("UPDATE_SNAPSHOTS"):
        SNAPSHOTS.mkdir(exist_ok=True)
        path.write_text(seen)
    assert seen == path.read_text(), f"{path.name} differs; see this file's docstring"
