"""Lines of several rows as fish edits them: in one piece, each row drawn behind the prompt's width.

bash and zsh ask for more of a line with a prompt of its own; fish lets Enter begin another row of
the same line while that is not complete. Which line is edited is the tracker's to know.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace

from wcwidth import wcswidth

from analyzer.commands.keys import Ending

_NARROW = 4
"""Prompts of fewer cells: an indentation so small may be the text's own."""


def indented_rows(line: str, prompt: str) -> tuple[str, ...]:
    """Return the rows of an edited line without prompt and indentation; none if it is not one."""
    if "\n" not in line or not line.startswith(prompt):
        return ()
    width = max(0, wcswidth(prompt))
    first, *rest = line[len(prompt) :].split("\n")
    if width < _NARROW or any(row[:width].strip() or len(row) < width for row in rest if row):
        return ()
    return (first.rstrip(), *(row[width:].rstrip() for row in rest))


def merged(first: Ending, others: deque[Ending], rows: int) -> Ending:
    """Return the key that ended a line of so many rows, which began with the key ``first``.

    The keys before it only began other rows; they are taken from ``others``.
    """
    keys = [first]
    while len(keys) < rows and others and others[0].kind == "enter":
        keys.append(others.popleft())
    if len(keys) < rows:
        return replace(keys[-1], exact=False) if len(keys) > 1 else first
    return replace(
        keys[-1],
        typed="\n".join(key.typed for key in keys),
        exact=all(key.exact for key in keys),
        provenance=first.provenance,
    )
