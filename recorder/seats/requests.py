"""What interviewers may ask for over SSH: a short list, and the reader of the command.

Whatever is not on the list is refused; no word of the command reaches a shell or another parser
unchecked. Nothing is looked up here: whether a session exists is the seat's to say.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from recorder.errors import RefusedRequestError

OFFERED = (
    "watch [SESSION], watch --sidebar [SESSION], replay SESSION, card SESSION,"
    " debrief SESSION, trace [SESSION]; nothing for all sessions"
)
SIDEBAR = "--sidebar"
SESSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
"""An id, the beginning of one, or ``latest``; never a path, never an option."""

_MOST_CHARACTERS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One seat that was asked for.

    Attributes:
        verb: ``home`` is the list of sessions; ``card`` the replay with one's own card over it,
            ``debrief`` all cards, as far as they may be seen; ``trace`` is printed, to whom may
            see it.
        session: As it was named; None for the list, for whichever is live, for all of the trace.
        sidebar: The narrow pane, of `watch` only.

    """

    verb: Literal["home", "watch", "replay", "card", "debrief", "trace"]
    session: str | None = None
    sidebar: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """The words that `visit_of` reads as this very visit."""
        verb = () if self.verb == "home" else (self.verb,)
        sidebar = (SIDEBAR,) if self.sidebar else ()
        return (*verb, *sidebar, *((self.session,) if self.session is not None else ()))


def parse_request(command: str) -> Visit:
    """Read the command that a client sent; an empty one asks for the list.

    Raises:
        RefusedRequestError: It asks for anything else.

    """
    if len(command) > _MOST_CHARACTERS or not all(each.isprintable() for each in command):
        raise _refused()
    try:
        return visit_of(shlex.split(command))
    except ValueError as error:
        raise _refused() from error


def visit_of(words: Sequence[str]) -> Visit:
    """Read the words of a command.

    Raises:
        RefusedRequestError: They ask for anything else.

    """
    match list(words):
        case []:
            return Visit(verb="home")
        case ["watch", *rest] if rest.count(SIDEBAR) <= 1:
            named = [word for word in rest if word != SIDEBAR]
            if len(named) <= 1 and all(map(SESSION.fullmatch, named)):
                session = named[0] if named else None
                return Visit(verb="watch", session=session, sidebar=SIDEBAR in rest)
        case ["replay", session] if SESSION.fullmatch(session):
            return Visit(verb="replay", session=session)
        case ["card", session] if SESSION.fullmatch(session):
            return Visit(verb="card", session=session)
        case ["debrief", session] if SESSION.fullmatch(session):
            return Visit(verb="debrief", session=session)
        case ["trace"]:
            return Visit(verb="trace")
        case ["trace", session] if SESSION.fullmatch(session):
            return Visit(verb="trace", session=session)
    raise _refused()


def _refused() -> RefusedRequestError:
    # The command itself is not repeated: it may hold what a terminal would act on.
    return RefusedRequestError("there is no such thing here", f"what can be had: {OFFERED}")
