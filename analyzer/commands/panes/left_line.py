"""The line at a pane's prompt as it finally stood when it was left, which its rows may not show.

It may have scrolled off, or been drawn only in part; what was typed and pasted fills the gaps. When
a line is left is `pane`'s to find.
"""

from __future__ import annotations

import re

from analyzer.commands.panes import moved
from analyzer.commands.panes.mirror import Mirror
from analyzer.commands.panes.pasting import Pasting

_SEARCH = re.compile(r"\((?:failed )?(?:reverse-|bck-|fwd-)?i-search\)[`'][^']*': ?")


def is_search(row: str) -> bool:
    """Whether a row shows a search of the history in the prompt's place."""
    return _SEARCH.match(row) is not None


def shown(
    mirror: Mirror, pasting: Pasting, rows: tuple[str, ...], top: int, y: int
) -> list[str] | None:
    """Return the rows of the line, as they are drawn from row ``top`` to the cursor's row ``y``.

    It is None where they show nothing of it.
    """
    prompt = mirror.tracker.prompt or ""
    first = rows[top]
    if not mirror.begins(first, prompt) or mirror.is_bare_prompt(first, prompt):
        return None
    old = mirror.rows
    own = moved.line_end(old, mirror.anchor, mirror.tracker.terminal.cursor.y) - mirror.anchor
    while own and not old[mirror.anchor + own].strip():
        own -= 1
    end = top + own
    if rows[top : end + 1] != old[mirror.anchor : mirror.anchor + own + 1]:
        end = min(moved.line_end(rows, top, top, in_line=False), max(y - 1, top))
        pasted = pasting.rows_filled(
            rows, top, prompt + (mirror.line() or ""), mirror.tracker.terminal.columns
        )
        end = max(end, top + pasted - 1)
    while end > top and not rows[end].strip():
        end -= 1
    return list(rows[top : end + 1])


def completed(mirror: Mirror, missing: str, rows: list[str] | None) -> list[str] | None:
    """Add the letters that were typed and never seen, where the pane shows no other line."""
    if not missing:
        return rows
    before = mirror.until_cursor()
    old = mirror.rows
    end = moved.line_end(old, mirror.anchor, mirror.tracker.terminal.cursor.y)
    after = "".join(old[mirror.anchor : end + 1])[len(before) :]
    whole = (before + missing + after).rstrip()
    seen = "".join(rows).rstrip() if rows else whole
    if not (whole.startswith(seen) or seen.startswith(whole)):
        return rows
    return moved.rows_of(whole, mirror.tracker.terminal.columns)


def end_search(mirror: Mirror) -> None:
    """Put the prompt back where a search of the history stands in its place."""
    terminal, prompt = mirror.tracker.terminal, mirror.tracker.prompt or ""
    row = mirror.rows[min(mirror.anchor, terminal.lines - 1)]
    if match := _SEARCH.match(row):
        mirror.draw_line(moved.rows_of(prompt + row[match.end() :].rstrip(), terminal.columns))
