"""Roles, by key, and what each may do: one table, so that a question about it has one answer.

Which name has which role stands in the interviewers' file (`recorder.seats.interviewers`). Cheap
to import: every seat does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from recorder.errors import RoleError, UsageError

Role = Literal["interviewer", "facilitator", "admin"]
"""Who judges; who leads the debrief; who answers for the data."""

ROLES: tuple[Role, ...] = get_args(Role)

Right = Literal[
    "look",
    "note",
    "fill a card",
    "ask raters",
    "open the debrief early",
    "record a decision",
    "see the trace of a session",
    "report",
    "export",
    "purge",
    "see the whole trace",
]

_EVERYBODY = frozenset(ROLES)
_LEADING = frozenset[Role]({"facilitator", "admin"})
_ADMIN = frozenset[Role]({"admin"})

RIGHTS: Mapping[Right, frozenset[Role]] = {
    "look": _EVERYBODY,
    "note": _EVERYBODY,
    "fill a card": _EVERYBODY,
    "ask raters": _LEADING,
    "open the debrief early": _LEADING,
    "record a decision": _LEADING,
    "see the trace of a session": _LEADING,
    "report": _LEADING,
    "export": _ADMIN,
    "purge": _ADMIN,
    "see the whole trace": _ADMIN,
}
"""Who may do what. ``look`` is the list of sessions, watching and replaying, and what is printed of
them; ``ask raters`` also excuses them."""


_ARTICLES: Mapping[Role, str] = {"interviewer": "an", "facilitator": "a", "admin": "an"}


def may(role: Role, right: Right) -> bool:
    """Tell whether a role has a right."""
    return role in RIGHTS[right]


def demand(role: Role, right: Right) -> None:
    """Let somebody pass who has the right.

    Raises:
        RoleError: They have not; the message says who has.

    """
    if not may(role, right):
        others = " or ".join(f"{_ARTICLES[each]} {each}" for each in ROLES if each in RIGHTS[right])
        raise RoleError(f"{_ARTICLES[role]} {role} may not {right}", f"{others} may")


def with_role(name: str, role: Role) -> str:
    """Return a name with its role, as the interviewers' file has it and `parted` reads it."""
    return name if role == "interviewer" else f"{name}:{role}"


def parted(word: str) -> tuple[str, Role]:
    """Return name and role of ``NAME`` or ``NAME:ROLE``; a name alone is an interviewer's.

    Raises:
        UsageError: There is no such role.

    """
    name, colon, said = word.partition(":")
    if not colon:
        return name, "interviewer"
    for role in ROLES:
        if said == role:
            return name, role
    raise UsageError(f"there is no role {said[:40]!r}", f"there are {', '.join(ROLES)}")
