"""The manifest of a recording: the hash of each file, and a signature that stock OpenSSH checks.

Checking a recording is ``ssh-keygen -Y verify`` plus comparing hashes. Cache and index files are
not part of it. Who signs is the caller's affair: no key enters here.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

from recorder.errors import RecordingError
from recorder.home import PRIVATE_FILE
from recorder.recording.journal import FORMAT_VERSION

MANIFEST_NAME = "manifest.json"
SIGNATURE_NAME = "manifest.json.sig"


def write_manifest(directory: Path, session: str, sign: Callable[[bytes], bytes]) -> None:
    """Hash every file of the recording, write the manifest and what ``sign`` makes of it.

    Raises:
        RecordingError: A file cannot be read or the manifest cannot be written.

    """
    try:
        files = {}
        for path in sorted(directory.iterdir()):
            if path.is_file() and path.name not in {MANIFEST_NAME, SIGNATURE_NAME}:
                with path.open("rb") as file:
                    digest = hashlib.file_digest(file, "sha256").hexdigest()
                files[path.name] = {"size": path.stat().st_size, "sha256": digest}
        manifest = {"format": FORMAT_VERSION, "session": session, "files": files}
        data = json.dumps(manifest, indent=1, sort_keys=True).encode() + b"\n"
        _replace(directory / MANIFEST_NAME, data)
        _replace(directory / SIGNATURE_NAME, sign(data))
    except OSError as error:
        raise RecordingError(
            f"cannot write the manifest of {directory} ({error.strerror})",
            "the recording itself is kept; free space, then start `jumpseat serve` again",
        ) from error


def _replace(path: Path, data: bytes) -> None:
    draft = path.with_name(path.name + ".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
