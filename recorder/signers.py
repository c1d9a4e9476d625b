"""Checks who signed: the SSHSIG of a manifest against a list of allowed signers.

It has to agree with ``ssh-keygen -Y verify -I recorder -n jumpseat``. Sources: OpenSSH's
PROTOCOL.sshsig, and ALLOWED SIGNERS in ssh-keygen(1). Keys are made and used by `recorder.keys`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import re
import struct
from dataclasses import dataclass
from pathlib import Path

import asyncssh

from recorder.errors import HomeError
from recorder.home import PRIVATE_FILE, Home
from recorder.keys import IDENTITY, NAMESPACE
from recorder.recording.verify import SignatureCheck

_ARMOUR = re.compile(
    rb"-----BEGIN SSH SIGNATURE-----\n((?:[A-Za-z0-9+/]+=*\n)+)-----END SSH SIGNATURE-----\n"
)
_MAGIC = b"SSHSIG"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class _Parsed:
    key: bytes
    namespace: bytes

    @property
    def fingerprint(self) -> str:
        digest = base64.b64encode(hashlib.sha256(self.key).digest()).decode("ascii")
        return f"SHA256:{digest.rstrip('=')}"

    @property
    def line(self) -> str:
        """The key as a line of an allowed signers file."""
        size = int.from_bytes(self.key[:4], "big")
        algorithm = self.key[4 : 4 + size].decode("ascii", "replace")
        public = base64.b64encode(self.key).decode("ascii")
        return f'{IDENTITY} namespaces="{NAMESPACE}" {algorithm} {public}\n'


class Signers:
    """A list of allowed signers, as ``ssh-keygen -Y verify -f`` takes it."""

    def __init__(self, text: str) -> None:
        self.text = text

    def check(self, message: bytes, signature: bytes) -> SignatureCheck:
        """Say what a signature of a message is worth."""
        parsed = _parse(signature)
        if parsed is None:
            return SignatureCheck(state="damaged")
        signer = parsed.fingerprint
        right_place = parsed.namespace == NAMESPACE.encode()
        if not right_place or not _valid(message, signature, parsed.line):
            return SignatureCheck(state="wrong", signer=signer)
        allowed = _valid(message, signature, self.text)
        return SignatureCheck(state="good" if allowed else "unknown", signer=signer)


def read_signers(path: Path) -> Signers:
    """Read a list of allowed signers; one that is not there allows nobody.

    Raises:
        HomeError: It cannot be read.

    """
    try:
        return Signers(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Signers("")
    except (OSError, UnicodeDecodeError) as error:
        raise HomeError(f"cannot read {path} ({error})", "mend it, or name another") from error


def signer_of(signature: bytes) -> str | None:
    """Return the fingerprint of the key that a signature claims, None where it is no signature."""
    parsed = _parse(signature)
    return parsed.fingerprint if parsed else None


def allow_signer(home: Home, signature: bytes) -> None:
    """Add the key that made a signature to the home's allowed signers, once.

    Raises:
        HomeError: The list cannot be written, or that is no signature.

    """
    parsed = _parse(signature)
    if parsed is None:
        raise HomeError("that is not a signature")
    path = home.allowed_signers
    known = read_signers(path).text
    if parsed.line in known:
        return
    # Behind a last line that a person left without its end, it would spoil both.
    line = parsed.line if not known or known.endswith("\n") else f"\n{parsed.line}"
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
        with os.fdopen(os.open(path, flags, PRIVATE_FILE), "ab") as file:
            file.write(line.encode())
    except OSError as error:
        raise HomeError(f"cannot write {path} ({error.strerror})", "mend its permissions") from (
            error
        )


def _valid(message: bytes, signature: bytes, signers: str) -> bool:
    try:
        return asyncssh.validate_sshsig(message, signature, IDENTITY, signers.encode())
    except ValueError:
        # Its own words for a list without keys, an unknown key or an unknown hash.
        return False


def _parse(signature: bytes) -> _Parsed | None:
    """Read the parts that are needed; stricter than base64 demands, so that no byte is slack."""
    armour = _ARMOUR.fullmatch(signature)
    if armour is None:
        return None
    encoded = armour[1].replace(b"\n", b"")
    try:
        blob = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        return None
    head = len(_MAGIC) + 4
    if base64.b64encode(blob) != encoded or blob[:head] != _MAGIC + struct.pack(">I", _VERSION):
        return None
    strings = _strings(blob[head:])
    # Public key, namespace, reserved, hash algorithm, signature.
    if strings is None or len(strings) != 5 or strings[2]:  # noqa: PLR2004
        return None
    return _Parsed(key=strings[0], namespace=strings[1])


def _strings(data: bytes) -> list[bytes] | None:
    """Split RFC 4251 strings; None where the lengths do not fit."""
    found = []
    while data:
        size = int.from_bytes(data[:4], "big")
        if len(data) < 4 + size:
            return None
        found.append(data[4 : 4 + size])
        data = data[4 + size :]
    return found
