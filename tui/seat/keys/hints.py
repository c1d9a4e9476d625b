"""The row of keys at the bottom of every screen: drawn here, so that they give way alike."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text

from tui.seat.look import ACCENT, FAINT

_LAST = 2
"""How many at the end stay in any case: help and leaving."""


def draw_hints(width: int, hints: Sequence[tuple[str, str]], *, gap: int = 3) -> Text:
    """Return keys and their words; where it is narrow, help and leaving stay.

    Args:
        width: Cells that there are.
        hints: Key and word, the ones that give way first behind the others; help and leaving last.
        gap: Blanks between two of them.

    """
    first, last = list(hints[:-_LAST]), hints[-_LAST:]
    while first and _width([*first, *last], gap) > width:
        first.pop()
    text = Text(no_wrap=True, overflow="ellipsis")
    for key, words in [*first, *last]:
        text.append(f"{key} ", ACCENT)
        text.append(words + " " * gap, FAINT)
    return text


def _width(hints: Sequence[tuple[str, str]], gap: int) -> int:
    return sum(cell_len(key) + 1 + cell_len(words) + gap for key, words in hints) - gap
