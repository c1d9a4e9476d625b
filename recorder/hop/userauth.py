"""The messages of SSH's login (RFC 4252, RFC 4256) as values: what the hop must understand of them.

A codec and nothing else: no connection, no decision. Whole payloads stay beside what was read out
of them, because the hop passes them on as they came, byte by byte. They may hold secrets, so no
value here shows them when it is printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from asyncssh.packet import Boolean, Byte, NameList, PacketDecodeError, SSHPacket, String, UInt32

REQUEST = 50
FAILURE = 51
SUCCESS = 52
BANNER = 53
CONTINUATION = 60
"""PK_OK, INFO_REQUEST or PASSWD_CHANGEREQ, depending on the method that it answers."""
INFO_RESPONSE = 61

SERVICE = b"ssh-connection"
_LONGEST_NAME = 255
_LONGEST_METHOD = 64
_CERTIFICATE = b"-cert-v01@openssh.com"


class MalformedError(Exception):
    """A payload is not the message that its first byte says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Password:
    """A password, or with ``new`` the wish to change it."""

    password: bytes = field(repr=False)
    new: bytes | None = field(repr=False, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A public key; with ``signature`` the proof that its holder signed ``signed``.

    ``signed`` is the payload up to the signature; what is really signed is the session's id, as an
    SSH string, followed by it (RFC 4252, 7).
    """

    algorithm: bytes
    blob: bytes
    signature: bytes | None = None
    signed: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """USERAUTH_REQUEST; ``body`` is None for the methods that are only passed on."""

    payload: bytes = field(repr=False)
    user: bytes
    method: str
    body: Password | Key | None = None

    @property
    def shown_method(self) -> str:
        """The method's name as it is written down; RFC 4250, 4.6.1: 64 letters at most."""
        return self.method[:_LONGEST_METHOD]

    @property
    def shown_user(self) -> str:
        """The user's name as text that can be written, cut where no system takes it any more."""
        return self.user.decode("utf-8", "replace")[:_LONGEST_NAME]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """USERAUTH_FAILURE: what may be tried next; ``partial`` where the last try was half of it."""

    methods: tuple[str, ...]
    partial: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """INFO_REQUEST of keyboard-interactive: prompts, each with whether its answer is shown."""

    prompts: tuple[tuple[str, bool], ...]


def parse_request(payload: bytes) -> Request:
    """Read USERAUTH_REQUEST.

    Raises:
        MalformedError: It is none.

    """
    try:
        packet = _open(payload, REQUEST)
        user, _, method = packet.get_string(), packet.get_string(), packet.get_string()
        body: Password | Key | None = None
        if method == b"password":
            body = _password(packet)
        elif method == b"publickey":
            body = _key(packet)
    except PacketDecodeError as error:
        raise MalformedError(str(error)) from error
    return Request(payload=payload, user=user, method=method.decode("ascii", "replace"), body=body)


def _password(packet: SSHPacket) -> Password:
    changes = packet.get_boolean()
    password = packet.get_string()
    new = packet.get_string() if changes else None
    packet.check_end()
    return Password(password=password, new=new)


def _key(packet: SSHPacket) -> Key:
    is_signed = packet.get_boolean()
    algorithm, blob = packet.get_string(), packet.get_string()
    if not is_signed:
        packet.check_end()
        return Key(algorithm=algorithm, blob=blob)
    signed = packet.get_consumed_payload()
    signature = packet.get_string()
    packet.check_end()
    return Key(algorithm=algorithm, blob=blob, signature=signature, signed=signed)


def parse_failure(payload: bytes) -> Failure:
    """Read USERAUTH_FAILURE.

    Raises:
        MalformedError: It is none.

    """
    try:
        packet = _open(payload, FAILURE)
        methods = packet.get_namelist()
        partial = packet.get_boolean()
    except PacketDecodeError as error:
        raise MalformedError(str(error)) from error
    return Failure(
        methods=tuple(method.decode("ascii", "replace") for method in methods), partial=partial
    )


def parse_question(payload: bytes) -> Question:
    """Read INFO_REQUEST.

    Raises:
        MalformedError: It is none.

    """
    try:
        packet = _open(payload, CONTINUATION)
        for _ in range(3):  # name, instruction, language
            packet.get_string()
        prompts = [
            (packet.get_string().decode("utf-8", "replace"), packet.get_boolean())
            for _ in range(packet.get_uint32())
        ]
    except PacketDecodeError as error:
        raise MalformedError(str(error)) from error
    return Question(prompts=tuple(prompts))


def parse_answers(payload: bytes) -> tuple[bytes, ...]:
    """Read the answers of INFO_RESPONSE.

    Raises:
        MalformedError: It is none.

    """
    try:
        packet = _open(payload, INFO_RESPONSE)
        return tuple(packet.get_string() for _ in range(packet.get_uint32()))
    except PacketDecodeError as error:
        raise MalformedError(str(error)) from error


def accepts_key(payload: bytes, key: Key) -> bool:
    """Tell whether a reply is PK_OK for exactly this key.

    Other messages have the same number; only the key's own bytes tell them apart.
    """
    return payload == bytes([CONTINUATION]) + String(key.algorithm) + String(key.blob)


def password_request(user: bytes, password: bytes) -> bytes:
    """Return the payload that tries a password."""
    return _head(user, b"password") + Boolean(False) + String(password)


def key_request(user: bytes, algorithm: bytes, blob: bytes, *, signed: bool = False) -> bytes:
    """Return the payload that offers a key, or the one to be signed and completed with it."""
    return _head(user, b"publickey") + Boolean(signed) + String(algorithm) + String(blob)


def question_request(user: bytes) -> bytes:
    """Return the payload that begins keyboard-interactive."""
    return _head(user, b"keyboard-interactive") + String(b"") + String(b"")


def banner(text: str) -> bytes:
    """Return USERAUTH_BANNER with a text in no particular language."""
    return Byte(BANNER) + String(text) + String(b"")


def answers(*words: bytes) -> bytes:
    """Return INFO_RESPONSE with these answers."""
    return Byte(INFO_RESPONSE) + UInt32(len(words)) + b"".join(String(word) for word in words)


def failure(methods: Sequence[str], *, partial: bool = False) -> bytes:
    """Return USERAUTH_FAILURE."""
    names = [method.encode("ascii", "replace") for method in methods]
    return Byte(FAILURE) + NameList(names) + Boolean(partial)


def signature_algorithm(key: Key) -> bytes:
    """Return the algorithm that a signature must be of; a certificate's is that of its key.

    Those of security keys have a domain of their own (OpenSSH's PROTOCOL.u2f).
    """
    plain = key.algorithm.removesuffix(_CERTIFICATE)
    if plain != key.algorithm and plain.startswith(b"sk-"):
        return plain + b"@openssh.com"
    return plain


def _head(user: bytes, method: bytes) -> bytes:
    return Byte(REQUEST) + String(user) + String(SERVICE) + String(method)


def _open(payload: bytes, kind: int) -> SSHPacket:
    packet = SSHPacket(payload)
    if packet.get_byte() != kind:
        raise PacketDecodeError(f"not a message of type {kind}")
    return packet
