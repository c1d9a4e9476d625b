from __future__ import annotations

import time
import unicodedata
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.tui.seat.home.support import NOW, a_live_one, a_sitting, some_sittings
from tui.seat.home.columns import COLUMNS, draw_header, draw_row, fit, wishes
from tui.seat.home.detail import draw_detail
from tui.seat.home.keys import ACTIONS, help_text, hints_text
from tui.seat.home.sittings import Detail, LastTag, Sitting
from tui.wall_clock import local_time


def drawn(row: Sitting, room: int, others: list[Sitting] | None = None) -> str:
    fitted = fit(wishes([row, *(others or [])], NOW), room)
    return draw_row(row, fitted, NOW).plain


def names(room: int) -> list[str]:
    return [each.column.name for each in fit(wishes(some_sittings(), NOW), room)]


def test_what_gives_way_first_is_what_is_needed_least() -> None:
    assert names(190) == [column.name for column in COLUMNS]
    assert names(125) == [column.name for column in COLUMNS][:-1]
    assert names(113) == [column.name for column in COLUMNS][:-2]
    assert names(74) == ["state", "candidate", "clock", "started", "tags"]
    assert names(45) == ["state", "candidate", "clock"]
    assert names(58) == ["state", "candidate", "clock", "tags"]
    assert names(1) == ["candidate"]


@pytest.mark.parametrize("room", [38, 60, 74, 114, 194])
def test_rows_are_as_wide_as_their_header_and_fit(room: int) -> None:
    rows = some_sittings()
    fitted = fit(wishes(rows, NOW), room)
    width = draw_header(fitted, sort="started").cell_len
    assert width <= room + 2
    for row in rows:
        assert draw_row(row, fitted, NOW).cell_len == width


def test_a_live_row_says_what_goes_on_in_it() -> None:
    row = a_live_one("s-1", candidate="Ada Example")
    line = drawn(row, 194)
    for words in (
        "● live", "Ada Example", "38:00 left · Work", "ghost 7  ssh 4  web 2",
        "Locked themselves out, and noticed  2m ago", "web-1.marketing.example:22", "s-1",
    ):  # fmt: skip
        assert words in line


def test_of_a_finished_one_the_last_tag_has_its_time() -> None:
    assert "Apache was stopped  33:20" in drawn(a_sitting("s"), 114)


def test_topics_that_have_no_room_are_counted() -> None:
    topics = (("web", 31), ("ssh", 12), ("ghost", 10), ("packages", 8), ("firewall", 6))
    assert "web 31  ssh 12  +3" in drawn(a_sitting("s", topics=topics), 74)
    everything = "web 31  ssh 12  ghost 10  packages 8  firewall 6"
    assert everything in drawn(a_sitting("s", topics=topics), 230)


def test_a_session_that_cannot_be_read_says_why_on_its_line() -> None:
    row = a_sitting("s-9", state="unreadable", problem="its journal is gone")
    assert "? damaged" in drawn(row, 74)
    assert "s-9: its journal is gone" in drawn(row, 74)


def test_the_reason_is_seen_behind_the_longest_name() -> None:
    row = a_sitting("z" * 200, state="unreadable", problem="its journal is gone")
    assert "its journal is gone" in drawn(row, 74)
    strip = draw_detail(row, None, NOW, 76)
    assert all(line.cell_len <= 76 for line in strip.split("\n"))


def test_a_state_of_another_version_is_shown_as_it_is() -> None:
    assert "○ paused" in drawn(a_sitting("s", state="paused"), 74)


def test_times_are_local_and_today_is_called_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC-02:00")
    time.tzset()
    try:
        assert "today 14:30" in drawn(a_sitting("s", 1), 114)
        assert "11-19 15:30" in drawn(a_sitting("s", 24), 74)
    finally:
        monkeypatch.undo()
        time.tzset()


HOSTILE = st.text(max_size=60) | st.sampled_from(
    ["\x1b[31m", "\x1b]52;c;aGk=\x07", "\u202eevil", "漢字" * 40, "[bold]x", "a\nb", "\x00"]
)


@given(HOSTILE, HOSTILE, HOSTILE, st.integers(1, 200))
def test_whatever_a_candidate_is_called_a_row_is_one_line_that_acts_on_nothing(
    name: str, target: str, title: str, room: int
) -> None:
    row = a_live_one(
        "s", candidate=name, target=target, last=LastTag(title=title, t=1.0), topics=((title, 3),)
    )
    fitted = fit(wishes([row], NOW), room)
    line = draw_row(row, fitted, NOW)
    assert line.cell_len == sum(each.width + 2 for each in fitted)
    strip = draw_detail(row, Detail(id="s", exercise=title, users=(name,)), NOW, max(room, 20))
    lines = strip.plain.split("\n")
    assert len(lines) == 4
    for text in (line.plain, *lines):
        assert not {unicodedata.category(each) for each in text} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


def test_the_strip_says_what_to_tell_the_candidate_and_who_is_there() -> None:
    detail = Detail(id="s", exercise="A Ghost blog", connections=2, users=("ada", "root"), notes=3)
    text = draw_detail(a_live_one("s"), detail, NOW, 76).plain
    for words in (
        "candidate's port 127.0.0.1:2301", "connections 2 now (ada, root)", "notes 3",
        "clock 38:00 left · Work", "exercise A Ghost blog", "2m ago",
    ):  # fmt: skip
        assert words in text
    text = draw_detail(a_sitting("s", last=None), detail, NOW, 76).plain
    assert "candidate's port" not in text
    assert "length 45:23" in text
    assert "no tags" in text


def test_the_strip_waits_for_what_belongs_to_its_session() -> None:
    other = Detail(id="other", exercise="not this one", notes=9)
    text = draw_detail(a_sitting("s"), other, NOW, 76).plain
    assert "not this one" not in text
    assert "exercise ghost" in text
    assert draw_detail(None, None, NOW, 76).plain == ""


def test_thousands_of_rows_are_measured_quickly() -> None:
    rows = [a_sitting(f"s-{n}", n, candidate=f"Candidate {n}") for n in range(2000)]
    began = time.process_time()
    wishes(rows, NOW)
    assert time.process_time() - began < 2.0


def test_a_clock_runs_on_without_anything_being_read() -> None:
    row = a_live_one("s")
    fitted = fit(wishes([row], NOW), 74)
    assert "38:00 left" in draw_row(row, fitted, NOW).plain
    assert "37:59 left" in draw_row(row, fitted, NOW + timedelta(seconds=1)).plain


@pytest.mark.parametrize("width", [20, 60, 80, 120])
def test_a_narrow_row_of_keys_keeps_whole_words_help_and_leaving(width: int) -> None:
    row = hints_text(width)
    assert row.plain.endswith("? help   q leave   ")
    assert row.cell_len - 3 <= max(width, 22)
    assert "beside" not in hints_text(200, hidden=("beside",)).plain


def test_no_key_means_two_things() -> None:
    keys = [key for action in ACTIONS for key in action.keys]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("columns", [1, 2])
def test_the_help_names_every_action_and_its_key(columns: int) -> None:
    lines = help_text(columns=columns).plain.split("\n")
    for action in ACTIONS:
        assert any(f"{action.shown}  {action.words}" in line for line in lines), action.name
    for sign in ("● live", "■ closed", "▲ cut off", "? damaged"):
        assert sign in lines[-1]


def test_the_help_fits_a_terminal_of_80_by_24() -> None:
    lines = help_text(columns=2).plain.split("\n")
    assert len(lines) + 2 <= 24
    assert max(cell_len(line) for line in lines) + 8 <= 80


@pytest.mark.parametrize("room", range(40, 200))
def test_a_date_is_shown_with_its_year_or_without_never_with_a_part_of_it(room: int) -> None:
    row = a_sitting("s", ago=70 * 24.0)
    began = local_time(row.started)
    before, day, _ = drawn(row, room).partition(f"{began:%m-%d %H:%M}")
    if day:
        assert before.endswith(("  ", f"  {began:%Y}-"))
