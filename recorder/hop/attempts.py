"""What is written of a try to log in: never a secret, and always two facts about a key.

Whether the target accepts what the candidate showed, and whether the hop could follow, are the
target's matter and the hop's, and never one word.
"""

from __future__ import annotations

import base64
import hashlib
import logging
from typing import Literal

import asyncssh
from asyncssh.public_key import decode_ssh_certificate, decode_ssh_public_key

from recorder.hop import userauth
from recorder.hop.keylogin import Way
from recorder.hop.lost import TargetLostError
from recorder.recording.journal import LoginAttempt, TargetHostKey
from recorder.recording.writer import RecordingWriter

_log = logging.getLogger(__name__)


def public_key(blob: bytes) -> asyncssh.SSHKey | None:
    """Return the key, or the one that a certificate is about; None for kinds unknown here.

    A certificate is only taken apart: whether it is valid is for the target to say.
    """
    for decode in (decode_ssh_certificate, decode_ssh_public_key):
        try:
            found = decode(blob)
        except (asyncssh.KeyImportError, ValueError, ArithmeticError):
            # The last for numbers that no key has, such as a negative modulus.
            continue
        return found if isinstance(found, asyncssh.SSHKey) else found.key
    return None


def fingerprint(blob: bytes) -> str:
    """Return a key's fingerprint as `ssh-keygen -l` writes it, for a certificate its key's."""
    key = public_key(blob)
    if key is not None:
        return key.get_fingerprint()
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode("ascii")
    return f"SHA256:{digest.rstrip('=')}"


class AttemptLog:
    """Writes the tries of one connection into the journal."""

    def __init__(self, writer: RecordingWriter, connection: int) -> None:
        self._writer = writer
        self._connection = connection

    def accepted(self, request: userauth.Request, methods: tuple[str, ...], way: Way) -> None:
        """Write that the candidate is in."""
        self._write(request, methods, outcome="accepted", target="accepts", hop=way)

    def refused(self, request: userauth.Request, failure: userauth.Failure) -> None:
        """Write that the target refused, or took it for one half of what it wants."""
        if failure.partial:
            self._write(request, failure.methods, outcome="partial", target="accepts")
        else:
            self._write(
                request, failure.methods, outcome="refused", cause="refused", target="refuses"
            )

    def not_followed(
        self, request: userauth.Request, methods: tuple[str, ...], detail: str
    ) -> None:
        """Write that the target accepts the key, and the hop could not log in."""
        _log.warning("connection %d: the hop could not log in (%s)", self._connection, detail)
        self._write(request, methods, outcome="error", cause="hop", target="accepts", detail=detail)

    def lost(
        self, request: userauth.Request, methods: tuple[str, ...], error: TargetLostError
    ) -> None:
        """Write that the target could not be asked, or ended the connection as its answer."""
        refused = error.cause == "refused"
        if error.cause not in {"refused", None}:
            _log.warning("connection %d: login failed (%s)", self._connection, error.detail)
        self._write(
            request,
            methods,
            outcome="refused" if refused else "error",
            cause=error.cause,
            target="refuses" if refused else None,
            detail=error.detail,
        )
        if (key := error.other_key) is not None:
            self._writer.log(
                TargetHostKey(
                    t=self._writer.now(),
                    algorithm=key.get_algorithm(),
                    fingerprint=key.get_fingerprint(),
                    verdict="changed",
                )
            )

    def _write(
        self,
        request: userauth.Request,
        methods: tuple[str, ...],
        *,
        outcome: Literal["accepted", "partial", "refused", "error"],
        cause: Literal["refused", "unreachable", "banned", "hop"] | None = None,
        target: Literal["accepts", "refuses"] | None = None,
        hop: Way | None = None,
        detail: str | None = None,
    ) -> None:
        body = request.body
        self._writer.log(
            LoginAttempt(
                t=self._writer.now(),
                connection=self._connection,
                user=request.shown_user,
                method=request.shown_method,
                methods=methods,
                outcome=outcome,
                cause=cause,
                detail=detail,
                fingerprint=fingerprint(body.blob) if isinstance(body, userauth.Key) else None,
                target=target,
                hop=hop,
            )
        )
