"""The manifest of a recording: the hash of each file, and a signature that stock OpenSSH checks.

Here it is written and read; `recorder.recording.verify` compares it with the files. Cache and index
files are not part of it. Who signs is the caller's affair: no key enters here.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import fcntl
import json
import os
import stat
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from recorder.errors import RecordingError
from recorder.home import PRIVATE_FILE
from recorder.recording.journal import FORMAT_VERSION
from recorder.recording.pieces import Pieces, Unit, scan_file

MANIFEST_NAME = "manifest.json"
SIGNATURE_NAME = "manifest.json.sig"

SignedBy = Literal["recorder", "later start", "import"]

_DRAFT = ".new"

FileName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,99}$")]
"""A name in a recording: made by the recorder, so nothing in it can lead elsewhere."""


class PiecesEntry(BaseModel):
    """Where to look in a file that was altered; ``crc32`` is base64 of 32-bit big-endian sums."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    of: Unit
    count: int = Field(ge=0)
    each: int = Field(ge=1)
    crc32: str


class FileEntry(BaseModel):
    """One file: its size in bytes, its SHA-256 in hexadecimal."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    size: int
    sha256: str


class Manifest(BaseModel):
    """The manifest's content.

    ``signed`` is when (ISO 8601, UTC). ``by`` tells whether the recorder that made the recording
    signed it as the session ended, or a later start did, as that recorder was killed; or whether
    it was made of another tool's recording by an import, which knows nothing of the time before.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    format: int
    session: str
    signed: str | None = None
    by: SignedBy = "recorder"
    files: dict[FileName, FileEntry]
    pieces: dict[FileName, PiecesEntry] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Present:
    """What lies in a recording's directory beside the manifest: plain files, and what is none."""

    files: tuple[str, ...]
    others: tuple[str, ...]


def present_files(directory: Path) -> Present:
    """Return the names in a recording's directory, links and directories apart.

    Raises:
        OSError: The directory cannot be read.

    """
    files: list[str] = []
    others: list[str] = []
    for path in sorted(directory.iterdir()):
        if path.name not in {MANIFEST_NAME, SIGNATURE_NAME}:
            (files if stat.S_ISREG(path.lstat().st_mode) else others).append(path.name)
    return Present(tuple(files), tuple(others))


def write_manifest(
    directory: Path,
    session: str,
    sign: Callable[[bytes], bytes],
    *,
    late: bool = False,
    imported: bool = False,
    wanted: Callable[[], bool] = lambda: True,
) -> bool:
    """Hash every file of the recording, write the manifest and what ``sign`` makes of it.

    What is signed is on the disk before the signature is: it must fit after a power cut, too. One
    at a time signs a recording.

    Args:
        directory: The recording.
        session: Its session.
        sign: Makes an armoured signature of the manifest.
        late: The recorder that made the recording could not do this any more.
        imported: It was made of another tool's recording.
        wanted: Asked when nobody else signs it: whether to do it at all.

    Returns:
        Whether it was done.

    Raises:
        RecordingError: A file cannot be read or the manifest cannot be written.

    """
    by: SignedBy = "import" if imported else "later start" if late else "recorder"
    try:
        with _alone(directory):
            if not wanted():
                return False
            remove_drafts(directory)
            data = _manifest_of(directory, session, by)
            _replace(directory / MANIFEST_NAME, data)
            _replace(directory / SIGNATURE_NAME, sign(data))
            return True
    except OSError as error:
        raise RecordingError(
            f"cannot write the manifest of {directory} ({error.strerror})",
            "the recording itself is kept; free space, then start `jumpseat serve` again",
        ) from error


@contextlib.contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """Let one process at a time sign: a manifest with another's signature would look altered.

    Raises:
        OSError: The directory cannot be read.

    """
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _manifest_of(directory: Path, session: str, by: SignedBy) -> bytes:
    names = present_files(directory).files
    for name in names:
        _force(directory / name)
    _force(directory)
    scans = {name: scan_file(directory / name) for name in names}
    manifest: dict[str, object] = {
        "format": FORMAT_VERSION,
        "session": session,
        "signed": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "by": by,
        "files": {name: {"size": s.size, "sha256": s.sha256} for name, s in scans.items()},
        "pieces": {name: _pieces(scan.pieces) for name, scan in scans.items()},
    }
    return json.dumps(manifest, indent=1, sort_keys=True).encode() + b"\n"


def _force(path: Path) -> None:
    """Force to the disk what was written to a file, whoever wrote it, or a directory's names."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_signed(directory: Path) -> None:
    """Remove manifest and signature; who is killed in between leaves no signature alone.

    Raises:
        OSError: They cannot be removed.

    """
    for name in (SIGNATURE_NAME, MANIFEST_NAME):
        (directory / name).unlink(missing_ok=True)


def remove_drafts(directory: Path) -> None:
    """Remove what somebody left behind who was killed while writing a manifest.

    Raises:
        OSError: It cannot be removed.

    """
    for name in (MANIFEST_NAME, SIGNATURE_NAME):
        (directory / (name + _DRAFT)).unlink(missing_ok=True)


def _pieces(pieces: Pieces) -> dict[str, object]:
    packed = struct.pack(f">{len(pieces.sums)}I", *pieces.sums)
    return {
        "of": pieces.of,
        "count": pieces.count,
        "each": pieces.each,
        "crc32": base64.b64encode(packed).decode("ascii"),
    }


def _replace(path: Path, data: bytes) -> None:
    draft = path.with_name(path.name + _DRAFT)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def parse_manifest(data: bytes) -> Manifest:
    """Read a manifest.

    Raises:
        RecordingError: It is none, or one of a format that this program does not know.

    """
    try:
        manifest = Manifest.model_validate(json.loads(data))
    except (ValidationError, ValueError, RecursionError) as error:
        raise RecordingError(
            "the manifest cannot be read: it is not as a recorder writes it"
        ) from (error)
    if manifest.format != FORMAT_VERSION:
        raise RecordingError(
            f"the recording has format {manifest.format}, this program knows {FORMAT_VERSION}",
            "upgrade Jumpseat",
        )
    return manifest


def manifest_schema() -> dict[str, object]:
    """Return the JSON Schema of the manifest."""
    return Manifest.model_json_schema()


def unpack_pieces(entry: PiecesEntry | None) -> Pieces | None:
    """Return the checksums that an entry holds, None where they do not fit together."""
    if entry is None:
        return None
    try:
        packed = base64.b64decode(entry.crc32, validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(packed) != 4 * -(-entry.count // entry.each):
        return None
    sums = struct.unpack(f">{len(packed) // 4}I", packed)
    return Pieces(of=entry.of, count=entry.count, each=entry.each, sums=sums)
