"""Real tmux and screen with a real bash inside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.multiplexed import Seat


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Callable[..., Seat]]:
    """Return a function that sits down at a terminal; all of them end with the test."""
    seats: list[Seat] = []

    def sit(size: tuple[int, int] = (80, 24), rc: str = "", prompt: str = "$ ") -> Seat:
        directory = tmp_path / str(len(seats))
        directory.mkdir()
        seats.append(Seat(directory, size, rc))
        seats[-1].sees(prompt)
        return seats[-1]

    yield sit
    for each in seats:
        each.close()
