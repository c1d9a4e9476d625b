"""What the panels say, in any room that they are given."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.recording.journal import JournalEntry
from tests.tui.seat.scene import NOW, findings, journal, note, opening
from tui.seat.desk.book import Book
from tui.seat.desk.values import Desk
from tui.seat.feed import Findings
from tui.seat.panels.clock import draw_bar, draw_clock
from tui.seat.panels.column import View, draw_column
from tui.seat.panels.digits import big
from tui.seat.panels.line import draw_line
from tui.seat.panels.paper import Times, wrapped
from tui.seat.panels.room import LEAST_COLUMNS, LEAST_ROWS, Wish, allot
from tui.seat.panels.tags import draw_tags
from tui.seat.panels.tasks import draw_tasks


@pytest.fixture(autouse=True, scope="module")
def berlin() -> Iterator[None]:
    """A time zone that is not UTC, where a winter's hour later is shown."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "Europe/Berlin")
        time.tzset()
        yield
    time.tzset()


def desk_at(
    t: float = NOW,
    *,
    live: bool = True,
    entries: list[JournalEntry] | None = None,
    found: Findings | None = None,
) -> Desk:
    book = Book()
    book.fold(journal() if entries is None else entries)
    book.take(findings() if found is None else found)
    return book.desk(t, live=live)


def times_of(desk: Desk) -> Times:
    return Times(desk.started, of_day=desk.live)


def column(desk: Desk, width: int, rows: int, **view: Any) -> list[str]:
    drawn = draw_column(desk, width, rows, View(**view), times_of(desk))
    return [line.plain.rstrip() for line in drawn.lines]


DESKS = (
    Desk(),
    desk_at(),
    desk_at(60.0),
    desk_at(2850.0),
    desk_at(3720.0),
    desk_at(live=False),
    desk_at(entries=opening()[:1], found=Findings()),
)


@given(
    st.sampled_from(DESKS),
    st.integers(1, 130),
    st.integers(1, 80),
    st.booleans(),
    st.sampled_from([None, "t1", "t3", "gone"]),
)
def test_every_line_is_as_wide_and_there_are_as_many_as_there_is_room(
    desk: Desk, width: int, rows: int, details: bool, marked: str | None
) -> None:
    drawn = draw_column(desk, width, rows, View(details=details, marked=marked), times_of(desk))
    assert [line.cell_len for line in drawn.lines] == [width] * rows
    assert len(drawn.tags) == rows


@given(st.sampled_from(DESKS), st.integers(20, 200))
def test_the_one_line_is_as_wide_as_there_is_room(desk: Desk, width: int) -> None:
    assert draw_line(desk, width, times_of(desk)).cell_len == width


def test_a_sidebar_of_forty_columns_has_all_of_it() -> None:
    lines = "\n".join(column(desk_at(), 38, 46))
    for words in (
        "─ Clock ───────────────────── 14:40:00",
        "22:00 in all",
        "△ 15 min left 14:47 · Review 14:52",
        "! marketing-page down since 14:31",
        "! password login refused at 14:39",
        "14:34 ○ Password logins",
        "? How do you know that you can still",
        "1 ✓ Tell your IP address",
        "4 ▸ No password logins over SSH",
        "○ https nothing listens",
        "● ssh-logins offers publickey",
        "● 1 in by password candidate@",
        " 2 password refused",
        "1 open, 1 refused",
        "14:21 May I restart the web server?",
    ):
        assert words in lines


def test_a_short_sidebar_keeps_the_clock_the_alarm_and_the_newest_tag() -> None:
    lines = "\n".join(column(desk_at(), 38, 9))
    for words in ("Work 12:00 left", "! marketing-page down since 14:31", "14:34 ○ Password"):
        assert words in lines


def test_too_small_a_place_says_what_is_needed() -> None:
    said = " ".join(column(desk_at(), LEAST_COLUMNS - 1, LEAST_ROWS))
    assert f"needs {LEAST_COLUMNS}x{LEAST_ROWS}, has {LEAST_COLUMNS - 1}x{LEAST_ROWS}" in said


def test_a_replay_is_told_by_the_sessions_own_time() -> None:
    lines = "\n".join(column(desk_at(live=False), 60, 46))
    assert "34:58 ○ Password logins switched off" in lines
    assert "marketing-page down since 31:00" in lines


def test_before_the_start_the_clock_says_what_starts_it() -> None:
    waiting = "\n".join(column(desk_at(60.0), 38, 40))
    assert "Clock not started" in waiting
    assert "S starts it" in waiting
    assert "jumpseat session start" in waiting
    assert "starts it" not in "\n".join(column(desk_at(60.0, live=False), 38, 40))


def test_an_announcement_is_loud_until_it_was_made() -> None:
    due = desk_at(2850.0)
    drawn = draw_column(due, 38, 40, View(), times_of(due))
    (line,) = [
        each for each in drawn.lines if "15 minutes left: say so, then press s" in each.plain
    ]
    assert any("reverse" in str(span.style) for span in line.spans) or "reverse" in str(line.style)
    assert "There are 15 minutes left: five to" in "\n".join(column(due, 38, 40))
    said = replace(
        findings(), notes=(*findings().notes, note(9, "announced", 2840.0, subject="15"))
    )
    quiet = "\n".join(column(desk_at(2850.0, found=said), 38, 40))
    assert "say so" not in quiet
    assert "▲" in quiet


def test_the_bar_shows_what_has_passed_and_where_phases_meet() -> None:
    bar = draw_bar(desk_at().clock, 60).plain
    assert bar == "━━━━━┃" + "━" * 32 + "─" * 7 + "△" + "─" * 4 + "┃" + "─" * 9


@pytest.mark.parametrize(
    ("t", "rows", "words"),
    [
        (130.0, 1, "Introduction 04:50 left"),
        (3715.0, 1, "Review 00:05 left"),
        (3740.0, 1, "Time is up +00:20"),
    ],
)
def test_a_clock_in_one_row_says_phase_and_time(t: float, rows: int, words: str) -> None:
    desk = desk_at(t)
    assert words in draw_clock(desk, 40, rows, times_of(desk))[0].plain


def test_large_digits_are_as_wide_as_each_other() -> None:
    top, middle, bottom = big("12:05")
    assert len(top) == len(middle) == len(bottom) == 4 * 3 + 1 + 4


def test_a_chosen_tag_has_its_question_and_stays_in_view() -> None:
    tags = desk_at().tags
    lines, owners = draw_tags(tags, 60, 3, Times(), marked="t3", choosing=True)
    plain = [line.plain for line in lines]
    assert any("Apache was stopped" in line for line in plain)
    assert any("? What did you think" in line for line in plain)
    assert 1 in owners
    few, _ = draw_tags(tags, 60, 1, Times(), marked="t1")
    assert "Looked at the release" in few[0].plain


def test_where_tasks_have_too_few_rows_ticked_ones_give_way() -> None:
    desk = desk_at()
    lines = [line.plain for line in draw_tasks(desk, 50, 3, times_of(desk))]
    assert [line[0] for line in lines] == ["2", "3", "4"]


def test_details_tell_of_logins_and_probes() -> None:
    lines = "\n".join(column(desk_at(), 60, 50, details=True))
    for words in (
        "The campaign page, which must stay up",
        "http://web-1/ · nothing listens",
        "14:39:20 password refused, offered: publickey, password",
        "OpenSSH_9.6 · shell",
    ):
        assert words in lines


def test_the_one_line_tells_the_most_important() -> None:
    said = draw_line(desk_at(), 80, times_of(desk_at())).plain
    assert "Work 12:00 of 22:00 left" in said
    assert "! marketing-page down since 14:31" in said
    assert said.rstrip().endswith("+1")
    calm = desk_at(1000.0)
    assert "2 Install a Ghost blog" in draw_line(calm, 80, times_of(calm)).plain
    waiting = desk_at(60.0)
    assert "clock not started S" in draw_line(waiting, 80, times_of(waiting)).plain


def test_text_from_outside_is_never_markup() -> None:
    odd = replace(findings(), titles={"password-logins-off": "[bold red]oh[/] \x1b[2J"})
    lines = "\n".join(column(desk_at(found=odd), 60, 40))
    assert "[bold red]oh[/]" in lines
    assert "\x1b" not in lines


def test_rows_are_given_in_order_of_importance_and_the_rest_to_the_tags() -> None:
    wishes = [
        Wish(name="clock", least=1, most=5),
        Wish(name="tags", least=2, most=4),
        Wish(name="tasks", least=2, most=4),
    ]
    assert allot(4, wishes) == {"clock": 3}
    assert allot(8, wishes) == {"clock": 1, "tags": 2, "tasks": 2}
    assert allot(10, wishes) == {"clock": 3, "tags": 2, "tasks": 2}
    assert allot(30, wishes) == {"clock": 5, "tags": 18, "tasks": 4}


@given(st.integers(0, 100), st.lists(st.tuples(st.integers(0, 9), st.integers(0, 20)), max_size=7))
def test_never_more_rows_are_given_than_there_are(rows: int, wanted: list[tuple[int, int]]) -> None:
    names = ("clock", "alarms", "tags", "tasks", "probes", "connections", "asked")
    wishes = [
        Wish(name=name, least=least, most=most)
        for name, (least, most) in zip(names, wanted, strict=False)
    ]
    given_rows = allot(rows, wishes)
    assert sum(given_rows.values()) + len(given_rows) <= rows or not given_rows


@pytest.mark.parametrize(
    ("text", "width", "most", "lines"),
    [
        ("one two three", 9, 3, ["one two", "three"]),
        ("one two three", 9, 1, ["one two …"]),
        ("漢字漢字 漢字漢字", 9, 3, ["漢字漢字", "漢字漢字"]),
        ("漢字漢字 漢字漢字", 9, 1, ["漢字漢 …"]),
        ("", 9, 3, []),
        ("one", 9, 0, []),
    ],
)
def test_words_are_wrapped_by_cells_and_say_where_there_are_more(
    text: str, width: int, most: int, lines: list[str]
) -> None:
    drawn = wrapped(text, width, most, "bold")
    assert [each.plain.rstrip() for each in drawn] == lines
    assert {each.cell_len for each in drawn} <= {width}
