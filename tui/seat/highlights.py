"""Where a search matches on the screen that is shown, and how that is drawn.

The screen itself is searched, so that every match on it is seen and not only the hits' own. No time
and no playing belongs here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from analyzer.cells import Frame
from analyzer.search.find import span_of
from analyzer.search.joined import Place, join, place_of
from analyzer.search.query import Matcher
from tui.seat.palette import BACKGROUND, SIXTEEN

_YELLOW, _BRIGHT_YELLOW = SIXTEEN[3], SIXTEEN[11]


@dataclass(frozen=True, slots=True)
class Mark:
    """Cells of one row that match, from ``start`` up to ``end``; ``current`` if gone to."""

    row: int
    start: int
    end: int
    current: bool = False


def find_marks(frame: Frame, matcher: Matcher, current: Place | None) -> list[Mark]:
    """Return the matches on a screen.

    Args:
        frame: The screen; it does not tell which rows are wrapped: a row that is full to its last
            cell is taken to go on.
        matcher: What is looked for.
        current: Where the hit begins that was gone to.

    """
    texts = ["".join(run.text for run in row) for row in frame.rows]
    lines = join(texts, [_goes_on(text, frame.columns) for text in texts])
    marks: list[Mark] = []
    for first, text in lines:
        data = text.encode("utf-8", "replace")
        for start, end in matcher.spans(data):
            begin, stop = span_of(data, start, end)
            marks += _marks(text, begin, stop, first, frame, current)
    return marks


def _goes_on(text: str, columns: int) -> bool:
    width = len(text) if text.isascii() else cell_len(text)
    return width >= columns and not text[-1].isspace()


def _marks(
    text: str, begin: int, end: int, first: int, frame: Frame, current: Place | None
) -> list[Mark]:
    """Return a mark for each row that a match touches."""
    start = place_of(text, begin, frame.columns)
    # One cell behind its last character.
    stop = place_of(text, end, frame.columns)
    is_current = current == Place(first + start.row, start.column)
    return [
        Mark(
            first + row,
            start.column if row == start.row else 0,
            stop.column if row == stop.row else frame.columns,
            is_current,
        )
        for row in range(start.row, stop.row + 1)
        if row != stop.row or stop.column
    ]


def draw_marks(strips: Sequence[Strip], marks: Sequence[Mark]) -> list[Strip]:
    """Return the rows with their matches marked."""
    drawn = list(strips)
    for mark in marks:
        if 0 <= mark.row < len(drawn):
            drawn[mark.row] = _marked(drawn[mark.row], mark)
    return drawn


def _marked(strip: Strip, mark: Mark) -> Strip:
    start, end = min(mark.start, strip.cell_length), min(mark.end, strip.cell_length)
    if start >= end:
        return strip
    style = _style(current=mark.current)
    parts = list(strip.divide([start, end, strip.cell_length]))
    segments = [
        Segment(segment.text, (segment.style or Style.null()) + style) for segment in parts[1]
    ]
    return Strip.join([parts[0], Strip(segments, end - start), *parts[2:]])


def _style(*, current: bool) -> Style:
    """Return a block of colour; reversed and underlined, so that it is one without colours too."""
    return Style(
        color=Color.from_rgb(*(_BRIGHT_YELLOW if current else _YELLOW)),
        bgcolor=Color.from_rgb(*BACKGROUND),
        bold=current,
        underline=current,
        reverse=True,
    )
