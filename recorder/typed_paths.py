"""Paths as people write them, in options, settings and entries: ``~`` and ``~USER`` are homes."""

from __future__ import annotations

from pathlib import Path

from recorder.errors import UsageError


def typed_path(words: str) -> Path:
    """Return the path that somebody means.

    Raises:
        UsageError: It begins in the home of a user whom this machine does not know.

    """
    try:
        return Path(words).expanduser()
    except RuntimeError as error:
        user = Path(words).parts[0]
        raise UsageError(
            f"nobody knows the home {user} of {words}", "write the path out"
        ) from error
