"""Foreign recordings as sessions that stay: written, signed as imports, and listed.

The signature says that nothing was changed since the import, and nothing about the time before. One
look without a home is `recorder.formats.recorded`'s.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sqlalchemy import Engine

from recorder.errors import RecordingError
from recorder.formats.asking import is_so
from recorder.formats.convert import convert
from recorder.formats.flaws import Flaws
from recorder.formats.recorded import Progress, Wishes, plan_of
from recorder.home import Home
from recorder.incoming import finish_imports, incoming_place
from recorder.keys import load_keys
from recorder.purge import finish_purges
from recorder.recording.journal import JOURNAL_NAME
from recorder.recording.manifest import write_manifest
from recorder.session import new_session_id
from recorder.store.sync import sync_session


def take_in(
    home: Home,
    engine: Engine,
    path: Path,
    flaws: Flaws,
    wishes: Wishes,
    progress: Progress = None,
) -> Path:
    """Make a session of a file or a directory of panes, signed as an import; return its directory.

    Nothing is visible before all of it is written.

    Raises:
        RecordingError: Nothing can be read, or it cannot be written.
        HomeError: The home cannot be used.
        StoreError: The store cannot be written.

    """
    if is_so((path / JOURNAL_NAME).is_file):
        raise RecordingError(
            f"{path} is a recording of Jumpseat's",
            "`jumpseat session export`, where it was made, makes a file that can be imported",
        )
    keys = load_keys(home)
    finish_purges(home, engine)
    finish_imports(home, engine)
    session = new_session_id(home)
    plan = replace(plan_of(path, flaws, wishes, session), digests=True)
    with incoming_place(home) as place:
        made = place / session
        convert(plan, made, flaws, progress)
        write_manifest(made, session, keys.sign, imported=True)
        directory = home.recording(session)
        try:
            made.rename(directory)
        except OSError as error:
            raise RecordingError(f"cannot make {directory} ({error.strerror})") from error
    sync_session(engine, directory)
    return directory
