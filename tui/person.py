"""Who sits here: the system's user, or, over SSH, the interviewer whose key opened the door.

Nothing that the person could set themselves.
"""

from __future__ import annotations

import os
import pwd

_interviewers: list[str] = []
"""The one who sits here over SSH; empty where somebody sits at this machine."""


def sit_as(name: str) -> None:
    """Let all that is judged or noted in this process be this interviewer's.

    For the program that the seat's port starts, and once: the name is that of the key they used.
    """
    _interviewers[:] = [name]


def person() -> str:
    """Return who sits here: an interviewer's name, or that of the user who runs this process.

    A user without a name is told by number.
    """
    if _interviewers:
        return _interviewers[0]
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"uid {number}"
