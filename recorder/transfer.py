"""Moves one session as one file: its recording and what the store holds of it.

The recording is signed, so what was altered on the way is found; the store's rows are not, and are
taken as the file has them. Nothing becomes visible before all of it was checked: it is unpacked
aside, and moved into place once the rows are kept; an import that is killed in between is finished
by the next, see `recorder.incoming`. `recorder.recording.archive` is the format.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Connection, Engine

from recorder.errors import JumpseatError, RecordingError, StoreError
from recorder.home import PRIVATE_FILE, Home
from recorder.incoming import (
    Arrival,
    announce,
    finish_imports,
    incoming_place,
    move_in,
    take_back,
)
from recorder.purge import finish_purges
from recorder.recording.archive import RECORDING_PREFIX, ArchiveReader, ArchiveWriter
from recorder.recording.manifest import MANIFEST_NAME, SIGNATURE_NAME, present_files
from recorder.recording.moments import moment_of
from recorder.recording.verify import CheckSignature, Verification, verify_recording
from recorder.signers import allow_signer, read_signers, signer_of
from recorder.store.belongings import delete_rows, encode_rows, read_rows, write_rows
from recorder.store.catalogue import started_of
from recorder.store.engine import lasting, store_errors
from recorder.store.migrations import current_revision, known_revisions
from recorder.store.rows import is_known
from recorder.store.sync import sync_session

FORMAT = 1
"""Version of an export; raised with every change that an old import would misread."""

MOST_BYTES = 8 << 30
"""Bytes that an import may unpack to, unless it is told otherwise."""

_HEADER = "export.json"
_STORE = "store.json"
_MOST_HEADER = 1 << 16
_MOST_STORE = 256 << 20
_SESSION = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did; ``left_out`` names tables and columns that this store does not have."""

    directory: Path
    found: Verification
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unpacked:
    """What a file held: where its recording lies, and what is for the store.

    ``revision`` is of the store that it came from, ``content`` the digest of all that was in it.
    """

    directory: Path
    revision: str | None
    rows: dict[str, object]
    content: str

    @property
    def session(self) -> str:
        return self.directory.name


def export_session(
    engine: Engine,
    directory: Path,
    out: Path,
    check: CheckSignature,
    *,
    as_is: bool = False,
    agree: Callable[[], object] | None = None,
) -> Verification:
    """Write a session to a new file.

    Args:
        engine: The store.
        directory: The recording.
        out: The file, which must not exist.
        check: Says what the recording's signature is worth.
        as_is: Also export what is altered or not signed.
        agree: Called when nothing stands against it, before a byte leaves; what it raises is
            raised, and nothing is written then.

    Raises:
        RecordingError: It is live, altered without ``as_is``, or a file cannot be read or written.
        StoreError: The store cannot be read.

    """
    found = verify_recording(directory, check)
    if found.verdict == "live":
        raise RecordingError(f"session {found.session} is being recorded", "end it first")
    if not found.unaltered and not as_is:
        raise RecordingError(
            f"session {found.session} is not as it was signed ({found.findings[0].words})",
            "`jumpseat session verify` tells all; --as-is exports it nevertheless",
        )
    sync_session(engine, directory)
    header = {"format": FORMAT, "session": found.session, "revision": current_revision(engine)}
    rows = encode_rows(read_rows(engine, found.session))
    try:
        descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    except FileExistsError as error:
        raise RecordingError(f"{out} is already there", "name another with --output") from error
    except OSError as error:
        raise RecordingError(f"cannot make {out} ({error.strerror})", "name another place") from (
            error
        )
    try:
        with os.fdopen(descriptor, "wb") as file:
            if agree is not None:
                agree()
            _pack(file, directory, json.dumps(header, sort_keys=True).encode() + b"\n", rows)
            file.flush()
            os.fsync(file.fileno())
    except BaseException as error:
        # Also where somebody interrupts it: half an export looks like a whole one.
        out.unlink(missing_ok=True)
        if isinstance(error, JumpseatError) or not isinstance(error, OSError | ValueError):
            raise
        raise RecordingError(f"cannot write {out} ({error})", "check its place and room") from error
    return found


def _pack(file: BinaryIO, directory: Path, header: bytes, rows: bytes) -> None:
    archive = ArchiveWriter(file, moment=_unix_time(started_of(directory)))
    archive.add(_HEADER, header)
    for name in sorted({*present_files(directory).files, MANIFEST_NAME, SIGNATURE_NAME}):
        if (directory / name).exists():
            archive.add_file(RECORDING_PREFIX + name, directory / name)
    archive.add(_STORE, rows)
    archive.close()


def _unix_time(started: str) -> int:
    moment = moment_of(started)
    return 0 if moment is None else max(0, int(moment.timestamp()))


def import_session(
    home: Home,
    engine: Engine,
    path: Path,
    *,
    signer: str | None = None,
    as_is: bool = False,
    most: int = MOST_BYTES,
) -> Imported:
    """Take a session out of a file; where an import of it was killed, go on with that.

    Args:
        home: Where it goes.
        engine: The store.
        path: The file.
        signer: Fingerprint of a further key that may have signed it; it is allowed from then on.
        as_is: Also import what is altered, not signed, or signed by an unknown key.
        most: Bytes that it may unpack to.

    Raises:
        RecordingError: The file is damaged, altered or too large, or the session is here or in the
            store already.
        StoreError: The store cannot be written, or does not fit.
        HomeError: The home cannot be written.

    """
    finish_purges(home, engine)
    finished = finish_imports(home, engine)
    with incoming_place(home) as place:
        try:
            unpacked = _unpack(path, place, most)
        except OSError as error:
            raise RecordingError(
                f"cannot unpack {path} ({error.strerror})", "check the room in the home"
            ) from error
        target = home.recording(unpacked.session)
        same = (each for each in finished if each.content == unpacked.content)
        if (again := next(same, None)) is not None:
            # It was killed before it could say that it was done.
            found = verify_recording(target, read_signers(home.allowed_signers).check)
            left_out = again.left_out
            sync_session(engine, target)
        else:
            _refuse_present(home, engine, unpacked)
            found = _checked(home, unpacked.directory, signer, as_is=as_is)
            left_out = _put_in_place(home, engine, unpacked)
            try:
                sync_session(engine, target)
            except RecordingError:
                _take_back(engine, unpacked.directory, target)
                raise
    return Imported(directory=target, found=found, left_out=left_out)


def _unpack(path: Path, place: Path, most: int) -> _Unpacked:
    """Unpack the recording below ``place``."""
    session, revision = "", None
    rows: dict[str, object] = {}
    with ArchiveReader(path, most=most) as archive:
        for member in archive.members():
            if not session:
                if member.name != _HEADER:
                    raise RecordingError(f"{path} is not an export of Jumpseat's")
                session, revision = _header(path, archive.take(_MOST_HEADER))
                (place / session).mkdir(mode=0o700)
            elif member.name == _STORE:
                rows = _json_object(path, archive.take(_MOST_STORE))
            elif member.name.startswith(RECORDING_PREFIX):
                name = member.name.removeprefix(RECORDING_PREFIX)
                archive.unpack(place / session / name)
            else:
                # From a newer program that kept to the format: what it adds is not for us.
                archive.skip()
        content = archive.digest
    if not session:
        raise RecordingError(f"{path} is empty")
    return _Unpacked(directory=place / session, revision=revision, rows=rows, content=content)


def _header(path: Path, data: bytes) -> tuple[str, str | None]:
    raw = _json_object(path, data)
    session, revision = raw.get("session"), raw.get("revision")
    if raw.get("format") != FORMAT:
        raise RecordingError(
            f"{path} has format {str(raw.get('format'))[:20]!r}, this program knows {FORMAT}",
            "upgrade Jumpseat",
        )
    if not isinstance(session, str) or not _SESSION.fullmatch(session):
        raise RecordingError(f"{path} names no session")
    return session, revision if isinstance(revision, str) else None


def _json_object(path: Path, data: bytes) -> dict[str, object]:
    try:
        raw = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise RecordingError(f"{path} is damaged, or not an export") from error
    if not isinstance(raw, dict):
        raise RecordingError(f"{path} is damaged, or not an export")
    return raw


def _refuse_present(home: Home, engine: Engine, unpacked: _Unpacked) -> None:
    """Refuse what is here or in the store already, or does not fit that."""
    if home.recording(unpacked.session).exists():
        raise RecordingError(
            f"session {unpacked.session} is here already", "`jumpseat session purge` deletes it"
        )
    _refuse_newer(engine, unpacked.revision)
    with store_errors(engine), engine.connect() as connection:
        _refuse_known(connection, unpacked.session)


def _refuse_newer(engine: Engine, revision: str | None) -> None:
    if revision is not None and revision not in known_revisions(engine):
        raise RecordingError(
            f"the file comes from a newer Jumpseat (revision {revision[:40]} of the store)",
            "upgrade this one",
        )


def _refuse_known(connection: Connection, session: str) -> None:
    """Keep what the store has of a session: another home that shares it may have recorded it."""
    if is_known(connection, session):
        raise RecordingError(
            f"the database has rows of session {session} already, its cards and notes among them",
            "import it with a database of its own (--db);"
            " where its recording is lost, `jumpseat session purge` deletes them first",
        )


def _checked(home: Home, directory: Path, signer: str | None, *, as_is: bool) -> Verification:
    signers = read_signers(home.allowed_signers)
    found = verify_recording(directory, signers.check)
    if [each.kind for each in found.findings] == ["signer-unknown"] and signer is not None:
        signature = (directory / SIGNATURE_NAME).read_bytes()
        if signer_of(signature) != signer:
            raise RecordingError(f"it was signed by {found.signer}, not by {signer}")
        allow_signer(home, signature)
        return verify_recording(directory, read_signers(home.allowed_signers).check)
    if found.unaltered or as_is:
        return found
    # What was altered weighs more than who vouches for the rest.
    first = min(found.findings, key=lambda each: each.kind == "signer-unknown")
    if first.kind == "signer-unknown":
        remedy = "ask whoever exported it for the fingerprint, then allow it with --signer"
    else:
        remedy = "get the file anew; --as-is imports it nevertheless"
    where = f"{first.file}: " if first.file else ""
    words = f"session {found.session} cannot be trusted ({where}{first.words})"
    raise RecordingError(words, remedy)


def _put_in_place(home: Home, engine: Engine, unpacked: _Unpacked) -> tuple[str, ...]:
    """Keep the rows, then move the recording in; return what the store has no place for.

    In this order nobody sees the one without the other, and a kill in between loses neither: what
    was announced is moved in by the next import where the store has its rows.
    """
    place, session = unpacked.directory.parent, unpacked.session
    try:
        with lasting(engine) as connection:
            _refuse_known(connection, session)
            left_out = tuple(write_rows(connection, session, unpacked.rows))
            announce(place, Arrival(session=session, content=unpacked.content, left_out=left_out))
    except OSError as error:
        take_back(place)
        raise RecordingError(
            f"cannot write {place} ({error.strerror})", "check the room in the home"
        ) from error
    except StoreError:
        # Whether a commit of which the answer was lost is one, the store says; or else later.
        with store_errors(engine), engine.connect() as connection:
            if not is_known(connection, session):
                take_back(place)
        raise
    try:
        move_in(home, place, session)
    except OSError as error:
        with store_errors(engine), engine.begin() as connection:
            delete_rows(connection, session)
        take_back(place)
        target = home.recording(session)
        raise RecordingError(f"cannot make {target} ({error.strerror})") from error
    take_back(place)
    return left_out


def _take_back(engine: Engine, unpacked: Path, target: Path) -> None:
    """Leave nothing of a session whose journal no list can be made of."""
    with contextlib.suppress(FileNotFoundError):
        target.rename(unpacked)
    with store_errors(engine), engine.begin() as connection:
        delete_rows(connection, target.name)
