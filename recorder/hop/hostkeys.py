"""The targets' host keys: pinned at first contact, compared ever after.

One line a target in ``<home>/keys/known_targets``, in the format of OpenSSH's known_hosts. The
decision to trust another key is a person's: `PinnedKeys.repin` carries it out, and nothing in the
recorder calls it of its own accord.
"""

from __future__ import annotations

import os
import secrets
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
        for number, line in enumerate(self._lines(), 1):
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
        # Behind a last line that a person left without its end, it would spoil both.
        gap = [] if self._ends_a_line() else [""]
        try:
            self._write(self.path, os.O_APPEND, [*gap, _line(label, key)])
        except OSError as error:
            raise _unwritable(self.path, error) from error

    def repin(self, label: str, key: asyncssh.SSHKey) -> asyncssh.SSHKey | None:
        """Trust another key of a target from now on, because a person said so.

        Open sessions follow: each new connection to the target looks its key up again.

        Returns:
            The key that was pinned before, None where there was none or its line was damaged.

        Raises:
            HomeError: The file cannot be read or written; it is then as it was.

        """
        try:
            before = self.lookup(label)
        except HomeError:
            before = None
        kept = [line for line in self._lines() if line.partition(" ")[0] != label]
        draft = self.path.with_name(f"{self.path.name}.{secrets.token_hex(4)}")
        try:
            self._write(draft, os.O_EXCL, [*kept, _line(label, key)])
            draft.replace(self.path)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise _unwritable(self.path, error) from error
        return before

    def _lines(self) -> list[str]:
        try:
            return self.path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []
        except (OSError, UnicodeDecodeError) as error:
            raise HomeError(f"cannot read {self.path} ({error})", "mend or remove it") from error

    def _ends_a_line(self) -> bool:
        try:
            content = self.path.read_bytes()
        except OSError:
            return True
        return not content or content.endswith(b"\n")

    @staticmethod
    def _write(path: Path, how: int, lines: list[str]) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | how
        with os.fdopen(os.open(path, flags, PRIVATE_FILE), "ab") as file:
            file.write("".join(f"{line}\n" for line in lines).encode())
            file.flush()
            os.fsync(file.fileno())


def _line(label: str, key: asyncssh.SSHKey) -> str:
    return f"{label} {key.export_public_key().decode('ascii').strip()}"


def _unwritable(path: Path, error: OSError) -> HomeError:
    return HomeError(f"cannot write {path} ({error.strerror})", "mend the permissions of the home")
