"""A journal's moments: whatever stands there, a moment that can be reckoned with or none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.recording.moments import moment_of

_ZONES = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(timezones=_ZONES).filter(lambda moment: 1900 < moment.year < 9000))
def test_a_moment_of_any_zone_is_the_same_one_in_utc(moment: datetime) -> None:
    found = moment_of(moment.isoformat())
    assert found == moment
    assert found is not None
    assert found.tzinfo is UTC


@given(st.text(max_size=30) | st.datetimes(timezones=st.none() | _ZONES).map(datetime.isoformat))
def test_whatever_stands_there_can_be_added_to_or_is_none(text: str) -> None:
    found = moment_of(text)
    assert found is None or found + timedelta(days=365) > found.astimezone(timezone.max)


@pytest.mark.parametrize("text", ["", "noon", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59"])
def test_what_cannot_be_reckoned_with_is_no_moment(text: str) -> None:
    assert moment_of(text) is None


def test_one_without_a_zone_is_in_utc() -> None:
    assert moment_of("2026-03-04T10:00:00") == datetime(2026, 3, 4, 10, tzinfo=UTC)
