"""Moments as people write them on the command line."""

from __future__ import annotations

import pytest

from recorder.errors import UsageError
from tui.cli.times import parse_time


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("0", 0.0), ("754", 754.0), ("90.5", 90.5), ("12:34", 754.0), (" 12:34.5 ", 754.5),
        ("1:02:03", 3723.0), ("1:2:3", 3723.0), ("0:59", 59.0), ("90:00", 5400.0),
        ("100:59:59", 363599.0),
    ],
)  # fmt: skip
def test_a_moment_is_read_as_on_a_clock_or_in_seconds(words: str, seconds: float) -> None:
    assert parse_time(words) == seconds


@pytest.mark.parametrize(
    "words",
    ["99:99", "12:60", "1:60:00", "1:00:60", "0:75.5", "", ":", "1:", ":30", "-1", "1e3", "١٢"],
)  # fmt: skip
def test_what_no_clock_shows_is_a_slip_and_no_moment(words: str) -> None:
    with pytest.raises(UsageError, match="not a time"):
        parse_time(words)
