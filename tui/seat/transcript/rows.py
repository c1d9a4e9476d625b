"""Lines of a transcript as rows of a list: who said what, whole words, at which moment.

Pure. Names and words come from outside: shown, never read as markup. What a key does with a row is
`tui.seat.transcript.actions`'.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len, chop_cells
from rich.text import Text

from analyzer.visible import plain
from tui.seat.look import ACCENT, FAINT, INK
from tui.seat.moments import Moment
from tui.seat.transport import clock_words
from tui.wrapping import wrapped

if TYPE_CHECKING:
    from recorder.transcripts.values import SpokenLine

MOST_ROWS = 10
"""Rows of a list that one line may take; the whole of a longer one is told when it is chosen."""

_ID = "said-"
_LEAST_WORDS = 12
_LONGEST_NAME = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenMoment(Moment):
    """A row that stands for a spoken line; ``name`` is the speaker's, as short as it is clear."""

    line: SpokenLine
    name: str = ""


def spoken_moments(lines: Sequence[SpokenLine]) -> tuple[SpokenMoment, ...]:
    """Return lines as rows, in their order.

    One without a time of its own is reached with the one above it; it has no moment to jump to.
    """
    names = short_names(each.speaker for each in lines if each.speaker)
    rows: list[SpokenMoment] = []
    before, transcript = float("-inf"), 0
    for line in lines:
        if line.t is not None or line.transcript != transcript:
            before = float("-inf") if line.t is None else line.t
        # Lines of several transcripts stand between each other: a row never goes back in time.
        before = max(before, rows[-1].t) if rows else before
        transcript = line.transcript
        rows.append(
            SpokenMoment(
                id=f"{_ID}{line.id}",
                t=before,
                words=plain(line.text),
                outcome="ok",
                timed=line.t is not None,
                line=line,
                name=names.get(line.speaker or "", ""),
            )
        )
    return tuple(rows)


def short_names(speakers: Iterable[str]) -> dict[str, str]:
    """Return what each speaker is called in rows: by the first name, where it is theirs alone."""
    whole = set(speakers)
    first = {each: each.split()[0] for each in whole if each.split()}
    counts = Counter(first.values())
    return {
        each: _cut(plain(first[each] if counts[first[each]] == 1 else each), _LONGEST_NAME)
        for each in first
    }


def draw_spoken(
    moment: SpokenMoment, width: int, *, current: bool = False, clocked: bool = True
) -> list[Text]:
    """Return the lines of a row of so many cells: time, name and words, wrapped below each other.

    The ``current`` one has an arrow, as colour alone would not tell. A list in which nothing has a
    time is not ``clocked``.
    """
    shape = _shape(moment, width, clocked=clocked)
    rows = _rows(shape)
    if len(rows) > MOST_ROWS:
        rows = [*rows[: MOST_ROWS - 1], _cut(rows[MOST_ROWS - 1], shape.room - 2) + " …"]
    first = Text(shape.clock, FAINT, no_wrap=True, end="")
    first.append("▸" if current else " ", f"bold {INK}")
    first.append(rows[0][: shape.head], f"bold {ACCENT}")
    first.append(rows[0][shape.head :], INK)
    indent = " " * shape.indent
    return [first, *(Text(f"{indent}{row}", INK, no_wrap=True, end="") for row in rows[1:])]


def count_lines(moment: SpokenMoment, width: int, *, clocked: bool = True) -> int:
    """Return how many lines a row of so many cells takes, without drawing it."""
    return min(len(_rows(_shape(moment, width, clocked=clocked))), MOST_ROWS)


@dataclass(frozen=True, slots=True)
class _Shape:
    """What is to be wrapped; ``head`` is how much of it is the name, the others are cells."""

    clock: str
    said: str
    head: int
    indent: int
    room: int


def _shape(moment: SpokenMoment, width: int, *, clocked: bool) -> _Shape:
    clock = spoken_clock(moment.line.t) if clocked else ""
    head = f"{moment.name}: " if moment.name else ""
    indent = len(clock) + 1
    room = max(width - indent, _LEAST_WORDS)
    # Not all of a long speech is wrapped: there are thousands of rows.
    said = _begun(head + moment.words, (MOST_ROWS + 2) * room)
    return _Shape(clock, said, len(head), indent, room)


def _begun(text: str, cells: int) -> str:
    """Return what text begins with, of so many cells at least: not all characters take one."""
    length = cells
    while length < len(text) and cell_len(text[:length]) < cells:
        length *= 2
    return text[:length]


def _rows(shape: _Shape) -> list[str]:
    return wrapped(shape.said, shape.room)


def is_cut(moment: SpokenMoment, width: int) -> bool:
    """Return whether a row of so many cells does not show all that was said."""
    return len(_rows(_shape(moment, width, clocked=True))) > MOST_ROWS


def spoken_clock(t: float | None) -> str:
    """Return a line's time as rows show it, in five cells or little more.

    With a minus before the session's start; where it is not known, that is to be seen.
    """
    if t is None:
        return "--:--"
    # Without the first zero it is as wide as the others.
    return f"-{clock_words(-t).removeprefix('0')}" if t < 0 else clock_words(t)


def _cut(text: str, width: int) -> str:
    if cell_len(text) <= width:
        return text
    return chop_cells(text, max(width - 1, 1))[0].rstrip() + "…"


def line_of(moment: Moment | None) -> SpokenLine | None:
    """Return the line that a row stands for, None where it stands for something else."""
    return moment.line if isinstance(moment, SpokenMoment) else None
