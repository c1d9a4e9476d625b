"""The rows of an editor's text area as lines: line numbers taken off, wrapped rows joined."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analyzer.edits.picture import width

_NUMBERED = re.compile(r"( *\d+)(?:[ \u2502|+](.*))?\Z", re.DOTALL)
_FEWEST_NUMBERS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Lines of text, the index in them of each row, and the number that the first one shows."""

    texts: tuple[str, ...]
    index_of_row: tuple[int, ...]
    first: int | None = None


def lines_of(rows: tuple[str, ...], columns: int, *, wraps: bool) -> Lines:
    """Return the lines that rows show; ``wraps`` where a full row goes on in the next one."""
    bare, first, starts = _without_numbers(rows)
    texts: list[str] = []
    index_of_row: list[int] = []
    joined = False
    for row, whole, starting in zip(bare, rows, starts, strict=True):
        if texts and (joined or not starting):
            texts[-1] += row
        else:
            texts.append(row)
        index_of_row.append(len(texts) - 1)
        joined = first is None and wraps and width(whole) >= columns
    return Lines(
        texts=tuple(text.rstrip() for text in texts), index_of_row=tuple(index_of_row), first=first
    )


def _without_numbers(
    rows: tuple[str, ...],
) -> tuple[tuple[str, ...], int | None, tuple[bool, ...]]:
    """Take line numbers off, where each row has one, or blanks as its line goes on."""
    plain = rows, None, (True,) * len(rows)
    if not rows or not rows[0].lstrip()[:1].isdigit():
        return plain
    head = _NUMBERED.match(rows[0])
    if head is None:
        return plain
    size = len(head.group(1))
    number = int(head.group(1))
    first = number
    bare, starts = [head.group(2) or ""], [True]
    for row in rows[1:]:
        match = _NUMBERED.match(row)
        if match and len(match.group(1)) == size and int(match.group(1)) == number + 1:
            number += 1
            bare.append(match.group(2) or "")
            starts.append(True)
        elif row and not row[: size + 1].strip():
            bare.append(row[size + 1 :])
            starts.append(False)
        else:
            return plain
    enough = number - first + 1 >= _FEWEST_NUMBERS or (first == 1 and len(rows) == 1)
    return (tuple(bare), first, tuple(starts)) if enough else plain
