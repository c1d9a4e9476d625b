"""The targets' host keys: pinned at first contact, compared ever after.

One line a target in ``<home>/keys/known_targets``, in the format of OpenSSH's known_hosts. The
decision to trust another key is a person's: nothing here replaces a line.
"""

from __future__ import annotations

import os
from pathlib import Path

import asyncssh

from recorder.errors import HomeError
from recorder.home import PRIVATE_FILE, Home


class PinnedKeys:
    """The keys that were seen first, by target."""

    def __init__(self, home: Home) -> None:
        self.path: Path = home.keys / "known_targets"

    def lookup(self, label: str) -> asyncssh.SSHKey | None:
        """Return the key pinned for a target, None where it was never seen.

        Raises:
            HomeError: The file cannot be read, or the target's line in it is damaged.

        """
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise HomeError(f"cannot read {self.path} ({error})", "mend or remove it") from error
        for number, line in enumerate(lines, 1):
            name, _, key = line.partition(" ")
            if name == label:
                try:
                    return asyncssh.import_public_key(key)
                except asyncssh.KeyImportError as error:
                    raise HomeError(
                        f"{self.path}, line {number}: not a host key ({error})",
                        "restore the line, or remove it to pin the target's key anew",
                    ) from error
        return None

    def pin(self, label: str, key: asyncssh.SSHKey) -> None:
        """Remember the key of a target that was never seen.

        Raises:
            HomeError: The file cannot be written.

        """
        line = f"{label} {key.export_public_key().decode('ascii').strip()}\n"
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
            descriptor = os.open(self.path, flags, PRIVATE_FILE)
            with os.fdopen(descriptor, "ab") as file:
                file.write(line.encode())
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise HomeError(
                f"cannot write {self.path} ({error.strerror})", "mend the permissions of the home"
            ) from error
