"""The lines of ``session.jsonl``: everything of a session but its terminals' bytes.

One frozen model a line, told apart by ``event``. Times ``t`` are seconds since the session's
start on a monotonic clock. Unknown keys are ignored and unknown events skipped, so that an older
program reads a newer recording. No input or output belongs here, and no rule about meaning.
"""

from __future__ import annotations

import json
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from recorder.errors import RecordingError

FORMAT_VERSION = 1
"""Version of the recording's format; raised with every change that an old reader would misread."""

JOURNAL_NAME = "session.jsonl"


class Entry(BaseModel):
    """What every line has."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    t: float = Field(allow_inf_nan=False)


class SessionOpened(Entry):
    """The first line: what this is, who and where.

    ``monotonic`` is the clock of ``boot`` at t = 0 (CLOCK_MONOTONIC, seconds), so that a reader on
    the same machine can tell the session's present moment; ``started`` is ISO 8601 in UTC.
    """

    event: Literal["session-opened"] = "session-opened"
    format: int = FORMAT_VERSION
    program: str
    session: str
    started: str
    monotonic: float
    boot: str
    target: str
    listen: str | None = None
    candidate: str | None = None


class SecretPatterns(Entry):
    """A site's own patterns of secrets in command lines: who analyses this hides the same."""

    event: Literal["secret-patterns"] = "secret-patterns"
    patterns: tuple[str, ...]


class TargetHostKey(Entry):
    """The target proved to be who it is, or failed to."""

    event: Literal["target-host-key"] = "target-host-key"
    algorithm: str
    fingerprint: str
    verdict: Literal["pinned", "known", "changed"]


class ConnectionOpened(Entry):
    """A TCP connection reached the listener; nobody has logged in yet."""

    event: Literal["connection-opened"] = "connection-opened"
    connection: int
    peer: str
    client: str | None = None


class LoginAttempt(Entry):
    """One try of the candidate's to log in, replayed on the target.

    ``methods`` are those that the target offered at that moment. ``refused`` is the target's own
    answer; ``error`` means that it could not be asked, and ``cause`` says why.
    """

    event: Literal["login-attempt"] = "login-attempt"
    connection: int
    user: str
    method: str
    methods: tuple[str, ...] = ()
    outcome: Literal["accepted", "refused", "error"]
    cause: str | None = None
    fingerprint: str | None = None


class PtyRequest(BaseModel):
    """The terminal that a channel asked for; sizes in character cells."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    term: str
    columns: int
    lines: int


class ChannelOpened(Entry):
    """A channel was opened. With a pty, ``file`` names its asciicast, whose time zero is ``t``."""

    event: Literal["channel-opened"] = "channel-opened"
    connection: int
    channel: int
    kind: Literal["shell", "exec", "subsystem"]
    command: str | None = None
    user: str | None = None
    pty: PtyRequest | None = None
    env: dict[str, str] = Field(default_factory=dict)
    file: str | None = None


class Flow(BaseModel):
    """One direction of a channel without a terminal.

    ``digest`` is HMAC-SHA-256 (hex) of every byte, keyed with ``<home>/keys/content.key``; times
    are seconds since the session's start; ``kept`` counts the bytes in ``file``, after masking.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    stream: Literal["in", "out", "err"]
    size: int
    first: float | None = None
    last: float | None = None
    digest: str
    file: str | None = None
    kept: int = 0


class SecretTyped(Entry):
    """A line was typed while nothing echoed, and ended with Enter.

    ``characters`` counts it as it was entered, mended keys left out. ``fingerprint`` is the same
    for the same secret within a session, and only there: its key was never written.
    """

    event: Literal["secret-typed"] = "secret-typed"
    connection: int
    channel: int
    characters: int
    fingerprint: str


class ChannelClosed(Entry):
    """A channel ended; status and signal as the target reported them, null where it did not."""

    event: Literal["channel-closed"] = "channel-closed"
    connection: int
    channel: int
    exit_status: int | None = None
    exit_signal: str | None = None
    flows: tuple[Flow, ...] = ()


class ConnectionClosed(Entry):
    """A connection ended; ``reason`` is one short sentence."""

    event: Literal["connection-closed"] = "connection-closed"
    connection: int
    reason: str


class SessionClosed(Entry):
    """The last line. ``cut-off`` was written by a later start, for a recorder that was killed."""

    event: Literal["session-closed"] = "session-closed"
    reason: Literal["closed", "cut-off", "failed"]
    detail: str | None = None


JournalEntry = Annotated[
    SessionOpened
    | SecretPatterns
    | TargetHostKey
    | ConnectionOpened
    | LoginAttempt
    | ChannelOpened
    | SecretTyped
    | ChannelClosed
    | ConnectionClosed
    | SessionClosed,
    Field(discriminator="event"),
]

_ADAPTER: TypeAdapter[JournalEntry] = TypeAdapter(JournalEntry)
_KNOWN = frozenset(
    model.model_fields["event"].default
    for model in (
        SessionOpened,
        SecretPatterns,
        TargetHostKey,
        ConnectionOpened,
        LoginAttempt,
        ChannelOpened,
        SecretTyped,
        ChannelClosed,
        ConnectionClosed,
        SessionClosed,
    )
)


def encode_entry(entry: JournalEntry) -> bytes:
    """Return one line of the journal, newline included."""
    return entry.model_dump_json(exclude_none=True).encode() + b"\n"


def decode_entry(line: bytes) -> JournalEntry | None:
    """Read one line of the journal; None for an event that this program does not know.

    Raises:
        RecordingError: The line is not JSON, or lacks what its event must have.

    """
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise RecordingError(f"not a journal line: {line[:60]!r}") from error
    if not isinstance(raw, dict) or not isinstance(raw.get("event"), str):
        raise RecordingError(f"not a journal line: {line[:60]!r}")
    if raw["event"] not in _KNOWN:
        return None
    try:
        return _ADAPTER.validate_python(raw)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise RecordingError(f"bad {raw['event']} line: {place}: {first['msg']}") from error


def journal_schema() -> dict[str, object]:
    """Return the JSON Schema of a journal line."""
    return _ADAPTER.json_schema()
