"""Where sessions are while they are imported: a place of one's own, and what killed ones left.

Nothing of an import is visible before all of it was checked; and what an import that was killed had
unpacked must neither stay for ever nor outlive the session's purge. One whose rows may be kept
already has said so in its place: `finish_imports` moves its recording in, and nothing is lost.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import Engine

from recorder.errors import RecordingError
from recorder.home import PRIVATE_FILE, Home, make_private_directory
from recorder.store.engine import store_errors
from recorder.store.rows import is_known
from recorder.store.sync import sync_session

_MARK = "arrival.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A session that was unpacked and checked, and whose rows are about to be kept.

    Attributes:
        session: Its id.
        content: Digest of what the file held: tells a second try from another file.
        left_out: Names of tables and columns that the store has no place for.

    """

    session: str
    content: str
    left_out: tuple[str, ...] = ()


@contextlib.contextmanager
def incoming_place(home: Home) -> Iterator[Path]:
    """Give a place of one's own beside the recordings; it goes, unless it holds an arrival.

    Raises:
        HomeError: The home cannot be written.

    """
    make_private_directory(home.incoming)
    place = home.incoming / secrets.token_hex(8)
    with contextlib.ExitStack() as stack:
        with _locked(home.incoming):
            make_private_directory(place)
            stack.callback(_leave, place)
            stack.enter_context(_locked(place))
        yield place


def announce(place: Path, arrival: Arrival) -> None:
    """Say that the rows of what lies in a place are about to be kept; that outlives a power cut.

    Raises:
        OSError: It cannot be written.

    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    with os.fdopen(os.open(place / _MARK, flags, PRIVATE_FILE), "w", encoding="utf-8") as file:
        json.dump(asdict(arrival), file)
        file.flush()
        os.fsync(file.fileno())
    for directory in (place / arrival.session, place, place.parent):
        _sync(directory)


def move_in(home: Home, place: Path, session: str) -> None:
    """Make a recording that lies in a place one of the home's.

    Raises:
        OSError: It cannot be, or there is one of that name.

    """
    target = home.recording(session)
    (place / session).rename(target)
    _sync(target.parent)


def take_back(place: Path) -> None:
    """Let what lies in a place be no arrival any more: it is in, or its rows are not kept."""
    (place / _MARK).unlink(missing_ok=True)


def finish_imports(home: Home, engine: Engine, doomed: Collection[str] = ()) -> tuple[Arrival, ...]:
    """Move in what killed imports have the rows kept of, and remove what all of them have left.

    Imports that go on are left alone.

    Args:
        home: Where they lie.
        engine: The store.
        doomed: Sessions that are being deleted: they are not moved in.

    Returns:
        What is whole now, and of which nobody was told.

    Raises:
        StoreError: The store cannot be used.

    """
    if not home.incoming.is_dir():
        return ()
    found = []
    with _locked(home.incoming):
        for place in sorted(home.incoming.iterdir()):
            # What cannot be moved or read now is left for the next one.
            with contextlib.suppress(OSError), _locked(place, wait=False):
                arrival = _arrival_in(place)
                if arrival is not None and arrival.session not in doomed:
                    found += [arrival] if _is_whole(home, engine, place, arrival.session) else []
                shutil.rmtree(place, ignore_errors=True)
    return tuple(found)


def _is_whole(home: Home, engine: Engine, place: Path, session: str) -> bool:
    """Move a recording to its rows where it is not there yet; return whether both are there."""
    target = home.recording(session)
    if not (place / session).is_dir():
        return target.is_dir()
    with store_errors(engine), engine.connect() as connection:
        kept = is_known(connection, session)
    if target.exists() or not kept:
        return False
    move_in(home, place, session)
    with contextlib.suppress(RecordingError):
        # Whoever opens it is told what its journal lacks.
        sync_session(engine, target)
    return True


def _arrival_in(place: Path) -> Arrival | None:
    try:
        raw = json.loads((place / _MARK).read_bytes())
        return Arrival(
            session=str(raw["session"]),
            content=str(raw["content"]),
            left_out=tuple(map(str, raw["left_out"])),
        )
    except (FileNotFoundError, ValueError, LookupError, TypeError):
        # Half a mark was made by an import that came no further: no row was kept after it.
        return None


def _leave(place: Path) -> None:
    if not (place / _MARK).exists():
        shutil.rmtree(place, ignore_errors=True)


def _sync(directory: Path) -> None:
    """Let the disk have what a directory names, where its file system can be asked for that."""
    with contextlib.suppress(OSError):
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def _locked(directory: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold a directory's lock, which goes with the process, however that ends."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)
