"""Whether a pane was taken over by a full-screen program, and whether that has given it back.

A multiplexer does not pass on who switches to the alternate screen, so rows that are all new, and
rows that stand again, have to tell. Only rows are compared here; `programs` knows names.
"""

from __future__ import annotations

from analyzer.commands.panes import moved
from analyzer.commands.panes.programs import FULL_SCREEN
from analyzer.commands.stack import Stack

BLANKS_AT_MOST = 2
"""Rows that are not blank, up to which a screen says nothing about having been cleared."""


def is_run(stack: Stack) -> bool:
    """Whether a program runs that is known to take all of its terminal."""
    return any(command.program in FULL_SCREEN for run in stack.runs for command in run.simple)


def is_taken(old: tuple[str, ...], kept: int, *, known: bool, below: bool, hidden: bool) -> bool:
    """Whether what is drawn now was drawn by a full-screen program.

    Args:
        old: The rows before.
        kept: How many of them that are not blank are still there.
        known: Such a program runs.
        below: Something stands below the cursor.
        hidden: The cursor cannot be seen.

    """
    used = sum(not row.isspace() for row in old)
    if known:
        return kept * 2 < used
    return kept == 0 and used > BLANKS_AT_MOST and (below or hidden)


def came_back(before: tuple[str, ...], rows: tuple[str, ...], kept: int) -> bool:
    """Whether rows from before the command stand again that had been gone."""
    if not before or len(before) != len(rows):
        return False
    used = sum(not row.isspace() for row in before)
    back = moved.shift(before, rows)[1]
    if back <= kept:
        return False
    return back * 2 > used if back > BLANKS_AT_MOST else back == used
