"""An entry's hash: of all that it says, and of nothing else."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from recorder.trace.entries import MOST_DETAIL, cut_detail, digest

_MOMENTS = st.datetimes(timezones=st.just(UTC)).filter(lambda moment: 1 < moment.year < 9999)
_HASHES = st.text("0123456789abcdef", min_size=64, max_size=64)
_COLUMNS: dict[str, st.SearchStrategy[Any]] = {
    "number": st.integers(1, 10**9),
    "said": _MOMENTS,
    "who": st.text(max_size=20),
    "door": st.text(max_size=20),
    "action": st.text(max_size=20),
    "about": st.none() | st.text(max_size=20),
    "detail": st.text(max_size=20),
    "before": _HASHES,
}
_ENTRIES = st.fixed_dictionaries(_COLUMNS)


@given(_ENTRIES, _ENTRIES)
def test_two_entries_have_one_hash_only_where_they_say_the_same(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert (digest(one) == digest(other)) == (one == other)


@given(_ENTRIES, st.sampled_from(sorted(_COLUMNS)), st.data())
def test_a_change_of_any_column_gives_another_hash(
    entry: dict[str, Any], name: str, data: st.DataObject
) -> None:
    value = data.draw(_COLUMNS[name].filter(lambda each: each != entry[name]))
    assert digest(entry | {name: value}) != digest(entry)


@given(_ENTRIES, st.integers(-14, 14))
def test_the_zone_in_which_a_moment_is_told_is_no_part_of_it(
    entry: dict[str, Any], hours: int
) -> None:
    elsewhere = entry["said"].astimezone(timezone(timedelta(hours=hours)))
    assert digest(entry | {"said": elsewhere, "hash": "its own"}) == digest(entry)


@given(st.text(max_size=50), st.integers(0, 2))
def test_a_detail_is_kept_whole_or_ends_with_an_ellipsis(text: str, over: int) -> None:
    detail = text + "x" * (MOST_DETAIL - len(text) + over)
    kept = cut_detail(detail)
    assert len(kept) == MOST_DETAIL
    assert kept == detail if not over else kept == detail[: MOST_DETAIL - 1] + "\u2026"
