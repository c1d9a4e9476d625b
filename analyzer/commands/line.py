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
    parts: list[str] = []
    own: int | None = None
    looked = 0
    lowest = max(0, terminal.scrolled - _ROWS_MOST + 1, above)
    row = _row(terminal, bottom)
    for absolute in range(bottom, lowest - 1, -1):
        if row is None:
            break
        text, wrapped = row
        if absolute == bottom:
            parts.append(_until_cursor(terminal, text))
        else:
            parts.append(text if wrapped else text.rstrip() + "\n")
        if prompt and _begins(parts, prompt):
            # Even below a row that wrapped: the screen may have been cleared since.
            return _joined(parts)
        row = _row(terminal, absolute - 1) if absolute else None
        if row is not None and row[1]:
            continue
        own = own or len(parts)
        if not prompt:
            return _joined(parts)
        if behind_output:
            # What was looked at before does not hold it: only what is new may, or the two together.
            place = _joined(_newest(parts, looked, len(prompt))).find(prompt)
            if place >= 0:
                return _joined(parts)[place:]
            looked = len(parts)
        if bottom - absolute >= _ROWS_MOST:
            break
    return _joined(parts[: own or len(parts)])


def _joined(parts: list[str]) -> str:
    """Return the text of rows that were read from the lowest on."""
    return "".join(reversed(parts))


def _begins(parts: list[str], prompt: str) -> bool:
    """Whether the text of rows begins with the prompt, which may fill several of them."""
    rest = prompt
    for part in reversed(parts):
        if len(part) >= len(rest):
            return part.startswith(rest)
        if not rest.startswith(part):
            return False
        rest = rest[len(part) :]
    return False


def _newest(parts: list[str], looked: int, size: int) -> list[str]:
    """Return the rows behind the first ``looked``, and so many characters before them at least."""
    first, characters = looked, 0
    while first and characters < size:
        first -= 1
        characters += len(parts[first])
    return parts[first:]


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
