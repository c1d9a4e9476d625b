"""The hop's own keys: who it is to candidates, and what it signs recordings with.

They are made once and persist in ``<home>/keys``. Pinned keys of targets are not here: see
`recorder.hop.hostkeys`.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

import asyncssh

from recorder.errors import HomeError
from recorder.home import Home, private_file

IDENTITY = "recorder"
"""Whom ``ssh-keygen -Y verify -I`` asks for."""

NAMESPACE = "jumpseat"
"""What ``ssh-keygen -Y verify -n`` asks for."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one home.

    Attributes:
        host: The hop's SSH host key.
        signing: Signs manifests.
        content: Keys the digests of what went through channels without a terminal; 32 bytes.

    """

    host: asyncssh.SSHKey
    signing: asyncssh.SSHKey
    content: bytes

    def sign(self, message: bytes) -> bytes:
        """Return an armoured signature as ``ssh-keygen -Y verify`` takes it (PROTOCOL.sshsig)."""
        return asyncssh.create_sshsig(self.signing, message, namespace=NAMESPACE)


def load_keys(home: Home) -> Keys:
    """Read the keys, making those that are missing.

    Raises:
        HomeError: One cannot be read, is damaged, or cannot be written.

    """
    host = _private_key(home.keys / "host_ed25519")
    signing = _private_key(home.keys / "signing_ed25519")
    content = private_file(home.keys / "content.key", secrets.token_bytes(32))
    public = signing.export_public_key().decode("ascii").strip()
    line = f'{IDENTITY} namespaces="{NAMESPACE}" {public}\n'
    private_file(home.allowed_signers, line.encode())
    return Keys(host=host, signing=signing, content=content)


def load_seat_key(home: Home) -> asyncssh.SSHKey:
    """Read the host key of the seat's port, Ed25519 in ``<home>/keys``; made at the first call.

    Another than the hop's: neither port's key tells of the other, and the processes that candidates
    talk to do not hold the key that interviewers trust.

    Raises:
        HomeError: It cannot be read, is damaged, or cannot be written.

    """
    return _private_key(home.keys / "seat_host_ed25519")


def load_management_key(home: Home) -> asyncssh.SSHKey:
    """Read the key with which the hop itself may log in on targets; made at the first call.

    Ed25519, in ``<home>/keys/management``; its public half lies beside it for people to copy. A
    target takes it only where somebody put it there, as `jumpseat target script` does.

    Raises:
        HomeError: It cannot be read, is damaged, or cannot be written.

    """
    key = _private_key(home.management_key)
    key.set_comment("management")
    private_file(home.keys / "management.pub", key.export_public_key())
    return key


def _private_key(path: Path) -> asyncssh.SSHKey:
    data = private_file(path, asyncssh.generate_private_key("ssh-ed25519").export_private_key())
    try:
        return asyncssh.import_private_key(data)
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
        raise HomeError(
            f"{path} is not a private key ({error})", "restore it, or move it away to get a new one"
        ) from error
