"""What has changed between two looks at a pane, as the bytes that would draw it.

A multiplexer redraws rows as it likes. Here they are told again as a shell would have written
them: what was added below is written below, so that lines scroll and wrap as they first did. Pure;
which text is a prompt or a command is not known here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from wcwidth import wcwidth

_ALIKE_MOST = 4
"""Rows of the same text that are considered when looking where one has gone."""


def shift(before: Sequence[str], now: Sequence[str], *, fallback: int = 0) -> tuple[int, int]:
    """Return by how many rows the text moved up, and how many rows that are not blank did so.

    Where none did, ``fallback`` is the first of the two.
    """
    if len(before) == len(now) and sum(map(str.__ne__, before, now)) <= 1:
        return 0, len(before) - sum(map(str.isspace, before))
    places: defaultdict[str, list[int]] = defaultdict(list)
    for y, text in enumerate(before):
        if not text.isspace() and len(places[text]) < _ALIKE_MOST:
            places[text].append(y)
    votes: Counter[int] = Counter()
    for y, text in enumerate(now):
        for place in places.get(text, ()):
            if place >= y:
                votes[place - y] += 1
    if not votes:
        return fallback, 0
    best = min(votes, key=lambda rows: (-votes[rows], rows))
    return best, votes[best]


def drawn(
    before: Sequence[str],
    rows: Sequence[str],
    cursor: tuple[int, int],
    scroll: int = 0,
    line: range = range(0),
) -> bytes:
    """Return what makes ``rows`` of ``before``, where only how it looks is to be told.

    The rows of ``line`` are those of a line that is edited: they may wrap at a blank.
    """
    parts = [f"\x1b[{scroll}S"] if scroll else []
    old = [*before[scroll:], *([""] * scroll)] if scroll else before
    drawn_above = whole = False
    for y, row in enumerate(rows):
        flows = whole
        same = y < len(old) and old[y] == row
        if same and not flows and row[-1:] == " " and y not in line:
            # Nearly all rows; as below.
            whole = drawn_above = False
            continue
        whole = _goes_on(rows, y, in_line=y in line)
        if same and not whole and not (flows and drawn_above):
            drawn_above = False
            continue
        start = "" if flows and drawn_above else _to(0, y) + "\x1b[K"
        parts.append(start + (row if whole or is_full(row) else row.rstrip() + "\x1b[K"))
        drawn_above = True
    parts.append(_to(*cursor))
    return "".join(parts).encode()


def line(rows: Sequence[str], top: int) -> bytes:
    """Return what draws a line from row ``top`` on, with the cursor left behind its text."""
    parts = [_to(0, top), "\x1b[J"]
    for y, row in enumerate(rows):
        # Rows that are not full end where a line break was typed or pasted.
        flows = y == 0 or _goes_on(rows, y - 1, in_line=True)
        whole = _goes_on(rows, y, in_line=True)
        parts.append(("" if flows else "\x1bD\r") + (row if whole else row.rstrip()))
    return "".join(parts).encode()


def written(
    before: Sequence[str],
    now: Sequence[str],
    mirror: tuple[int, int],
    cursor: tuple[int, int],
    moved: int,
) -> bytes:
    """Return what a program would have written to make ``now`` out of ``before``.

    ``mirror`` is where the cursor stood, ``cursor`` where it stands (x, y).
    """
    height = len(now)
    old = [*before[moved:], *([""] * moved)]
    changed = [y for y in range(height) if old[y].rstrip() != now[y].rstrip()]
    x, y = mirror[0], mirror[1] - moved
    last = height - 1 if moved else max([*changed, cursor[1]])
    first = min(changed, default=cursor[1])
    if y >= 0 and first >= y and cells(now[y], x) == cells(old[y], x) and last >= y:
        parts = _continued(old, now, (x, y), last)
    else:
        parts, last = _elsewhere(now, changed, cursor, moved)
    return "".join([*parts, _home(now, last, cursor)]).encode()


def _continued(
    old: Sequence[str], now: Sequence[str], start: tuple[int, int], last: int
) -> list[str]:
    x, y = start
    rest = now[y][len(cells(now[y], x)) :].rstrip()
    parts = [rest if rest or not old[y][x:].strip() else "\x1b[K"]
    return parts + [_next(now, below) for below in range(y + 1, last + 1)]


def _elsewhere(
    now: Sequence[str], changed: list[int], cursor: tuple[int, int], moved: int
) -> tuple[list[str], int]:
    height = len(now)
    parts = [_to(0, height - 1) + "\n" * moved] if moved else []
    last = -2
    for y in [y for y in changed if y > cursor[1]] + [y for y in changed if y <= cursor[1]]:
        if y == last + 1:
            parts.append(_next(now, y))
        else:
            parts.append(f"{_to(0, y)}\x1b[K{now[y].rstrip()}")
        last = y
    return parts, last


def _next(rows: Sequence[str], y: int) -> str:
    """Return what draws a row when the one above was drawn just before."""
    flows = is_full(rows[y - 1]) and bool(rows[y].strip())
    text = rows[y].rstrip()
    return ("" if flows else "\r\n") + text + ("" if is_full(rows[y]) else "\x1b[K")


def _home(now: Sequence[str], last: int, cursor: tuple[int, int]) -> str:
    """Return what brings the cursor home, without leaving its row where that can be."""
    x, y = cursor
    if last != y:
        return _to(x, y)
    end = width(now[y].rstrip())
    if x > end:
        return " " * (x - end)
    return f"\x1b[{end - x}D" if end > x else ""


def line_end(rows: Sequence[str], top: int, lowest: int, *, in_line: bool = True) -> int:
    """Return the last row of the edited line that begins in row ``top``; ``lowest`` is in it."""
    end = top
    while end < len(rows) - 1 and (end < lowest or _goes_on(rows, end, in_line=in_line)):
        end += 1
    return end


def _goes_on(rows: Sequence[str], y: int, *, in_line: bool) -> bool:
    """Whether the next row continues this one; a line may wrap where a blank was typed."""
    row = rows[y]
    if not row or (row[-1].isspace() and not (in_line and is_full(row[:-1]))):
        return False
    return y + 1 < len(rows) and not rows[y + 1].isspace() and rows[y + 1] != ""


def is_full(row: str) -> bool:
    """Whether a row's text reaches the edge, so that the next row may continue it."""
    return bool(row) and not row[-1].isspace()


def rows_of(line: str, columns: int) -> list[str]:
    """Return the rows, as wide as the pane, that a line fills."""
    rows: list[str] = []
    while True:
        row = cells(line, columns) or line[:1]
        rows.append(row + " " * (columns - width(row)))
        line = line[len(row) :]
        if not line:
            return rows


def cells(text: str, count: int) -> str:
    """Return the beginning of ``text`` that fills so many cells."""
    if text.isascii():
        return text[:count]
    used = 0
    for index, character in enumerate(text):
        used += max(0, wcwidth(character))
        if used > count:
            return text[:index]
    return text


def width(text: str) -> int:
    """Return how many cells a text fills."""
    return len(text) if text.isascii() else sum(max(0, wcwidth(each)) for each in text)


def _to(x: int, y: int) -> str:
    return f"\x1b[{y + 1};{x + 1}H"
