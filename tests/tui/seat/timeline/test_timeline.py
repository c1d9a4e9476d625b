"""What the timeline draws, as values: no screen, no clock."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from analyzer.activity import Activity
from recorder.store.notes import Kind
from tests.tui.seat.hour import HOUR, PERIODS, TASKS, activity, hour_feed, phases
from tui.seat.cell_rows import fit, put, restyle, text_of
from tui.seat.feed import Findings
from tui.seat.look import NOTE_MARKS, OUTCOME_MARKS
from tui.seat.moments import tag_moments
from tui.seat.timeline.course import Segment, segments_of
from tui.seat.timeline.drawing import draw_base, draw_position, label_of
from tui.seat.timeline.scale import Scale
from tui.seat.timeline.values import Tick, TimelineData, timeline_data
from tui.seat.timeline.widget import timeline_rows
from tui.seat.timeline.words import target_of, words_at

SEGMENTS = segments_of(phases(), TASKS)
DATA = TimelineData(
    duration=HOUR,
    segments=SEGMENTS,
    activity=activity(),
    ticks=(
        Tick(t=803.0, words="Package was not found", outcome="failed"),
        Tick(t=1200.0, words="mark", kind="mark"),
        Tick(t=2805.0, words="SSH configuration was tested"),
        Tick(t=2905.0, words="Tried a new login", outcome="unknown"),
    ),
    periods=PERIODS,
)


def rows_of(data: TimelineData, width: int, rows: int, t: float = 0.0, **more: Any) -> list[str]:
    scale = Scale(data.duration, width)
    drawn = draw_position(draw_base(data, scale, rows), scale.column(t), **more)
    return text_of(drawn).plain.split("\n")


TEXTS = st.text(st.sampled_from("ab 世é\u0301\U0001f600\x00"), max_size=30)
TICKS = st.builds(
    Tick,
    t=st.floats(0, 9_000),
    words=TEXTS,
    outcome=st.sampled_from(sorted(OUTCOME_MARKS)),
    kind=st.sampled_from([None, *NOTE_MARKS]),
)
PIECES = st.builds(
    Segment,
    start=st.floats(0, 9_000),
    until=st.floats(0, 9_000),
    number=st.integers(0, 40),
    sign=st.sampled_from(["1", "2", "-"]),
    short=TEXTS,
    title=TEXTS,
    parts=st.just(((0.0, "reading"),)),
)


@given(
    data=st.builds(
        TimelineData,
        duration=st.floats(0, 9_000),
        live=st.booleans(),
        segments=st.lists(PIECES, max_size=6).map(
            lambda all_: tuple(sorted(all_, key=lambda each: each.start))
        ),
        activity=st.lists(st.integers(0, 10**6), max_size=50).map(
            lambda counts: Activity(outputs=tuple(counts), inputs=tuple(counts))
        ),
        ticks=st.lists(TICKS, max_size=8).map(tuple),
        periods=st.just(PERIODS),
    ),
    width=st.integers(1, 220),
    rows=st.integers(1, 4),
    t=st.floats(0, 9_000),
)
def test_every_row_is_exactly_as_wide_as_the_terminal(
    data: TimelineData, width: int, rows: int, t: float
) -> None:
    scale = Scale(data.duration, width, [(10.0, 400.0), (900.0, 4_000.0)])
    drawn = draw_position(draw_base(data, scale, rows), scale.column(t), "reading")
    lines = text_of(drawn).plain.split("\n")
    assert [cell_len(line) for line in lines] == [width] * rows


def test_the_ribbon_names_tasks_as_fully_as_there_is_room() -> None:
    ribbon = rows_of(DATA, 200, 4)[0]
    assert "2 Install a Ghost blog" in ribbon
    assert "4 ssh" in ribbon  # its full title has no room
    assert "- Off task" in ribbon
    narrow = rows_of(DATA, 40, 4)[0].replace("·", "").replace(" ", "")
    assert narrow == "-1-2ghost-234-"


def test_the_kind_of_work_is_named_at_the_position() -> None:
    assert (
        "2 Install a Ghost blog · installing"
        in rows_of(DATA, 200, 4, t=1000.0, activity="installing")[0]
    )
    ghost = SEGMENTS[3]
    assert label_of(ghost, 60, "installing") == "2 Install a Ghost blog · installing"
    assert label_of(ghost, 24, "installing") == "2 ghost · installing"
    assert label_of(ghost, 15, "installing") == "2 installing"
    assert label_of(ghost, 9, "installing") == "2 ghost"
    assert label_of(ghost, 1, "installing") == "2"


def test_ticks_stand_in_the_column_of_their_moment() -> None:
    ticks = rows_of(DATA, 181, 4)[2]
    signs = {column: sign for column, sign in enumerate(ticks) if sign != " "}
    scale = Scale(HOUR, 181)
    assert signs == {
        scale.column(803.0): "\N{MULTIPLICATION SIGN}",
        scale.column(1200.0): "◆",
        scale.column(2805.0): "●",
        scale.column(2905.0): "○",
    }


@pytest.mark.parametrize(
    ("ticks", "sign"),
    [
        ((("ok", None), ("failed", None)), "\N{MULTIPLICATION SIGN}"),
        ((("failed", None), ("ok", None)), "\N{MULTIPLICATION SIGN}"),
        ((("unknown", None), ("ok", None)), "○"),
        ((("failed", None), ("ok", "note")), "✎"),
    ],
)
def test_in_one_column_a_note_hides_tags_and_what_failed_what_did_not(
    ticks: tuple[tuple[str, Kind | None], ...], sign: str
) -> None:
    data = TimelineData(
        duration=100.0,
        ticks=tuple(Tick(t=50.0, words="", outcome=o, kind=kind) for o, kind in ticks),
    )
    assert rows_of(data, 11, 4)[2].strip() == sign


def test_activity_is_higher_where_more_was_printed() -> None:
    counts = tuple(n * n for n in range(9))
    data = TimelineData(duration=9.0, activity=Activity(outputs=counts, inputs=(0,) * 9))
    assert rows_of(data, 9, 4, t=0.0)[1] == " ▁▂▃▄▅▆▇█"


def test_columns_shorter_than_a_step_show_it_all_the_same() -> None:
    data = TimelineData(duration=2.0, activity=Activity(outputs=(4, 0), inputs=(0, 0)))
    assert rows_of(data, 10, 4)[1] == "█████     "


def test_the_line_has_the_clocks_phases_and_times_at_round_steps() -> None:
    line = rows_of(DATA, 120, 4)[3]
    for words in ("┃Introduc…", "┃Work", "┃Review", "┼10:00", "┼20:00", "┼30:00", "┼40:00"):
        assert words in line
    assert line.index("┼30:00") == Scale(HOUR, 120).column(1800.0)


def test_what_was_played_looks_different_without_colours() -> None:
    bare = replace(DATA, ticks=(), periods=(), segments=())
    line = rows_of(bare, 60, 1, t=1800.0)[0]
    assert line == "━" * 30 + " " + "─" * 29


def test_a_shortened_silence_is_one_column_of_dots() -> None:
    scale = Scale(HOUR, 100, [(900.0, 1380.0)])
    rows = text_of(draw_position(draw_base(DATA, scale, 4), 0)).plain.split("\n")
    assert rows[1][scale.column(1000.0)] == rows[3][scale.column(1000.0)] == "⋯"
    assert rows[1].count("⋯") == 1


def test_on_one_row_tasks_begin_with_their_sign_and_ticks_stay() -> None:
    row = rows_of(DATA, 100, 1)[0]
    assert [sign for sign in row if sign in "1234"] == ["1", "2", "2", "3", "4"]
    assert all(sign in row for sign in "\N{MULTIPLICATION SIGN}◆●○")


def test_what_is_yet_to_come_in_a_live_session_is_open() -> None:
    data = TimelineData(duration=300.0, live=True)
    scale = Scale(600.0, 60)
    line = text_of(draw_position(draw_base(data, scale, 1), scale.column(300.0))).plain
    assert line == "━" * 30 + " " + "·" * 29


def test_tags_and_notes_of_a_session_become_ticks_by_time() -> None:
    feed = hour_feed()
    data = timeline_data(feed.overview, feed.found, tag_moments(feed.found), Activity())
    assert [each.t for each in data.ticks] == sorted(each.t for each in feed.found.tags)
    assert timeline_data(None, Findings(), (), Activity()) == TimelineData()


def test_the_pointer_tells_time_task_work_and_what_happened() -> None:
    scale = Scale(HOUR, 181)
    assert words_at(DATA, scale, scale.column(803.0)) == (
        "13:23 · Package was not found (failed) · typing · 2 Install a Ghost blog · installing"
        " · Work"
    )
    short = Scale(HOUR, 181, [(900.0, 1380.0)])
    words = words_at(replace(DATA, ticks=()), short, short.column(1000.0))
    assert words.startswith("15:00 to 23:00, no output · 2 Install")
    live = TimelineData(duration=300.0, live=True)
    assert words_at(live, Scale(600.0, 60), 50).endswith("yet to come")
    crowd = replace(DATA, ticks=tuple(replace(DATA.ticks[0], words=f"w{n}") for n in range(5)))
    assert "3 more" in words_at(crowd, scale, scale.column(803.0))


def test_a_click_on_a_tick_goes_shortly_before_it_else_to_the_column() -> None:
    scale = Scale(HOUR, 181)
    assert target_of(DATA, scale, scale.column(803.0)) == 801.0
    assert target_of(DATA, scale, 0) == 0.0
    assert target_of(DATA, scale, 180) == HOUR
    assert scale.column(target_of(DATA, scale, 50)) == 50


@pytest.mark.parametrize(
    ("height", "rows"), [(10, 1), (24, 1), (30, 1), (31, 2), (32, 3), (33, 4), (200, 4)]
)
def test_the_timeline_grows_with_the_terminal_but_never_at_the_screens_cost(
    height: int, rows: int
) -> None:
    assert timeline_rows(height) == rows
    assert height - rows >= min(height - 1, 29)


@pytest.mark.parametrize(
    ("height", "lines", "rows"),
    [(50, 43, 2), (50, 44, 1), (50, 45, 2), (50, 46, 1), (50, 47, 4), (50, 200, 4), (40, 10, 4)],
)
def test_a_large_screen_keeps_its_rows_and_its_frame(height: int, lines: int, rows: int) -> None:
    assert timeline_rows(height, lines) == rows


@given(texts=st.lists(st.tuples(st.integers(-2, 30), TEXTS), max_size=8))
def test_a_row_of_cells_stays_as_wide_as_it_is(texts: list[tuple[int, str]]) -> None:
    row = [(" ", "")] * 20
    for column, text in texts:
        put(row, column, text, "bold")
        restyle(row, abs(column) % 20, "reverse")
    assert len(row) == 20
    assert cell_len(text_of([row]).plain) == 20


@given(text=TEXTS, width=st.integers(0, 30))
def test_a_text_is_fitted_into_its_cells(text: str, width: int) -> None:
    assert cell_len(fit(text, width)) <= width
