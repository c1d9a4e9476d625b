"""Who sits here, as what, and by which door: the system's user, or, over SSH, an interviewer.

Nothing that the person could set themselves: over SSH, name and role are those of their key.
"""

from __future__ import annotations

from recorder.trace.actions import Action, Door
from recorder.trace.entries import Actor, Doing, system_user
from recorder.trace.here import come_by, door
from recorder.trace.roles import Right, Role, demand

_interviewers: list[tuple[str, Role]] = []
"""The one who sits here over SSH; empty where somebody sits at this machine."""


def sit_as(name: str, role: Role = "interviewer") -> None:
    """Let all that is judged or noted in this process be this interviewer's.

    For the program that the seat's port starts, and once: the name is that of the key they used,
    the role that of the name.
    """
    _interviewers[:] = [(name, role)]
    come_by("ssh")


def person() -> str:
    """Return who sits here: an interviewer's name, or that of the user who runs this process.

    A user without a name is told by number.
    """
    return _interviewers[0][0] if _interviewers else system_user()


def role() -> Role:
    """Return what whoever sits here is.

    At the machine itself everybody who gets so far can read every file of the home, and so is what
    its owner is: admin.
    """
    return _interviewers[0][1] if _interviewers else "admin"


def actor(here: Door | None = None) -> Actor:
    """Return them as the trace has them; ``here`` is their door unless they came over SSH."""
    return Actor(person(), door() if here is None or _interviewers else here)


def doing(
    action: Action, about: str | None = None, detail: str = "", *, here: Door | None = None
) -> Doing:
    """Return what they do as the trace has it; no content belongs in ``detail``."""
    return actor(here).doing(action, about, detail)


def must_have(right: Right) -> None:
    """Let whoever sits here pass if they have a right.

    Raises:
        RoleError: They have not.

    """
    demand(role(), right)
