"""What a seat shows before its feed is there: a session's beginning, and its first lists.

Nothing rests on it: where it has nothing, or fails, everything is the feed's, which takes over in
any case. Whoever calls sees to it that answering and ending do not overlap.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from textual.message import Message

from tui.seat.news import Found, Read, Shown, Wish

if TYPE_CHECKING:
    from tui.seat.feed import Beginning, Findings, Start

_log = logging.getLogger(__name__)

_Part = TypeVar("_Part")


class Prelude:
    """One session's; `begin` and `show_findings` wait, in threads, the others do not."""

    def __init__(self, start: Start | None, post: Callable[[Message], object]) -> None:
        self._start = start
        self._post = post
        self._beginning: Beginning | None = None
        self._answered: Wish | None = None
        self._is_hidden = False

    def begin(self) -> Beginning | None:
        """Show how the session stands, and return that; None where only the feed can say."""
        start = self._start
        self._beginning = None if start is None else _had(start.beginning)
        if self._beginning is None:
            return None
        self._post(Read(self._beginning.overview))
        return self._beginning

    def answer(self, wish: Wish) -> bool:
        """Answer a wish with the first screen; return whether that is what is to be seen."""
        beginning = self._beginning
        if beginning is None or wish.steps or not beginning.answers(wish.t, wish.terminal):
            return False
        self._answered = wish
        self._post(Shown(wish, replace(beginning.picture, t=wish.t)))
        return True

    def end(self) -> Wish | None:
        """Answer nothing from now on; return the last wish that was, for the feed to answer.

        It knows better: a terminal may have been resized, or another one used.
        """
        answered, self._answered = self._answered, None
        self._beginning = None
        return answered

    def show_findings(self) -> Findings | None:
        """Show the lists that are there before the feed, and return them."""
        found = None if self._start is None else _had(self._start.findings)
        if found is None or self._is_hidden:
            return None
        self._post(Found(found))
        return found

    def hide_findings(self) -> None:
        """Show no lists but the feed's: what may be seen may be another thing now."""
        self._is_hidden = True

    def close(self) -> None:
        """Let whoever waits go on with nothing."""
        if self._start is not None:
            self._start.close()


def _had(part: Callable[[], _Part | None]) -> _Part | None:
    try:
        return part()
    except Exception:  # noqa: BLE001 - nothing rests on it
        _log.exception("what is shown before a session's feed could not be had")
        return None
