"""Entries that are on their way to the trace: a small file each, until the store has taken them.

For what must not wait for the store: a seat that paints its first picture, a session that is
watched while the store cannot be written. A file is put down in the time of one write to the
disk; it is taken in by `recorder.trace.taking`. No database here: this is imported before one is.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

from recorder.errors import HomeError, TraceError
from recorder.home import PRIVATE_FILE, Home, make_private_directory
from recorder.trace.actions import Action, Door
from recorder.trace.entries import Doing

_SUFFIX = ".json"


def put(home: Home, doing: Doing, *, now: datetime | None = None) -> Path:
    """Put an entry down, to be taken in later; return its file.

    Raises:
        TraceError: It cannot be written.

    """
    said = (now or datetime.now(UTC)).astimezone(UTC)
    content = {
        "said": said.isoformat(timespec="microseconds"),
        "who": doing.who,
        "door": doing.door,
        "action": doing.action.value,
        "about": doing.about,
        "detail": doing.detail,
    }
    name = f"{time.time_ns():020}-{secrets.token_hex(4)}"
    draft, path = home.waiting / f".{name}", home.waiting / f"{name}{_SUFFIX}"
    try:
        if not home.waiting.is_dir():
            make_private_directory(home.waiting)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            json.dump(content, file)
            file.flush()
            # An empty file that a power cut left would keep whatever must be traced from happening.
            os.fdatasync(descriptor)
        draft.rename(path)
    except HomeError as error:
        raise TraceError(f"the trace cannot be written ({error.cause})", error.remedy) from error
    except OSError as error:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise TraceError(
            f"the trace cannot be written ({error.strerror}: {home.waiting})",
            "mend its permissions, or make room",
        ) from error
    return path


def waiting(home: Home) -> list[Path]:
    """Return the files that wait, the oldest first."""
    try:
        return sorted(path for path in home.waiting.iterdir() if path.suffix == _SUFFIX)
    except OSError:
        return []


def read_waiting(path: Path) -> tuple[Doing, datetime]:
    """Return what waits in a file, and when it was done.

    Raises:
        OSError: It cannot be read, or is gone.
        ValueError: It holds something else; LookupError and TypeError likewise.

    """
    content = json.loads(path.read_text(encoding="ascii"))
    said = datetime.fromisoformat(content["said"])
    who, about, detail = content["who"], content["about"], content["detail"]
    if said.tzinfo is None or not (isinstance(who, str) and isinstance(detail, str)):
        raise ValueError(content)
    if about is not None and not isinstance(about, str):
        raise ValueError(content)
    door = {each: each for each in get_args(Door)}[content["door"]]
    action = {each.value: each for each in Action}[content["action"]]
    try:
        return Doing(who, door, action, about, detail), said.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(content) from error
