"""An entry of the trace as a value, and the one encoding that its hash is taken over.

Each entry's hash covers all its columns and the hash of the one before, so that none can be
changed, taken out or put in between without all that follow showing it. No database here.
"""

from __future__ import annotations

import hashlib
import json
import os
import pwd
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from recorder.trace.actions import Action, Door

BEGINNING = "0" * 64
"""What stands in place of the hash before the first entry."""

MOST_ABOUT = 64
"""Characters of what an entry is about, as the table has it."""

MOST_DETAIL = 8000
"""Characters of a detail; what is longer is cut, and ends with an ellipsis."""

_FORMAT = 1
"""Version of the encoding; part of what is hashed."""

_HASHED = ("number", "said", "who", "door", "action", "about", "detail", "before")
"""The columns that are hashed, in their order."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody, and the door by which they came."""

    who: str
    door: Door

    def doing(self, action: Action, about: str | None = None, detail: str = "") -> Doing:
        """Return what they do."""
        return Doing(self.who, self.door, action, about, detail)


@dataclass(frozen=True, slots=True)
class Doing:
    """One thing that somebody does.

    Attributes:
        who: Their name: an interviewer's over SSH, else the system user's.
        door: Where they came in.
        action: What it is.
        about: The id of the session that it is about, if it is about one.
        detail: Numbers, formats, kinds; never what is in a recording, a note or a card, and never
            a candidate's name.

    """

    who: str
    door: Door
    action: Action
    about: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry as it is kept; ``number`` counts from 1, ``said`` is UTC.

    ``action`` and ``door`` are words: a newer program may have written ones that are not known.
    """

    number: int
    said: datetime
    who: str
    door: str
    action: str
    about: str | None
    detail: str
    before: str
    hash: str


def cut_detail(detail: str) -> str:
    """Return a detail as it is kept."""
    if len(detail) <= MOST_DETAIL:
        return detail
    return detail[: MOST_DETAIL - 1] + "\N{HORIZONTAL ELLIPSIS}"


def digest(columns: Mapping[str, Any]) -> str:
    """Return an entry's hash: SHA-256, hexadecimal, of a JSON array in ASCII without spaces.

    The array: 1 (the encoding's version), number, the time in UTC with six digits of a second
    (``2026-11-22T10:45:00.000000+00:00``), who, door, action, about or null, detail, the hash
    before. ``docs/trace.md`` shows how to check it without this program.

    Raises:
        TypeError: A column holds what cannot be encoded.

    """
    moment = columns["said"].astimezone(UTC).isoformat(timespec="microseconds")
    array = [_FORMAT, *(moment if name == "said" else columns[name] for name in _HASHED)]
    encoded = json.dumps(array, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(encoded.encode("ascii")).hexdigest()


def system_user() -> str:
    """Return the name of the user who runs this process; one without a name is told by number."""
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"uid {number}"
