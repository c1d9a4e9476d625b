"""What was spoken, for `jumpseat search`: read where there is a store, and put among the hits.

Searching itself is the analyzer's, printing `tui.cli.hits`'.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import Self

from sqlalchemy import Engine

from analyzer.search.find import Found, Hit
from analyzer.search.query import Matcher
from analyzer.search.spoken import SpokenHit, find_spoken
from recorder.transcripts.keeping import lines_of
from recorder.transcripts.values import SpokenLine
from tui.cli.settings import Settings
from tui.cli.store import opened_store


class Transcripts:
    """The transcripts of sessions; the store is opened with the first that is asked for."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stack = ExitStack()
        self._engine: Engine | None = None

    def __enter__(self) -> Self:
        """Open nothing yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the store."""
        self._stack.close()

    def lines(self, session: str) -> tuple[SpokenLine, ...]:
        """Return what was spoken in a session.

        Raises:
            StoreError: The store cannot be read.
            HomeError: The home cannot be used.

        """
        if self._engine is None:
            self._engine = self._stack.enter_context(opened_store(self._settings))
        return lines_of(self._engine, session)


def with_spoken(
    found: Found, lines: tuple[SpokenLine, ...], matcher: Matcher, limit: int | None
) -> tuple[list[Hit | SpokenHit], bool]:
    """Return hits on screens and in transcripts by time, and whether there are more than ``limit``.

    What was said at no known time comes last.
    """
    spoken, more = find_spoken(lines, matcher, limit)
    hits: list[Hit | SpokenHit] = sorted([*found.hits, *spoken], key=_by_time)
    over = limit is not None and len(hits) > limit
    return hits[:limit], found.more or more or over


def _by_time(hit: Hit | SpokenHit) -> float:
    return hit.t if hit.t is not None else float("inf")
