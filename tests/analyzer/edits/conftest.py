"""Seats for the tests of file edits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.analyzer.edits.seats import Seat

SeatFactory = Callable[..., Seat]


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[SeatFactory]:
    """Return a function that starts a bash; all of them end with the test."""
    seats: list[Seat] = []

    def start(**options: str | int) -> Seat:
        home = tmp_path / "home"
        home.mkdir(exist_ok=True)
        seats.append(Seat(home, **options))  # type: ignore[arg-type]  # sizes and variables alike
        return seats[-1]

    yield start
    for each in seats:
        each.close()
