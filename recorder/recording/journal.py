"""The lines of ``session.jsonl``: everything of a session but its terminals' bytes.

One frozen model a line, told apart by ``event``. Times ``t`` are seconds since the session's
start on a monotonic clock. Unknown keys are ignored and unknown events skipped, so that an older
program reads a newer recording. No input or output belongs here, and no rule about meaning.
"""

from __future__ import annotations

import json
from typing import Annotated, cast, get_args

from pydantic import Field, TypeAdapter, ValidationError

from recorder.errors import RecordingError
from recorder.recording.channel_entries import (
    ChannelClosed,
    ChannelOpened,
    ChannelRefused,
    PtyRequest,
    SecretTyped,
)
from recorder.recording.connection_entries import (
    ConnectionClosed,
    ConnectionOpened,
    ForwardClosed,
    ForwardKind,
    ForwardOpened,
    LoginAttempt,
    PortRelayClosed,
    PortRelayOpened,
    RemoteForward,
)
from recorder.recording.entry import Entry, Flow
from recorder.recording.session_entries import (
    FORMAT_VERSION,
    AddressGiven,
    AddressKind,
    ClockEnded,
    ClockExtended,
    ClockStarted,
    ConnectionRefused,
    ConsentShown,
    ExerciseChosen,
    Imported,
    ImportedFile,
    ImportLeftOut,
    Probe,
    ProbingStopped,
    SecretPatterns,
    SessionClosed,
    SessionOpened,
    SessionTerms,
    TargetHostKey,
)

__all__ = [
    "FORMAT_VERSION",
    "JOURNAL_NAME",
    "AddressGiven",
    "AddressKind",
    "ChannelClosed",
    "ChannelOpened",
    "ChannelRefused",
    "ClockEnded",
    "ClockExtended",
    "ClockStarted",
    "ConnectionClosed",
    "ConnectionOpened",
    "ConnectionRefused",
    "ConsentShown",
    "ExerciseChosen",
    "Flow",
    "ForwardClosed",
    "ForwardKind",
    "ForwardOpened",
    "ImportLeftOut",
    "Imported",
    "ImportedFile",
    "JournalEntry",
    "LoginAttempt",
    "PortRelayClosed",
    "PortRelayOpened",
    "Probe",
    "ProbingStopped",
    "PtyRequest",
    "RemoteForward",
    "SecretPatterns",
    "SecretTyped",
    "SessionClosed",
    "SessionOpened",
    "SessionTerms",
    "TargetHostKey",
    "decode_entry",
    "encode_entry",
    "journal_schema",
]

JOURNAL_NAME = "session.jsonl"

JournalEntry = Annotated[
    SessionOpened
    | SessionTerms
    | AddressGiven
    | ConnectionRefused
    | ConsentShown
    | ClockStarted
    | ClockExtended
    | ClockEnded
    | SecretPatterns
    | TargetHostKey
    | ConnectionOpened
    | LoginAttempt
    | ChannelOpened
    | SecretTyped
    | ChannelClosed
    | ChannelRefused
    | RemoteForward
    | ForwardOpened
    | ForwardClosed
    | PortRelayOpened
    | PortRelayClosed
    | ConnectionClosed
    | ExerciseChosen
    | Probe
    | ProbingStopped
    | Imported
    | ImportLeftOut
    | SessionClosed,
    Field(discriminator="event"),
]

_KINDS: dict[str, type[Entry]] = {
    model.model_fields["event"].default: model for model in get_args(get_args(JournalEntry)[0])
}


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
    kind = _KINDS.get(raw["event"])
    if kind is None:
        return None
    try:
        return cast("JournalEntry", kind.model_validate(raw))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise RecordingError(f"bad {raw['event']} line: {place}: {first['msg']}") from error


def journal_schema() -> dict[str, object]:
    """Return the JSON Schema of a journal line."""
    return TypeAdapter(JournalEntry).json_schema()
