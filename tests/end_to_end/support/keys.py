"""The candidate's keys, made by stock ssh-keygen, and where they are accepted."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.end_to_end.support.accounts import Account
from tests.end_to_end.support.client import SshClient


def new_key(path: Path, kind: str = "ed25519") -> Path:
    """Make a key without a passphrase; its public half gets the suffix .pub."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _keygen("-q", "-t", kind, "-N", "", "-C", "test", "-f", str(path))
    return path


def certify(key: Path, authority: Path, principal: str) -> None:
    """Put a certificate beside a key."""
    _keygen("-q", "-s", str(authority), "-I", "test", "-n", principal, str(public(key)))


def public(key: Path) -> Path:
    """Return where the public half lies."""
    return key.with_name(f"{key.name}.pub")


def fingerprint(key: Path) -> str:
    """Return what `ssh-keygen -l` calls a key."""
    return _keygen("-l", "-f", str(public(key))).split()[1]


def authorize(account: Account, *keys: Path) -> None:
    """Let a user in by these keys, and no others."""
    place = account.home / ".ssh"
    place.mkdir(mode=0o700, exist_ok=True)
    file = place / "authorized_keys"
    file.write_text("".join(public(key).read_text() for key in keys))
    for path in (place, file):
        os.chown(path, account.uid, account.uid)


def by_key(client: SshClient, *keys: Path) -> SshClient:
    """Return the client with these keys, which it tries first, in this order."""
    files = [f"IdentityFile={key}" for key in keys]
    return client.with_options(*files, "PubkeyAuthentication=yes", "IdentitiesOnly=yes")


def _keygen(*words: str) -> str:
    done = subprocess.run(
        ["ssh-keygen", *words], check=True, capture_output=True, text=True,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return done.stdout
