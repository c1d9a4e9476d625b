"""What a screen showed is noted, at times that agree with the emulator; nothing else is."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.search.joined import join, place_of
from analyzer.search.lines import PAUSE, Allowance, LineRecorder
from analyzer.search.pieces import bounded_pieces
from analyzer.search.sightings import NO_ROW, Sighting
from analyzer.terminal import Terminal

COLUMNS, LINES = 12, 4

Step = tuple[float, bytes | tuple[int, int] | None]
"""When, and what: output, another size, or None where somebody wants to know what there is."""


@dataclass
class Notes:
    """Keeps everything, and checks that it is told in order."""

    seen_ones: list[Sighting] = field(default_factory=list)

    def seen(self, sighting: Sighting) -> None:
        assert not self.seen_ones or self.seen_ones[-1].t <= sighting.t
        self.seen_ones.append(sighting)

    def gone(self, sighting: Sighting) -> None:
        assert sighting in self.seen_ones
        assert sighting.until is not None
        assert sighting.until >= sighting.t

    def at(self, t: float) -> list[Sighting]:
        return [
            each
            for each in self.seen_ones
            if each.t <= t and (each.until is None or each.until > t)
        ]

    def texts(self) -> list[str]:
        return [each.text for each in self.seen_ones]


def recorded(steps: list[Step], columns: int = COLUMNS, lines: int = LINES) -> Notes:
    notes = Notes()
    recorder = LineRecorder(0.0, columns, lines, notes)
    for t, what in steps:
        if what is None:
            recorder.settle()
        elif isinstance(what, bytes):
            recorder.feed(t, what)
        else:
            recorder.resize(t, *what)
    recorder.settle()
    return notes


def screen_at(steps: list[Step], t: float) -> Terminal:
    terminal = Terminal(COLUMNS, LINES)
    for moment, what in steps:
        if moment <= t:
            if isinstance(what, bytes):
                terminal.feed(what)
            elif what is not None:
                terminal.resize(*what)
    return terminal


def lines_of(terminal: Terminal) -> list[str]:
    wraps = [terminal.wrapped(y) for y in range(terminal.lines)]
    return [text for _, text in join(terminal.display, wraps)]


def test_a_line_stands_from_its_first_to_its_last_look() -> None:
    notes = recorded([(1.0, b"hello\r\n"), (5.0, b"there"), (9.0, b"\x1b[2J")])
    assert [(each.text, each.t, each.until, each.row) for each in notes.seen_ones] == [
        ("hello", 1.0, 9.0, 0),
        ("there", 5.0, 9.0, 1),
    ]


def test_a_line_that_scrolls_keeps_its_number() -> None:
    notes = recorded([(float(n), b"line %d\r\n" % n) for n in range(1, 9)])
    assert notes.texts() == [f"line {n}" for n in range(1, 9)]
    assert [each.line for each in notes.seen_ones] == list(range(8))
    assert [each.until for each in notes.seen_ones] == [4.0, 5.0, 6.0, 7.0, 8.0, None, None, None]


def test_what_scrolled_by_in_one_burst_is_noted_as_passed() -> None:
    data = b"".join(b"n%05d\r\n" % n for n in range(5000))
    notes = recorded([(1.0, data), (2.0, b"end")], 80, 24)
    assert set(notes.texts()) >= {f"n{n:05}" for n in range(5000)} | {"end"}
    passed = [each for each in notes.seen_ones if each.row == NO_ROW]
    assert {each.until for each in passed} == {1.0}
    last = next(each for each in notes.seen_ones if each.text == "n04999" and each.until is None)
    assert last.row == 22


def test_a_word_broken_over_two_rows_is_one_word() -> None:
    notes = recorded([(1.0, b"a word that is broken")])
    assert notes.texts() == ["a word that is broken"]
    assert place_of("a word that is broken", 15, COLUMNS).row == 1
    wide = recorded([(1.0, "12345678901漢字".encode())])
    assert wide.texts() == ["12345678901漢字"]
    assert (
        place_of(wide.texts()[0], 11, COLUMNS).row,
        place_of(wide.texts()[0], 12, 12).column,
    ) == (
        1,
        2,
    )


def test_the_alternate_screen_is_told_apart_and_its_lines_are_followed() -> None:
    steps: list[Step] = [
        (1.0, b"shell"),
        (2.0, b"\x1b[?1049h\x1b[Hone\r\ntwo\r\nthree\r\nfour"),
        (3.0, b"\x1b[4;1H\n\x1b[4;1Hfive"),
        (4.0, b"\x1b[?1049l"),
    ]
    notes = recorded(steps)
    two = [each for each in notes.seen_ones if each.text == "two"]
    assert [(each.t, each.until, each.alternate) for each in two] == [(2.0, 4.0, True)]
    assert [(each.t, each.until) for each in notes.seen_ones if each.text == "shell"] == [
        (1.0, 2.0),
        (4.0, None),
    ]


def test_lines_that_scroll_off_before_the_alternate_screen_are_noted() -> None:
    notes = recorded([(1.0, b"a\r\nb\r\nc\r\nd\r\ne\r\nf\x1b[?1049hX")])
    assert {"a", "b", " X"} <= set(notes.texts())


def test_a_changed_line_says_so() -> None:
    notes = recorded([(1.0, b"$ l"), (2.0, b"s"), (3.0, b"\r\x1b[K")])
    assert [(each.text, each.until, each.changed) for each in notes.seen_ones] == [
        ("$ l", 2.0, True),
        ("$ ls", 3.0, False),
    ]


def test_of_two_things_at_one_moment_the_last_tells_the_row() -> None:
    notes = recorded([(1.0, b"\n!"), (1.0, (12, 2)), (1.0, (12, 1))])
    assert [(each.text, each.row) for each in notes.seen_ones] == [("!", 0)]


def test_nobody_can_make_it_note_without_bound() -> None:
    # Each byte changes every line of a huge screen: a column is inserted on the left.
    steps: list[Step] = [
        (0.0, b"\x1b[?7l" + b"".join(b"\x1b[%dH%d" % (n, n) * 9 for n in range(999)))
    ]
    push = b"".join(b"\x1b[%dH\x1b[@" % n for n in range(0, 999, 1))
    steps += [(1 + number / 10, push) for number in range(60)]
    notes = recorded(steps, 2000, 1000)
    shown = sum(len(what) for _, what in steps if isinstance(what, bytes))
    noted = sum(map(len, notes.texts()))
    most = Allowance.AT_ONCE + 10 * Allowance.A_SECOND + Allowance.A_BYTE * shown
    assert noted <= most + 2 * 2_000_000


pieces = st.one_of(
    st.binary(min_size=1, max_size=20),
    st.text(st.sampled_from("ab 漢é\u0301👍\r\n\t"), min_size=1, max_size=40).map(str.encode),
    st.sampled_from(
        [
            b"\r\n",
            b"\r\n" * 7,
            b"\x1b[2J\x1b[H",
            b"\x1b[H",
            b"\x1b[2;3r",
            b"\x1b[r",
            b"\x1b[?1049h",
            b"\x1b[?1049l",
            b"\x1b[L",
            b"\x1b[M",
            b"\x1b[2S",
            b"\x1b[T",
            b"\x1bM",
            b"\x1b[9b",
            b"\x1b[3@",
            b"\x1b[K",
            b"\x1b[A",
            b"\xe6\xbc",
            b"".join(b"long %d\r\n" % n for n in range(30)),
        ]
    ),
)
steps_of_a_session = st.lists(
    st.tuples(
        st.sampled_from([0.0, PAUSE / 2, PAUSE, 1.0]),
        pieces | st.tuples(st.integers(1, 20), st.integers(1, 6)) | st.none(),
    ),
    min_size=1,
    max_size=25,
)


def timed(gaps: list[Step]) -> list[Step]:
    now, steps = 1.0, []
    for gap, what in gaps:
        now = round(now + gap, 6)
        steps.append((now, what))
    return steps


@given(gaps=steps_of_a_session)
@settings(deadline=None, max_examples=300)
def test_every_quiet_screen_is_noted_as_the_emulator_shows_it(
    gaps: list[Step],
) -> None:
    steps = timed(gaps)
    notes = recorded(steps)
    moments = [t for t, _ in steps]
    for t, following in zip(moments, [*moments[1:], moments[-1] + 1], strict=True):
        if following - t < PAUSE:
            continue
        assert sorted(each.text for each in notes.at(t)) == sorted(lines_of(screen_at(steps, t)))


@given(gaps=steps_of_a_session)
@settings(deadline=None, max_examples=300)
def test_what_is_noted_is_shown_where_it_is_said_to_be(
    gaps: list[Step],
) -> None:
    steps = timed(gaps)
    for each in recorded(steps).seen_ones:
        if each.until is None or each.until > each.t:
            terminal = screen_at(steps, each.t)
            assert terminal.alternate == each.alternate
            rows = join(terminal.display, [terminal.wrapped(y) for y in range(terminal.lines)])
            assert (each.row, each.text) in rows
        elif each.row == NO_ROW:
            assert not each.alternate


@given(data=st.binary(max_size=400), columns=st.integers(1, 20), lines=st.integers(1, 9))
def test_pieces_make_up_the_data_and_scroll_no_more_than_they_say(
    data: bytes, columns: int, lines: int
) -> None:
    terminal = Terminal(columns, lines)
    parts = []
    for piece, most in bounded_pieces(data * 9, columns, lines):
        before = terminal.scrolled
        terminal.feed(piece)
        assert terminal.scrolled - before <= most
        parts.append(piece)
    assert b"".join(parts) == data * 9


@pytest.mark.parametrize("size", [(1, 1), (80, 24), (2000, 1000)])
def test_long_lines_and_narrow_screens_lose_nothing(size: tuple[int, int]) -> None:
    words = b" ".join(b"w%04d" % n for n in range(3000))
    notes = recorded([(1.0, words), (2.0, b"\r\n")], *size)
    if size != (1, 1):
        everything = "\n".join(notes.texts())
        assert all(f"w{n:04}" in everything for n in range(3000))
    assert max(map(len, notes.texts())) < 3 * 8192
