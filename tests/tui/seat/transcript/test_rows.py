"""Rows of what was spoken: whole words at their width, no time made up, nothing acted on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rich.cells import cell_len

from tests.tui.seat.transcript.talk import line, talk
from tui.seat.moments import current_index
from tui.seat.transcript.rows import (
    MOST_ROWS,
    SpokenMoment,
    count_lines,
    draw_spoken,
    is_cut,
    line_of,
    short_names,
    spoken_moments,
)


def drawn(row: SpokenMoment, width: int, **more: bool) -> str:
    return "\n".join(each.plain for each in draw_spoken(row, width, **more))


def test_a_row_says_when_who_and_what() -> None:
    rows = [drawn(each, 30) for each in spoken_moments(talk())]
    assert rows[1] == "00:08 Ben: Yes, go on."
    assert rows[4] == "00:44 Anna: Why did you\n      upgrade all packages?"
    assert rows[0].startswith("-0:04 Anna: Can you hear me?")
    assert rows[7] == "--:-- (laughter)"
    assert drawn(spoken_moments(talk())[1], 30, current=True).startswith("00:08▸Ben")


def test_a_list_without_times_shows_none() -> None:
    (row,) = spoken_moments([line(1, None, "Anna", "hello")])
    assert drawn(row, 30, clocked=False) == " Anna: hello"


def test_what_came_from_outside_is_shown_and_not_acted_on() -> None:
    said = drawn(spoken_moments(talk())[3], 60)
    assert "[bold]Is it[/bold] Apache? ␛]0;pwned␇" in said
    assert "\x1b" not in said
    named = spoken_moments([line(1, 0.0, "\u202e[red]\x1b", "x")])
    assert drawn(named[0], 60) == "00:00 \\u202e[red]␛: x"


def test_a_long_speech_is_cut_and_says_so() -> None:
    long, short = spoken_moments([line(1, 0.0, "Anna", "word " * 400), line(2, 1.0, "Ben", "hi")])
    rows = drawn(long, 40).split("\n")
    assert (len(rows), rows[-1].endswith(" …")) == (MOST_ROWS, True)
    assert max(map(cell_len, rows)) <= 40
    assert is_cut(long, 40)
    assert not is_cut(short, 40)


@pytest.mark.parametrize("width", [8, 20, 40, 41, 120])
def test_how_many_lines_a_row_takes_is_known_without_drawing_it(width: int) -> None:
    long = line(20, 99.0, "Ben Beispiel", "a word, 一二三四 and more " * 60)
    for row in spoken_moments([*talk(), long]):
        for clocked in (True, False):
            shown = draw_spoken(row, width, clocked=clocked)
            assert count_lines(row, width, clocked=clocked) == len(shown)


def test_first_names_are_enough_where_they_are_clear() -> None:
    assert short_names(["Anna Example", "Ben", "Anna Other", ""]) == {
        "Anna Example": "Anna Example",
        "Anna Other": "Anna Other",
        "Ben": "Ben",
    }
    assert short_names(["Anna Example", "Ben Beispiel"]) == {
        "Anna Example": "Anna",
        "Ben Beispiel": "Ben",
    }


@pytest.mark.parametrize(
    ("times", "reached"),
    [
        ([None, None], [float("-inf")] * 2),
        ([None, 5.0, None, 9.0], [float("-inf"), 5.0, 5.0, 9.0]),
        ([-3.0, None, 2.0], [-3.0, -3.0, 2.0]),
    ],
)
def test_a_line_without_a_time_is_reached_with_the_one_above(
    times: list[float | None], reached: list[float]
) -> None:
    rows = spoken_moments([line(n, t, "Anna", "x") for n, t in enumerate(times, start=1)])
    assert [each.t for each in rows] == reached
    assert [each.timed for each in rows] == [t is not None for t in times]


def test_a_second_transcripts_line_without_a_time_goes_nowhere_back() -> None:
    first, second = line(1, 5.0, "Anna", "x"), line(1, None, "Ben", "y")
    rows = spoken_moments([first, replace(second, transcript=2)])
    assert [each.t for each in rows] == [5.0, 5.0]
    assert current_index(rows, 4.0, 0.0) is None


def test_a_row_leads_back_to_its_line() -> None:
    assert [line_of(each) for each in spoken_moments(talk())] == list(talk())
    assert line_of(None) is None


def test_marks_that_take_no_cell_hide_nothing_of_a_speech() -> None:
    # Each syllable is two characters in one cell.
    (row,) = spoken_moments([line(1, 0.0, "Anna", "กิ" * 400 + " end")])
    assert is_cut(row, 40)
    assert drawn(row, 40).endswith(" …")
    (whole,) = spoken_moments([line(1, 0.0, "Anna", "กิ" * 300 + " end")])
    assert not is_cut(whole, 40)
    assert drawn(whole, 40).endswith("end")
