"""Finding a session's recording by what a person typed.

Looks at directories and asks no database: whoever only wants the recording waits for none to load.
"""

from __future__ import annotations

from pathlib import Path

from recorder.errors import RecordingError, SessionNotFoundError
from recorder.home import Home
from recorder.recording.journal import JOURNAL_NAME, SessionOpened, decode_entry
from recorder.recording.moments import moment_of
from recorder.recording.reader import is_locked


def session_directories(home: Home) -> dict[str, Path]:
    """Return the recordings' directories by session id."""
    if not home.recordings.is_dir():
        return {}
    return {path.name: path for path in sorted(home.recordings.iterdir()) if has_journal(path)}


def has_journal(directory: Path) -> bool:
    """Return whether there is a journal; one that nobody may look at counts as one."""
    try:
        return (directory / JOURNAL_NAME).is_file()
    except OSError:
        return True


def find_session(home: Home, name: str) -> Path:
    """Return the directory of the session that an id, a unique prefix, or ``latest`` names.

    Raises:
        SessionNotFoundError: None, or more than one, answers to it.

    """
    directories = session_directories(home)
    if not directories:
        raise SessionNotFoundError(
            f"there are no sessions under {home.path}",
            "`jumpseat serve` records one, `jumpseat demo` shows how",
        )
    if name == "latest":
        return max(directories.values(), key=started_of)
    if name in directories:
        return directories[name]
    matches = [directory for key, directory in directories.items() if key.startswith(name)]
    if len(matches) == 1 and name:
        return matches[0]
    if matches:
        names = ", ".join(directory.name for directory in matches[:5])
        raise SessionNotFoundError(f"{name!r} may be any of {names}", "write more of the id")
    raise SessionNotFoundError(
        f"no session {name!r}", "`jumpseat session list` shows what there is; `latest` is the last"
    )


def youngest_live(home: Home) -> Path:
    """Return the directory of the session that is live, of the youngest where several are.

    Raises:
        SessionNotFoundError: None is.

    """
    found = [each for each in session_directories(home).values() if is_locked(each)]
    if not found:
        raise SessionNotFoundError(
            "no session is live", "`jumpseat serve` starts one, `jumpseat` lists the others"
        )
    return max(found, key=started_of)


def find_directory(home: Home, name: str) -> Path:
    """Return the directory of a session as `find_session` does, also where its journal is missing.

    Raises:
        SessionNotFoundError: None, or more than one, answers to the name.

    """
    try:
        return find_session(home, name)
    except SessionNotFoundError:
        bare = [
            path
            for path in (home.recordings.iterdir() if home.recordings.is_dir() else ())
            if path.is_dir() and not (path / JOURNAL_NAME).is_file() and path.name.startswith(name)
        ]
        if name and len(bare) == 1:
            return bare[0]
        raise


def started_of(directory: Path) -> str:
    """Return when a recording began, ISO 8601; empty where its first line does not tell."""
    try:
        with (directory / JOURNAL_NAME).open("rb") as file:
            entry = decode_entry(file.readline())
    except (OSError, RecordingError):
        return ""
    if not isinstance(entry, SessionOpened) or moment_of(entry.started) is None:
        return ""
    return entry.started
