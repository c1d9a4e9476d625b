"""Where a copy goes: a new file, complete or not there at all, or standard output.

Nothing that exists is overwritten. What is written is the caller's.
"""

from __future__ import annotations

import errno
import os
import secrets
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from recorder.errors import RecordingError
from recorder.home import PRIVATE_DIR, PRIVATE_FILE

STDOUT = Path("-")

_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})


def refuse_existing(paths: Iterable[Path]) -> None:
    """Raise before any work is done.

    Raises:
        RecordingError: One of the files is there.

    """
    for path in paths:
        if path != STDOUT and os.path.lexists(path):
            raise _is_there(path)


def make_directory(path: Path) -> None:
    """Make a directory for copies, for its owner only, unless it is there.

    Raises:
        RecordingError: It cannot be made.

    """
    try:
        path.mkdir(mode=PRIVATE_DIR, parents=True, exist_ok=True)
    except OSError as error:
        raise RecordingError(f"cannot make {path} ({error.strerror})", "name another place") from (
            error
        )


def write_new(path: Path, lines: Iterable[bytes]) -> None:
    """Write a new file that only its owner may read, or to standard output for ``-``.

    The file appears when all of it is written; whatever ends this before leaves nothing behind.

    Raises:
        RecordingError: It is there already, or cannot be written.

    """
    if path == STDOUT:
        for line in lines:
            sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()
        return
    # Named before it is made: an interrupt may come in the moment in which it is.
    aside = path.with_name(f".{path.name[:40]}.{secrets.token_hex(8)}")
    try:
        with _made(aside, path) as file:
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())
        _appear(aside, path)
    except OSError as error:
        raise RecordingError(
            f"cannot write {path} ({error.strerror})", "check its place and room"
        ) from error
    finally:
        with suppress(FileNotFoundError, NotADirectoryError):
            aside.unlink()


def _made(aside: Path, path: Path) -> BinaryIO:
    """Open a file that only its owner may read, and that was not there."""
    try:
        return os.fdopen(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE), "wb")
    except OSError as error:
        raise RecordingError(f"cannot make {path} ({error.strerror})", "name another place") from (
            error
        )


def _appear(aside: Path, path: Path) -> None:
    """Give a complete file its name, unless somebody else has taken it."""
    try:
        os.link(aside, path)
    except FileExistsError as error:
        raise _is_there(path) from error
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        refuse_existing([path])
        aside.rename(path)


def _is_there(path: Path) -> RecordingError:
    return RecordingError(f"{path} is already there", "name another with --output")
