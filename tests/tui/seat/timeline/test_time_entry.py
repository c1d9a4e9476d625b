from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.seat.timeline.time_entry import UNDERSTOOD, TimeEntryError, Where, parse_time

STARTED = datetime(2026, 11, 20, 13, 0, 20, tzinfo=UTC).astimezone()
HERE = Where(position=600.0, duration=7200.0, started=STARTED)


@pytest.mark.parametrize(
    ("typed", "t"),
    [
        ("12:34", 754.0),
        ("1:02:03", 3723.0),
        ("754", 754.0),
        ("0", 0.0),
        ("12.5", 12.5),
        ("90s", 90.0),
        ("2m", 120.0),
        ("1m30", 90.0),
        ("1h", 3600.0),
        ("1h2m3s", 3723.0),
        ("75:00", 4500.0),
        ("+30", 630.0),
        ("-1m", 540.0),
        ("+1:00", 660.0),
        ("- 30 s", 570.0),
        ("-1h", 0.0),
        ("+9h", 7200.0),
        ("50%", 3600.0),
        ("0%", 0.0),
        ("100 %", 7200.0),
        (" 12:34 ", 754.0),
    ],
)
def test_each_way_of_writing_a_time(typed: str, t: float) -> None:
    assert parse_time(typed, HERE) == pytest.approx(t)


@pytest.mark.parametrize("minutes", [1, 65])
def test_a_time_of_day_is_the_viewers(minutes: int) -> None:
    at = (STARTED + timedelta(minutes=minutes)).replace(second=0)
    expected = (at - STARTED).total_seconds()
    assert parse_time(f"@{at:%H:%M}", HERE) == expected
    assert parse_time(f"@{at:%H:%M}:30", HERE) == expected + 30


def test_the_minute_in_which_it_began_is_the_beginning() -> None:
    assert parse_time(f"@{STARTED:%H:%M}", HERE) == 0.0


def test_a_time_of_day_behind_midnight_is_the_next_days() -> None:
    late = STARTED.replace(hour=23, minute=30, second=0)
    where = Where(position=0.0, duration=7200.0, started=late)
    assert parse_time("@00:15", where) == 45 * 60


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", UNDERSTOOD),
        ("soon", UNDERSTOOD),
        ("12:3x", UNDERSTOOD),
        ("1:99", UNDERSTOOD),
        ("--5", UNDERSTOOD),
        ("+", UNDERSTOOD),
        ("٣", UNDERSTOOD),
        ("9" * 30, UNDERSTOOD),
        ("3:00:00", "the session is 2:00:00 long"),
        ("101%", "0% to 100%"),
        ("@25:00", "write @14:05"),
        ("@14", "write @14:05"),
        ("@12:00", "the session is 2:00:00 long"),
    ],
)
def test_what_is_no_time_is_said_with_what_would_be(typed: str, words: str) -> None:
    with pytest.raises(TimeEntryError) as raised:
        parse_time(typed, Where(position=0.0, duration=7200.0, started=STARTED.replace(hour=13)))
    assert words in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_recording_without_a_date_has_no_time_of_day() -> None:
    with pytest.raises(TimeEntryError, match="not known"):
        parse_time("@14:05", Where(position=0.0, duration=60.0))


@given(
    typed=st.text(max_size=40) | st.text("0123456789:+-@%.hms ", max_size=20),
    position=st.floats(0, 7200),
)
def test_whatever_is_typed_leads_into_the_session_or_to_an_error(
    typed: str, position: float
) -> None:
    try:
        t = parse_time(typed, Where(position=position, duration=7200.0, started=STARTED))
    except TimeEntryError:
        return
    assert 0.0 <= t <= 7200.0


@given(seconds=st.integers(0, 7200))
def test_a_clock_is_read_as_it_is_written(seconds: int) -> None:
    whole = f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    assert parse_time(whole, HERE) == seconds
    assert parse_time(f"{seconds // 60}:{seconds % 60:02}", HERE) == seconds
    assert parse_time(str(seconds), HERE) == seconds
