"""How results are printed: tables for people, JSON for programs; nothing acts on a terminal.

Only formatting; what is printed comes from the caller.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence

import click

from analyzer.visible import plain

_GAP = 2
_LONGEST = 32
"""Cells of a column that is not the last one."""


def print_json(value: object) -> None:
    """Print a value as JSON, in ASCII, so that no terminal and no locale can misread it."""
    click.echo(json.dumps(value, indent=2))


def say(words: str) -> None:
    """Tell a person something on stderr, beside the data."""
    click.echo(f"jumpseat: {plain(words)}", err=True)


def print_table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows in columns under their titles.

    In a terminal, lines are cut at its width, and before that all cells but a row's last at
    `_LONGEST`: a long name must not hide what stands behind it. In a pipe nothing is cut.
    """
    cells = [[plain(cell) for cell in row] for row in rows]
    if sys.stdout.isatty():
        cells = [[*(clip(cell, _LONGEST) for cell in row[:-1]), *row[-1:]] for row in cells]
    widths = [
        max(_width(row[column]) for row in [list(titles), *cells]) for column in range(len(titles))
    ]
    limit = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    click.echo(click.style(_line(titles, widths, limit), bold=True))
    for row in cells:
        click.echo(_line(row, widths, limit))


def _line(cells: Sequence[str], widths: Sequence[int], limit: int | None) -> str:
    padded = [
        cell + " " * (width - _width(cell) + _GAP)
        for cell, width in zip(cells, widths, strict=True)
    ]
    line = "".join(padded).rstrip()
    return line if limit is None else clip(line, limit)


def counted(number: int, word: str) -> str:
    """Return a number of things in words: ``1 card``, ``2 cards``."""
    return f"{number} {word}{'' if number == 1 else 's'}"


def clip(text: str, columns: int) -> str:
    """Cut text to a width in cells; an ellipsis shows that something is missing."""
    if _width(text) <= columns:
        return text
    from wcwidth import wcwidth  # noqa: PLC0415 - 15 ms that only tables need

    kept, used = "", 0
    for character in text:
        used += max(0, wcwidth(character))
        if used > columns - 1:
            break
        kept += character
    return kept.rstrip() + "\N{HORIZONTAL ELLIPSIS}"


def _width(text: str) -> int:
    from wcwidth import wcswidth  # noqa: PLC0415 - as above

    width = wcswidth(text)
    return len(text) if width < 0 else width


def moment(seconds: float) -> str:
    """Return a moment of a session: ``0:07.3``, ``1:02:03.4``; tenths are cut, not rounded."""
    tenths = int(seconds * 10)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    clock = f"{hours}:{minutes:02}" if hours else str(minutes)
    return f"{clock}:{rest // 10:02}.{rest % 10}"


def signed_moment(seconds: float | None) -> str:
    """Return a moment that may lie before the session's start; ``-`` where it is not known."""
    if seconds is None:
        return "-"
    return f"-{moment(-seconds)}" if seconds < 0 else moment(seconds)


def span(seconds: float | None) -> str:
    """Return a length of time without tenths: ``0:07``, ``1:02:03``; ``-`` where unknown."""
    return "-" if seconds is None else moment(seconds)[:-2]
