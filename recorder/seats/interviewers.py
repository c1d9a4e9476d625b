"""The file of interviewers: who may take a seat, and by which keys.

One line each, ``NAME[:ROLE] KEYTYPE BASE64 [comment]``; ``#`` begins a comment, several lines for
one name are several keys. Reading only: who is let in is decided in `recorder.seats.login`, what a
role may in `recorder.trace.roles`.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import stat
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import asyncssh

from recorder.errors import InterviewersError, UsageError
from recorder.trace.roles import Role, parted, with_role

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
"""What an interviewer may be called: it goes into the store, and must be easy to type."""

FORMAT = "a line is NAME[:ROLE] KEYTYPE BASE64 [comment], as in docs/seat.md"
MOST_BYTES = 1 << 20
KEY_TYPES = frozenset(
    {
        "ssh-ed25519",
        "ssh-rsa",
        "ecdsa-sha2-nistp256",
        "ecdsa-sha2-nistp384",
        "ecdsa-sha2-nistp521",
        "sk-ssh-ed25519@openssh.com",
        "sk-ecdsa-sha2-nistp256@openssh.com",
    }
)
_SHORTEST_RSA = 256
"""Bytes of an RSA key's public data below which it has fewer than 2048 bits."""
_MOST_MISTAKES = 10
_MOST_SHOWN = 40
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


@dataclass(frozen=True, slots=True)
class Interviewers:
    """Who may take a seat: for each name its keys, as public data in SSH's encoding, and its role.

    A name without a role is an interviewer's.
    """

    keys: Mapping[str, frozenset[bytes]]
    roles: Mapping[str, Role] = field(default_factory=dict)

    def admits(self, name: str, key: bytes) -> bool:
        """Tell whether this key is this name's; a name that nobody has is a name without keys."""
        return key in self.keys.get(name, frozenset())

    def role(self, name: str) -> Role:
        """Return a name's role."""
        return self.roles.get(name, "interviewer")

    def words(self) -> str:
        """Return who is listed, as what and by which keys: ``NAME[:ROLE] SHA256:... ...; ...``."""
        return "; ".join(
            " ".join([with_role(name, self.role(name)), *sorted(map(_fingerprint, keys))])
            for name, keys in sorted(self.keys.items())
        )


class _MistakeError(Exception):
    """What is wrong with one line."""


def parse_interviewers(text: str, place: str) -> Interviewers:
    """Read the file's text; ``place`` is what mistakes call the file.

    Raises:
        InterviewersError: Lines that cannot be read, all of them named, or nobody is in it.

    """
    found: defaultdict[str, set[bytes]] = defaultdict(set)
    owners: dict[bytes, str] = {}
    roles: dict[str, Role] = {}
    mistakes: list[str] = []
    # Not splitlines: it also ends lines at characters that may stand in a comment.
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            name, role, key = _read_line(line)
            _check_owner(owners.setdefault(key, name), name)
            _check_role(roles.setdefault(name, role), role, name)
            found[name].add(key)
        except _MistakeError as mistake:
            mistakes.append(f"{place}:{number}: {mistake}")
    if mistakes:
        more = len(mistakes) - _MOST_MISTAKES
        shown = mistakes[:_MOST_MISTAKES] + ([f"and {more} more"] if more > 0 else [])
        raise InterviewersError("; ".join(shown), FORMAT)
    if not found:
        raise InterviewersError(f"{place} names nobody", FORMAT)
    return Interviewers(
        {name: frozenset(keys) for name, keys in found.items()},
        {name: role for name, role in roles.items() if role != "interviewer"},
    )


def _read_line(line: str) -> tuple[str, Role, bytes]:
    word, *rest = line.split(maxsplit=3)
    try:
        name, role = parted(word)
    except UsageError as error:
        raise _MistakeError(str(error)) from error
    if not NAME.fullmatch(name):
        raise _MistakeError(f"{_shown(name)} is no name: letters, digits and ._- only, 32 at most")
    if len(rest) < 2:  # noqa: PLR2004 - the kind and the key
        raise _MistakeError("a name, the kind of key and the key are needed")
    kind, data = rest[:2]
    if kind not in KEY_TYPES:
        raise _MistakeError(f"{_shown(kind)} is no kind of key that is taken here")
    try:
        key = asyncssh.import_public_key(f"{kind} {data}")
    except (asyncssh.KeyImportError, ValueError) as error:
        raise _MistakeError(f"the key of {name} cannot be read; is it whole?") from error
    if key.get_algorithm() != kind:
        raise _MistakeError(f"the key of {name} is no {kind}")
    if kind == "ssh-rsa" and len(key.public_data) < _SHORTEST_RSA:
        raise _MistakeError(f"the RSA key of {name} is too short; 2048 bits at least")
    return name, role, key.public_data


def _check_owner(owner: str, name: str) -> None:
    if owner != name:
        raise _MistakeError(f"this key is {owner}'s already")


def _check_role(before: Role, role: Role, name: str) -> None:
    if before != role:
        raise _MistakeError(f"{name} is {before} above and {role} here; one role a name")


def _fingerprint(key: bytes) -> str:
    """Return a key's fingerprint as OpenSSH shows it: SHA-256 in base64 without its padding."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(key).digest()).decode("ascii").rstrip("=")


def _shown(word: str) -> str:
    return repr(word if len(word) <= _MOST_SHOWN else f"{word[:_MOST_SHOWN]}…")


def read_interviewers(path: Path) -> Interviewers:
    """Read the file, if nobody but its owner can have written it.

    Raises:
        InterviewersError: It cannot be read, others may write it, or it holds mistakes.

    """
    try:
        # Not to be held up where somebody put a pipe in its place.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            _check(path, os.fstat(descriptor))
            with open(descriptor, "rb", closefd=False) as file:
                data = file.read(MOST_BYTES + 1)
        finally:
            os.close(descriptor)
        _check_directory(path)
    except OSError as error:
        raise InterviewersError(
            f"cannot read the interviewers' file {path} ({error.strerror})",
            "name another with --interviewers, or mend its permissions",
        ) from error
    if len(data) > MOST_BYTES:
        raise InterviewersError(f"{path} is larger than {MOST_BYTES >> 20} MiB", FORMAT)
    try:
        return parse_interviewers(data.decode("utf-8"), str(path))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InterviewersError(f"{path}:{line}: this is not UTF-8 text", FORMAT) from error


def _check(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise InterviewersError(f"{path} is not a file", "name a file with --interviewers")
    if status.st_mode & _OTHERS_WRITE or status.st_uid not in {0, os.geteuid()}:
        raise InterviewersError(
            f"others than you can write {path}, and so let themselves in",
            f"make it yours alone: `chmod go-w {path}`, and `chown` where it is somebody else's",
        )


def _check_directory(path: Path) -> None:
    """Refuse a directory in which others can put another file in its place."""
    directory = path.resolve().parent
    status = directory.stat()
    kept = not status.st_mode & _OTHERS_WRITE or status.st_mode & stat.S_ISVTX
    if not kept or status.st_uid not in {0, os.geteuid()}:
        raise InterviewersError(
            f"others than you can write to {directory}, and so exchange {path.name}",
            f"`chmod go-w {directory}`, or keep the file in another directory",
        )
