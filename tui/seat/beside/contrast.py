"""Two sessions as a table: each task with its times and tags, and the tags that only one has.

Values out of a pair; drawing is below them. An observation, never a score: nothing is added up
across tasks, and neither side is better.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from analyzer.records import Tag
from analyzer.visible import plain
from tui.seat.beside.course import Course, Task
from tui.seat.beside.known import SIDES
from tui.seat.beside.pair import Pair
from tui.seat.beside.views import reached_on_clock, signed_clock, task_words
from tui.seat.feed import HIDDEN
from tui.seat.look import FAINT, INK
from tui.seat.transport import clock_words

_FIGURES = 46
"""Cells of the six figures beside a task's title."""

_TITLE = 40
"""Cells of a title at most: figures far from it are read in the wrong row."""

_NONE = "-"
_GAP = 2

_BESIDE = 116
"""Columns from which what only one has stands beside what only the other has."""

_MOST_HALF = 84
"""Cells of each of the two at most: further apart they are not seen together."""

_TIMES = 18
"""Cells of a column of times."""

_MOST_TIMES = 2
"""Times of a signal that are listed; how many more there are is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """A task in both sessions: seconds on the clock at first, seconds spent, tags meanwhile.

    None where that is not known, or it was never worked on.
    """

    task: Task
    first: tuple[float | None, float | None]
    spent: tuple[float | None, float | None]
    tags: tuple[int | None, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalRow:
    """A signal, and when its tags were established in each session, in seconds on its clock."""

    title: str
    times: tuple[tuple[float, ...], tuple[float, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """The whole comparison; ``known`` tells of which sessions tags and tasks are known.

    ``hidden`` tells whose tags are not shown, as the viewer judges without them for now.
    """

    tasks: tuple[TaskRow, ...]
    signals: tuple[SignalRow, ...]
    known: tuple[bool, bool]
    hidden: tuple[bool, bool] = (False, False)


def contrast_of(pair: Pair) -> Contrast:
    """Return what is known of both by now."""
    tags = (_tags(pair, 0), _tags(pair, 1))
    return Contrast(
        tasks=tuple(_task_row(pair, task, tags) for task in pair.plan.tasks),
        signals=tuple(_signal_rows(pair, tags)),
        known=(pair.findings[0] is not None, pair.findings[1] is not None),
        hidden=(_hides(pair, 0), _hides(pair, 1)),
    )


def _hides(pair: Pair, side: int) -> bool:
    found = pair.findings[side]
    return found is not None and found.hidden


def _tags(pair: Pair, side: int) -> tuple[Tag, ...]:
    found = pair.findings[side]
    return () if found is None else tuple(t for t in found.tags if t.state == "established")


def _task_row(pair: Pair, task: Task, tags: Sequence[Sequence[Tag]]) -> TaskRow:
    one, other = (_figures(pair, side, task, tags[side]) for side in SIDES)
    return TaskRow(
        task=task, first=(one[0], other[0]), spent=(one[1], other[1]), tags=(one[2], other[2])
    )


def _figures(
    pair: Pair, side: int, task: Task, tags: Sequence[Tag]
) -> tuple[float | None, float | None, int | None]:
    course = pair.courses[side]
    first = reached_on_clock(pair, side, task)
    if course is None or first is None:
        return None, None, None
    count = sum(course.task_at(tag.t) == task.id for tag in tags)
    return first, course.spent(task.id), None if _hides(pair, side) else count


def _signal_rows(pair: Pair, tags: Sequence[Sequence[Tag]]) -> Iterator[SignalRow]:
    titles: dict[str, str] = {}
    for each in pair.findings:
        titles |= {} if each is None else each.titles
    rows: dict[str, tuple[list[float], list[float]]] = {}
    for side, found in enumerate(tags):
        for tag in found:
            times = rows.setdefault(tag.signal, ([], []))[side]
            times.append(tag.t - _origin(pair.courses[side]))
    ordered = sorted(rows.items(), key=lambda item: min(*item[1][0], *item[1][1], float("inf")))
    for signal, (one, other) in ordered:
        title = plain(titles.get(signal) or signal.replace("-", " "))
        yield SignalRow(title=title, times=(tuple(one), tuple(other)))


def _origin(course: Course | None) -> float:
    return 0.0 if course is None else course.origin


def draw_contrast(
    contrast: Contrast, names: tuple[str, str], order: tuple[int, int], width: int
) -> Text:
    """Return the table.

    Args:
        contrast: What is known.
        names: What the sessions are called, in the order in which they stand beside each other.
        order: Which sessions these are.
        width: Cells of each row at most.

    """
    rows = [*_task_table(contrast, names, order, width), Text()]
    hidden = [name for side, name in zip(order, names, strict=True) if contrast.hidden[side]]
    if hidden:
        # What only one of them has would tell of the other's.
        rows += [Text(f"{HIDDEN}: {', '.join(hidden)}", FAINT)]
        return Text("\n", end="").join(rows)
    unknown = [name for side, name in zip(order, names, strict=True) if not contrast.known[side]]
    if unknown:
        rows += [Text(f"Tags are not known: {', '.join(unknown)}.", FAINT)]
        return Text("\n", end="").join(rows)
    only = [
        (f"Only {name}", [e for e in contrast.signals if not e.times[1 - side]], side)
        for side, name in zip(order, names, strict=True)
    ]
    if width >= _BESIDE:
        half = min(width // 2 - _GAP, _MOST_HALF)
        rows += _beside([_only_rows(*each, half) for each in only], half)
    else:
        rows += [row for each in only for row in _only_rows(*each, width)]
    both = [e for e in contrast.signals if e.times[0] and e.times[1]]
    rows += _both_rows(both, names, order, width)
    return Text("\n", end="").join(rows)


def _beside(blocks: Sequence[Sequence[Text]], width: int) -> Iterator[Text]:
    """Put two blocks beside each other; the empty row at the end of the longer one stays."""
    for one, other in zip_longest(*blocks, fillvalue=Text()):
        row = one.copy()
        row.pad_right(max(width + _GAP - row.cell_len, 0))
        yield row.append_text(other)


def _task_table(
    contrast: Contrast, names: tuple[str, str], order: tuple[int, int], width: int
) -> Iterator[Text]:
    wide = min(max(width - _FIGURES, 10), _TITLE)
    yield Text.assemble(
        (_cell("Tasks", wide), f"bold {INK}"),
        (f"{'first worked on':>16}{'time spent':>16}{'tags':>14}", FAINT),
    )
    pair = "".join(f"{name:>8}" for name in names)
    yield Text(f"{'':{wide}}{pair}{pair}{names[0]:>7}{names[1]:>7}", FAINT)
    for row in contrast.tasks:
        text = Text(_cell(task_words(row.task), wide), INK)
        for seconds, words in ((row.first, signed_clock), (row.spent, clock_words)):
            for t in (seconds[side] for side in order):
                text.append(f"{_NONE if t is None else words(t):>8}", INK)
        for count in (row.tags[side] for side in order):
            text.append(f"{_NONE if count is None else count:>7}", INK)
        yield text


def _only_rows(title: str, rows: Sequence[SignalRow], side: int, width: int) -> list[Text]:
    wide = max(min(_longest(rows) + 3, width - _TIMES), 10)
    told = [_signal(row.title, wide, [row.times[side]], width) for row in rows]
    return [_kinds(title, len(rows), wide, ()), *told, Text()]


def _both_rows(
    rows: Sequence[SignalRow], names: tuple[str, str], order: tuple[int, int], width: int
) -> list[Text]:
    wide = max(min(_longest(rows) + 3, width - len(SIDES) * _TIMES), 10)
    told = [_signal(row.title, wide, [row.times[side] for side in order], width) for row in rows]
    return [_kinds("Both", len(rows), wide, names), *told]


def _longest(rows: Sequence[SignalRow]) -> int:
    return max((cell_len(row.title) for row in rows), default=0)


def _kinds(title: str, count: int, wide: int, names: Sequence[str]) -> Text:
    words = f"{title}: {count} {'kind' if count == 1 else 'kinds'} of tag"
    text = Text(_cell(words, max(wide + 1, len(words) + 2)), f"bold {INK}")
    text.append("".join(f"{name:{_TIMES}}" for name in names), FAINT)
    return text


def _signal(title: str, wide: int, times: Sequence[Sequence[float]], width: int) -> Text:
    text = Text(f" {_cell(title, wide)}", INK)
    text.append("".join(f"{_times(each):{_TIMES}}" for each in times).rstrip(), FAINT)
    text.truncate(width, overflow="ellipsis")
    return text


def _times(times: Sequence[float]) -> str:
    shown = " ".join(signed_clock(t) for t in times[:_MOST_TIMES])
    more = len(times) - _MOST_TIMES
    return f"{shown} +{more}" if more > 0 else shown


def _cell(words: str, width: int) -> str:
    if cell_len(words) > width - 1:
        words = set_cell_size(words, width - 2) + "…"
    return set_cell_size(words, width)
