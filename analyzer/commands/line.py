"""Reads the line that is being edited off the screen, prompt included.

Rows that wrapped are joined; rows below each other that readline drew for one line with newlines
in it are joined with newlines. What is a prompt is the tracker's to know.
"""

from __future__ import annotations

from wcwidth import wcswidth, wcwidth

from analyzer.terminal import Terminal

_ROWS_MOST = 300
_PROMPT_ROWS = 12
_RIGHT_MOST = 60


def cursor_line(terminal: Terminal) -> int:
    """Return the absolute number of the row that the cursor is on."""
    return terminal.scrolled + terminal.cursor.y


def before_cursor(terminal: Terminal) -> str:
    """Return the text up to the cursor of the line that the cursor is in, rows that wrap joined."""
    y = terminal.cursor.y
    rows = range(_first_row(terminal), y)
    return "".join(terminal.row(each) for each in rows) + _own_row(terminal)


def first_row(terminal: Terminal) -> int:
    """Return the absolute number of the row in which the line that the cursor is in begins."""
    return terminal.scrolled + _first_row(terminal)


def since(terminal: Terminal, row: int, column: int) -> str:
    """Return the text from a place up to the cursor, or its whole row where it moved elsewhere."""
    first = row - terminal.scrolled
    y = terminal.cursor.y
    if 0 <= first <= y and all(terminal.wrapped(each) for each in range(first, y)):
        text = "".join(terminal.row(each) for each in range(first, y)) + _own_row(terminal)
        return text[len(take_cells(terminal.row(first), column)) :]
    return before_cursor(terminal)


def at_right_edge(terminal: Terminal) -> str:
    """Return what stands at the end of the cursor's row, with blanks between it and the cursor."""
    row = terminal.row(terminal.cursor.y)
    rest = row[len(take_cells(row, terminal.cursor.x)) :]
    text = rest.strip()
    reaches = wcswidth(row.rstrip()) >= terminal.columns - 2
    return text if reaches and rest.startswith(" ") and len(text) <= _RIGHT_MOST else ""


def own_row(terminal: Terminal) -> str:
    """Return the cursor's row."""
    return terminal.row(terminal.cursor.y)


def row_above(terminal: Terminal) -> str:
    """Return the row over the cursor's, empty at the top."""
    return terminal.row(terminal.cursor.y - 1) if terminal.cursor.y else ""


def edited_line(
    terminal: Terminal, prompt: str, *, behind_output: bool = False, above: int = 0
) -> str:
    """Return the text from ``prompt`` to the end of the line that the cursor is in.

    The prompt does not stand over the absolute row ``above``.

    The prompt starts a row, or stands ``behind_output`` that did not end its line. Where no row
    that starts with the prompt is found, the cursor's own line is returned whole.
    """
    bottom = _last_row(terminal)
    rows: list[tuple[str, bool]] = []
    own: int | None = None
    lowest = max(terminal.scrolled - _ROWS_MOST, above - 1)
    for absolute in range(bottom, max(-1, lowest), -1):
        row = _row(terminal, absolute)
        if row is None:
            break
        text, wrapped = row
        rows.append((_until_cursor(terminal, text) if absolute == bottom else text, wrapped))
        joined = _join(rows[::-1])
        if prompt and joined.startswith(prompt):
            # Even below a row that wrapped: the screen may have been cleared since.
            return joined
        over = _row(terminal, absolute - 1) if absolute else None
        if over is not None and over[1]:
            continue
        own = own or len(rows)
        if not prompt:
            return joined
        if behind_output and prompt in joined:
            return joined[joined.index(prompt) :]
        if bottom - absolute >= _ROWS_MOST:
            break
    return _join(rows[: own or len(rows)][::-1])


def take_cells(text: str, cells: int) -> str:
    """Return the beginning of ``text`` that fills so many cells."""
    if text.isascii():
        return text[:cells]
    used = 0
    for index, character in enumerate(text):
        used += max(0, wcwidth(character))
        if used > cells:
            return text[:index]
    return text


def _own_row(terminal: Terminal) -> str:
    return take_cells(terminal.row(terminal.cursor.y), terminal.cursor.x)


def _first_row(terminal: Terminal) -> int:
    y = terminal.cursor.y
    lowest = max(0, y - _PROMPT_ROWS)
    while y > lowest and terminal.wrapped(y - 1):
        y -= 1
    return y


def _last_row(terminal: Terminal) -> int:
    y = terminal.cursor.y
    while y < terminal.lines - 1 and terminal.wrapped(y):
        y += 1
    return terminal.scrolled + y


def _until_cursor(terminal: Terminal, text: str) -> str:
    """Keep the blanks that were typed at the end: those up to the cursor."""
    if _last_row(terminal) != cursor_line(terminal):
        return text.rstrip()
    start = take_cells(text, terminal.cursor.x)
    return start + text[len(start) :].rstrip()


def _row(terminal: Terminal, absolute: int) -> tuple[str, bool] | None:
    y = absolute - terminal.scrolled
    if y >= 0:
        return terminal.row(y), terminal.wrapped(y)
    line = terminal.history_line(absolute)
    return (line.text, line.wrapped) if line else None


def _join(rows: list[tuple[str, bool]]) -> str:
    last = len(rows) - 1
    parts = [
        text if wrapped or index == last else text.rstrip() + "\n"
        for index, (text, wrapped) in enumerate(rows)
    ]
    return "".join(parts)
