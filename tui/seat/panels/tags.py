"""The tags as they come, the newest first, with the question that the marked one suggests."""

from __future__ import annotations

from rich.text import Text

from tui.seat.desk.values import TagLine
from tui.seat.look import ACCENT, FAINT, INK, OUTCOME_COLOURS, OUTCOME_MARKS
from tui.seat.panels.paper import ROOMY, Times, filled, row, words, wrapped

_QUESTION_ROWS = 3
_TOPIC, _SHORT = 12, 5
_WIDE = 32
"""Cells from which a topic stands beside the tag."""


def marked_index(tags: tuple[TagLine, ...], marked: str | None) -> int:
    """Return the row of the marked tag, by default of the newest."""
    return next((index for index, tag in enumerate(tags) if tag.id == marked), 0)


def draw_tags(
    tags: tuple[TagLine, ...],
    width: int,
    rows: int,
    times: Times,
    *,
    marked: str | None = None,
    choosing: bool = False,
    none: str = "nothing noticed yet",
) -> tuple[list[Text], list[int | None]]:
    """Return the lines, and of each which tag it belongs to.

    ``none`` is said where there are none. The marked one is always among them, with its question
    below it where there are rows for it.
    """
    if not tags:
        return filled([row(width, words(none, FAINT))], width, rows), [None] * rows
    at = marked_index(tags, marked)
    question = _question(tags[at], width, min(_QUESTION_ROWS, rows - 1))
    first = max(at - max(rows - len(question) - 1, 0), 0)
    lines: list[Text] = []
    owners: list[int | None] = []
    for index in range(first, len(tags)):
        if len(lines) >= rows:
            break
        lines.append(_line(tags[index], width, times, marked=index == at, choosing=choosing))
        owners.append(index)
        if index == at:
            lines += question
            owners += [index] * len(question)
    return filled(lines, width, rows), [*owners, *[None] * rows][:rows]


def _question(tag: TagLine, width: int, rows: int) -> list[Text]:
    if not tag.question or rows < 1:
        return []
    return wrapped(f"? {tag.question}", width, rows, ACCENT, indent="  ")


def _line(tag: TagLine, width: int, times: Times, *, marked: bool, choosing: bool) -> Text:
    ink = f"bold {INK}" if marked else INK
    left = Text.assemble(
        (f"{times.at(tag.t)} ", FAINT),
        (f"{OUTCOME_MARKS[tag.outcome]} ", OUTCOME_COLOURS[tag.outcome]),
        (tag.words, ink),
    )
    outcome = tag.outcome if tag.outcome != "ok" and width >= ROOMY else ""
    right = [each for each in (outcome, tag.judged) if each]
    if width >= _WIDE:
        room = width - left.cell_len - len(" ".join(["", *right])) - 1
        # Where both do not fit, what happened is worth more than what it belongs to.
        right.append(tag.topic[: _TOPIC if len(tag.topic) <= room else _SHORT])
    line = row(width, left, words(" ".join(right), FAINT) if right else None)
    if marked and choosing:
        line.stylize("on $marked underline")
    return line
