"""Throw-away local users, made for one test and removed with everything they run.

Only what a user is belongs here, not how one logs in.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.end_to_end.support.recordings import new_secret
from tests.end_to_end.support.waiting import wait_for

_PREFIX = "jscand"
_COMMENT = "jumpseat test of process "
_BUSY = ("cannot lock", "lock busy")
_GONE = ("does not exist", "cannot remove entry")
"""What userdel says of a user whom a try before has removed in part, until it met a lock."""


@dataclass(frozen=True, slots=True)
class Account:
    """A local user; ``home`` is its directory, ``scratch`` a directory that all may enter."""

    name: str
    password: str
    uid: int
    home: Path
    scratch: Path


@contextmanager
def throw_away_account() -> Iterator[Account]:
    """Make a local user with a password, and remove it with its processes and files."""
    remove_stale_accounts()
    # Nobody but root may enter pytest's own temporary directories, sshd's user must.
    scratch = Path(tempfile.mkdtemp(prefix="jumpseat-e2e-"))
    scratch.chmod(0o755)
    name = f"{_PREFIX}{secrets.token_hex(4)}"
    try:
        _change_users(
            "useradd", "--create-home", "--home-dir", str(scratch / "home"), "--shell", "/bin/bash",
            "--comment", f"{_COMMENT}{os.getpid()}", name,
        )  # fmt: skip
        password = new_secret()
        _change_users("chpasswd", words=f"{name}:{password}\n")
        yield Account(name, password, pwd.getpwnam(name).pw_uid, scratch / "home", scratch)
    finally:
        _remove(name)
        shutil.rmtree(scratch, ignore_errors=True)


def set_password(account: Account, password: str) -> None:
    """Give a user another password; `account` itself keeps the old one."""
    _change_users("chpasswd", words=f"{account.name}:{password}\n")


def clear_password(account: Account) -> None:
    """Give a user an empty password."""
    _change_users("passwd", "--delete", account.name)


def expire_password(account: Account) -> None:
    """Demand that the user changes the password at the next login."""
    _change_users("chage", "-d", "0", account.name)


def remove_stale_accounts() -> None:
    """Remove the users of test runs that were killed."""
    for entry in pwd.getpwall():
        if not entry.pw_name.startswith(_PREFIX) or not entry.pw_gecos.startswith(_COMMENT):
            continue
        if not Path("/proc", entry.pw_gecos.removeprefix(_COMMENT)).exists():
            _remove(entry.pw_name)
            scratch = Path(entry.pw_dir).parent
            if scratch.name.startswith("jumpseat-e2e-"):
                shutil.rmtree(scratch, ignore_errors=True)


def processes_of(uid: int) -> list[int]:
    """Return the ids of the processes that run as the user."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            owner = entry.stat().st_uid
            state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if owner == uid and state != "Z":
            found.append(int(entry.name))
    return found


def _remove(name: str) -> None:
    try:
        uid = pwd.getpwnam(name).pw_uid
    except KeyError:
        return

    def all_gone() -> bool:
        left = processes_of(uid)
        for process in left:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                continue
        return not left

    wait_for(all_gone, f"end of the processes of {name}")
    _change_users("userdel", "--force", name)


def _change_users(*command: str, words: str | None = None) -> None:
    """Run a tool of the password files; another test worker may hold their lock."""

    def attempt() -> bool:
        done = subprocess.run(command, input=words, capture_output=True, text=True, check=False)
        if command[0] == "userdel" and any(each in done.stderr for each in _GONE):
            return True
        if done.returncode and not any(each in done.stderr for each in _BUSY):
            raise AssertionError(f"{command[0]}: {done.stderr}")
        return done.returncode == 0

    wait_for(attempt, f"{command[0]} past the lock of /etc/passwd")
