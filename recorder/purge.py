"""Deletes sessions for good: recording, cache, logs, rows, and what the database still remembers.

A recording is moved out of sight first, and deleted then, so that a purge that is interrupted
leaves no half of a session to be seen; `finish_purges` completes it. The trace tells of both, and
keeps nothing of what is gone but its id. Whether a person agreed is asked elsewhere.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Engine, select

from recorder.errors import RecordingError, StoreError, TraceError
from recorder.home import PRIVATE_FILE, Home, make_private_directory
from recorder.incoming import finish_imports
from recorder.recording.moments import moment_of
from recorder.recording.reader import is_locked
from recorder.store.catalogue import find_directory, session_directories, started_of
from recorder.store.engine import store_errors
from recorder.store.erase import erase_rows
from recorder.store.rows import in_utc
from recorder.store.tables import SessionRow
from recorder.trace.actions import Action
from recorder.trace.entries import Actor, system_user
from recorder.trace.keeping import add, last_of

_log = logging.getLogger(__name__)

_ENTRY = re.compile(r"(?m)^(?=\d{4}-\d{2}-\d{2}T[\d:.]+\S* jumpseat )")
"""Where an entry of the shared log begins, see `tui.main.write_log`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purgeable:
    """A session that can be deleted.

    Attributes:
        id: Its id.
        started: When it started, UTC; None where neither recording nor store tells.
        directory: Its recording; None where only rows are left of it.
        live: It is being recorded now, and is left alone.

    """

    id: str
    started: datetime | None
    directory: Path | None
    live: bool = False


def find_purgeable(home: Home, engine: Engine, name: str) -> Purgeable:
    """Return the session that a name stands for, also one of which only rows are left.

    Raises:
        SessionNotFoundError: None, or more than one, answers to it.
        RecordingError: It is being recorded.
        StoreError: The store cannot be read.

    """
    rows = _rows(engine)
    if name in rows and not home.recording(name).is_dir():
        return Purgeable(id=name, started=rows[name], directory=None)
    found = _purgeable(find_directory(home, name), rows)
    if found.live:
        raise RecordingError(
            f"session {found.id} is being recorded", "end it first, then delete it"
        )
    return found


def older_than(home: Home, engine: Engine, age: timedelta, now: datetime) -> list[Purgeable]:
    """Return the sessions that started at least ``age`` ago, the oldest first, live ones left out.

    Raises:
        StoreError: The store cannot be read.

    """
    rows = _rows(engine)
    directories = session_directories(home)
    every = [_purgeable(directory, rows) for directory in directories.values()]
    # A store that lies elsewhere may hold what other homes recorded.
    if Path(engine.url.database or "") == home.database:
        every += [
            Purgeable(id=session, started=started, directory=None)
            for session, started in rows.items()
            if session not in directories
        ]
    old = [(each.started, each) for each in every if each.started and each.started <= now - age]
    old.sort(key=lambda pair: (pair[0], pair[1].id))
    return [each for _, each in old if not each.live]


def purge(
    home: Home, engine: Engine, sessions: Sequence[Purgeable], by: Actor, *, why: str = ""
) -> None:
    """Delete sessions for good.

    Args:
        home: Where they lie.
        engine: The store.
        sessions: Which.
        by: Who has them deleted.
        why: Kept in the trace: that somebody named it, or by which age it went.

    Raises:
        TraceError: That it begins cannot be noted; that session is left as it was.
        RecordingError: Something cannot be deleted, or is being recorded; the message says which.
        StoreError: The store cannot be written; `finish_purges` goes on with it.

    """
    if not sessions:
        return
    finish_purges(home, engine, by)
    try:
        for session in sessions:
            doing = by.doing(Action.PURGE_BEGUN, session.id, why)
            # Not while somebody who has finished takes the place away in which it is put.
            with _alone(home):
                make_private_directory(home.purged)
                _move_away(home, session, partial(add, engine, doing))
    finally:
        # What was moved away before something failed is on its way.
        finish_purges(home, engine, by)


def finish_purges(home: Home, engine: Engine, by: Actor | None = None) -> list[str]:
    """Delete what was moved away, here or by somebody who was interrupted; return the ids.

    Args:
        home: Where it lies.
        engine: The store.
        by: Who completes it; by default the user who runs this process.

    Raises:
        RecordingError: Something cannot be deleted.
        TraceError: All is deleted, but that it is could not be noted; the next call does so.
        StoreError: The store cannot be written.

    """
    if not home.purged.is_dir():
        return []
    with _alone(home):
        # Who had to wait may find that there is nothing left to do.
        doomed = sorted(home.purged.iterdir()) if home.purged.is_dir() else []
        if doomed:
            return _finish(home, engine, doomed, by)
        with contextlib.suppress(OSError):
            home.purged.rmdir()
        return []


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    """Let one at a time move sessions away or finish purges; `serve` sweeps while people delete."""
    descriptor = os.open(home.path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _finish(home: Home, engine: Engine, doomed: list[Path], by: Actor | None) -> list[str]:
    ids = [directory.name for directory in doomed]
    try:
        for directory in doomed:
            for path in directory.iterdir():
                _remove(path)
            for trace in traces(home, directory.name):
                _remove(trace)
            _forget_in_log(home.logs / "jumpseat.log", directory.name)
            _forget_progress(home.analysed_again, directory.name)
        finish_imports(home, engine, doomed=ids)
        # The empty directories stay until the store is done: they say what is left to do.
        erase_rows(engine, ids)
        _say_purged(engine, ids, by or Actor(system_user(), "command-line"))
        for directory in doomed:
            directory.rmdir()
        home.purged.rmdir()
    except OSError as error:
        raise RecordingError(
            f"not everything could be deleted ({error.strerror}: {error.filename})",
            "mend its permissions, then run the same command again",
        ) from error
    return ids


def _say_purged(engine: Engine, ids: Sequence[str], by: Actor) -> None:
    """Note that nothing is left of them, once of each purge."""
    try:
        for session in ids:
            last = last_of(engine, (Action.PURGE_BEGUN, Action.PURGED), session)
            # Whoever noted it may have been killed before the last directory was gone.
            if last is None or last.action != Action.PURGED:
                begun = "" if last is None else f"begun by entry {last.number}"
                add(engine, by.doing(Action.PURGED, session, begun))
    except StoreError as error:
        raise TraceError(
            f"all is deleted, but the trace cannot say so yet ({error.cause})",
            "run the same command again",
        ) from error


def traces(home: Home, session: str) -> Iterator[Path]:
    """Yield what carries a session's id in its name among what is cached and logged."""
    token = re.compile(rf"(?<![a-z0-9]){re.escape(session)}(?![a-z0-9])")
    for place in (home.cache, home.logs):
        for parent, directories, files in os.walk(place):
            matching = [name for name in (*directories, *files) if token.search(name)]
            yield from (Path(parent) / name for name in matching)
            directories[:] = [name for name in directories if name not in matching]


def _rows(engine: Engine) -> dict[str, datetime]:
    with store_errors(engine), engine.connect() as connection:
        found = connection.execute(select(SessionRow.id, SessionRow.started)).all()
    return {row.id: in_utc(row.started) for row in found}


def _purgeable(directory: Path, rows: dict[str, datetime]) -> Purgeable:
    # Where its first line does not, what was copied from it tells, or else its last change.
    started = (
        moment_of(started_of(directory))
        or rows.get(directory.name)
        or datetime.fromtimestamp(directory.stat().st_mtime, tz=UTC)
    )
    return Purgeable(
        id=directory.name, started=started, directory=directory, live=is_locked(directory)
    )


def _move_away(home: Home, session: Purgeable, begin: Callable[[], object]) -> None:
    """Move a session out of sight; ``begin`` is called when nothing stands against it."""
    place = home.purged / session.id
    try:
        if session.directory is None:
            begin()
            make_private_directory(place)
            return
        if is_locked(session.directory):
            raise RecordingError(
                f"session {session.id} is being recorded", "end it first, then delete it"
            )
        begin()
        session.directory.rename(place)
    except OSError as error:
        raise RecordingError(
            f"the recording {session.directory} cannot be deleted ({error.strerror})",
            "mend its permissions",
        ) from error


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _forget_progress(path: Path, session: str) -> None:
    """Drop the list of what was analysed again, which only spares work, if it names a session."""
    with contextlib.suppress(FileNotFoundError):
        if session.encode() in path.read_bytes():
            path.unlink()


def _forget_in_log(path: Path, session: str) -> None:
    """Take the entries that name a session out of the log that all share."""
    try:
        text = path.read_text(encoding="utf-8", errors="surrogateescape")
    except FileNotFoundError:
        return
    if session not in text:
        return
    kept = "".join(entry for entry in _ENTRY.split(text) if session not in entry)
    draft = path.with_name(f"{path.name}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(kept)
    draft.replace(path)
