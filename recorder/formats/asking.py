"""Questions to the file system about what somebody named. Loads nothing: every start asks some."""

from __future__ import annotations

from collections.abc import Callable


def is_so(question: Callable[[], bool]) -> bool:
    """Ask the file system about a path; what it cannot answer (no right, too long) is not so."""
    try:
        return question()
    except (OSError, ValueError):
        return False
