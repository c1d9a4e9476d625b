"""The lines of ``session.jsonl``: everything of a session but its terminals' bytes.

One frozen model a line, told apart by ``event``. Times ``t`` are seconds since the session's
start on a monotonic clock. Unknown keys are ignored and unknown events skipped, so that an older
program reads a newer recording. No input or output belongs here, and no rule about meaning.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from recorder.errors import RecordingError

FORMAT_VERSION = 1
"""Version of the recording's format; raised with every change that an old reader would misread."""

JOURNAL_NAME = "session.jsonl"

_CAUSES = frozenset({None, "refused", "unreachable", "banned", "hop"})


AddressKind = Literal[
    "public",
    "loopback",
    "private",
    "link-local",
    "shared",
    "unspecified",
    "multicast",
    "documentation",
    "reserved",
    "everybody",
]
"""What an address can be, by the IANA special-purpose address registries (RFC 6890)."""


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


class SessionTerms(Entry):
    """The second line: on what terms the session is held.

    ``exercise`` is its name. ``consent`` tells how the candidate learns of the recording: by
    ``consent_text``, shown before each login, or elsewhere. ``gate`` tells who may knock:
    everybody, only the addresses that were named, or the user of this machine who opened it.
    """

    event: Literal["session-terms"] = "session-terms"
    exercise: str | None = None
    consent: Literal["banner", "elsewhere"]
    consent_text: str | None = None
    gate: Literal["everybody", "named", "own-user"]


class AddressGiven(Entry):
    """An address was given as the candidate's; ``address`` is a network, as ADDR/BITS.

    ``kind`` is what the address is: only ``public`` ones can be anybody's across the internet. One
    that is not was admitted only where somebody insisted.
    """

    event: Literal["address-given"] = "address-given"
    address: str
    kind: AddressKind
    admitted: bool


class ConnectionRefused(Entry):
    """Somebody knocked and was not let in: no packet of SSH was exchanged.

    ``times`` counts the refusals of that address since the last such line about it.
    """

    event: Literal["connection-refused"] = "connection-refused"
    peer: str
    reason: Literal["address", "user", "startups"]
    times: int = 1


class ConsentShown(Entry):
    """The words of consent were sent to a connection, before anything of the target's."""

    event: Literal["consent-shown"] = "consent-shown"
    connection: int


class ClockStarted(Entry):
    """The session's clock was started; it runs out ``length`` seconds after ``t``."""

    event: Literal["clock-started"] = "clock-started"
    length: float


class ClockExtended(Entry):
    """The clock got ``by`` seconds more; ``length`` is what it now has in all."""

    event: Literal["clock-extended"] = "clock-extended"
    by: float
    length: float


class ClockEnded(Entry):
    """The clock ran out, which closes the session."""

    event: Literal["clock-ended"] = "clock-ended"


class SecretPatterns(Entry):
    """A site's own patterns of secrets in command lines: who analyses this hides the same."""

    event: Literal["secret-patterns"] = "secret-patterns"
    patterns: tuple[str, ...]


class TargetHostKey(Entry):
    """The target proved to be who it is, or failed to; or a person trusted another key of it."""

    event: Literal["target-host-key"] = "target-host-key"
    algorithm: str
    fingerprint: str
    verdict: Literal["pinned", "known", "changed", "repinned"]


class ConnectionOpened(Entry):
    """A TCP connection reached the listener; nobody has logged in yet."""

    event: Literal["connection-opened"] = "connection-opened"
    connection: int
    peer: str
    client: str | None = None


class LoginAttempt(Entry):
    """One try of the candidate's to log in, replayed on the target; never a secret.

    ``methods`` are those that the target offered then, in its order. ``outcome``: ``accepted`` is
    in; ``refused`` is the target's own answer; ``partial`` is its wish for a further method;
    ``error`` is neither, and no lock-out.

    ``cause`` says whose answer a failure was: ``refused`` the target's; ``unreachable``, nobody
    answers there; ``banned``, the target or a firewall before it shuts the hop out; ``hop``, the
    hop's own fault. ``detail`` says so in words.

    Two facts that are not one: ``target`` tells whether it accepts what was shown, null where it
    was not asked, and ``hop`` the way in which the hop followed: ``relayed`` as it came or, after
    a key, by the ``password`` given earlier, its ``management-key`` or an ``open-connection``; null
    where it did not. ``fingerprint`` is that of the key, or of a certificate's key.
    """

    event: Literal["login-attempt"] = "login-attempt"
    connection: int
    user: str
    method: str
    methods: tuple[str, ...] = ()
    outcome: Literal["accepted", "partial", "refused", "error"]
    cause: Literal["refused", "unreachable", "banned", "hop"] | None = None
    detail: str | None = None
    fingerprint: str | None = None
    target: Literal["accepts", "refuses"] | None = None
    hop: Literal["relayed", "password", "management-key", "open-connection"] | None = None

    @model_validator(mode="before")
    @classmethod
    def _words_of_old(cls, values: Any) -> Any:  # whatever JSON holds
        """Read a cause in words, as recordings had it before causes were told apart."""
        if isinstance(values, dict) and values.get("cause") not in _CAUSES:
            return {**values, "detail": values["cause"], "cause": None}
        return values


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


class ChannelRefused(Entry):
    """The target gave no channel, or would not run in it what was asked for; ``reason``: its words.

    ``kind`` is that of `ChannelOpened`, or ``session`` where it was not known yet.
    """

    event: Literal["channel-refused"] = "channel-refused"
    connection: int
    channel: int
    kind: Literal["session", "shell", "exec", "subsystem"]
    command: str | None = None
    reason: str


ForwardKind = Literal["local", "local-socket", "remote", "remote-socket", "agent", "x11", "other"]


class RemoteForward(Entry):
    """What became of the client's wish that the target listen on an address (``ssh -R``).

    ``address`` is HOST:PORT, the port being the one that it listens on, or the path of a socket.
    """

    event: Literal["remote-forward"] = "remote-forward"
    connection: int
    address: str
    state: Literal["listening", "refused", "cancelled"]


class ForwardOpened(Entry):
    """A forwarded connection was asked for; its number is one of the connection's channels.

    ``local`` ones go from the candidate to ``address`` as the target sees it (``ssh -L``, ``-D``,
    ``-W``, ``-J``), ``remote`` ones came to ``address`` on the target and go to the candidate, as
    do the agent's and X11's. ``origin`` is who connected, as the opening end said.
    """

    event: Literal["forward-opened"] = "forward-opened"
    connection: int
    channel: int
    kind: ForwardKind
    address: str | None = None
    origin: str | None = None


class ForwardClosed(Entry):
    """A forwarded connection ended; ``refused`` says why there was none.

    Only sizes, times and digests are kept: ``in`` went to the target, ``out`` came from it.
    """

    event: Literal["forward-closed"] = "forward-closed"
    connection: int
    channel: int
    refused: str | None = None
    flows: tuple[Flow, ...] = ()


class PortRelayOpened(Entry):
    """Somebody connected to one of the ports that are passed on; ``port`` is the target's.

    ``relay`` counts these connections, from 1.
    """

    event: Literal["port-relay-opened"] = "port-relay-opened"
    relay: int
    port: int
    peer: str


class PortRelayClosed(Entry):
    """Such a connection ended; as `ForwardClosed`."""

    event: Literal["port-relay-closed"] = "port-relay-closed"
    relay: int
    refused: str | None = None
    flows: tuple[Flow, ...] = ()


class ConnectionClosed(Entry):
    """A connection ended; ``reason`` is one short sentence."""

    event: Literal["connection-closed"] = "connection-closed"
    connection: int
    reason: str


class ExerciseChosen(Entry):
    """The plan that the session follows, whole, but for the password that it issues.

    ``plan`` has the keys of the exercise's TOML file (see docs/exercises.md).
    """

    event: Literal["exercise"] = "exercise"
    name: str
    plan: dict[str, object]


class Probe(Entry):
    """The target as seen from outside, where that differs from the look before, or is the first.

    ``t`` is when the answer was there. ``outcome`` tells what came of it: ``refused`` and
    ``unreachable`` are the network's words, ``broken`` an answer that is not what was asked for.

    Attributes:
        probe: The probe's id in the exercise.
        place: Where it looked: a URL, or USER@HOST:PORT.
        status: HTTP's.
        auth: Schemes of authentication demanded with status 401, small letters.
        location: Where a redirection leads that was not followed.
        server: What the web server calls itself.
        contains: Whether the words that were looked for are in the page.
        methods: Login methods that sshd offers, sorted; ``none`` where it let the user in without.

    """

    event: Literal["probe"] = "probe"
    probe: str
    kind: Literal["http", "logins"]
    place: str
    outcome: Literal["answered", "refused", "timeout", "unreachable", "broken"]
    cause: str | None = None
    status: int | None = None
    auth: tuple[str, ...] | None = None
    location: str | None = None
    server: str | None = None
    contains: bool | None = None
    methods: tuple[str, ...] | None = None


class ProbingStopped(Entry):
    """Nobody looks at the target any more, though the session goes on."""

    event: Literal["probing-stopped"] = "probing-stopped"
    reason: str


class SessionClosed(Entry):
    """The last line; ``detail`` says who or what closed it.

    ``cut-off`` was written afterwards, for a recorder that was killed.
    """

    event: Literal["session-closed"] = "session-closed"
    reason: Literal["closed", "cut-off", "failed"]
    detail: str | None = None


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
    | SessionClosed,
    Field(discriminator="event"),
]

_ADAPTER: TypeAdapter[JournalEntry] = TypeAdapter(JournalEntry)
_KNOWN = frozenset(
    model.model_fields["event"].default
    for model in (
        SessionOpened,
        SessionTerms,
        AddressGiven,
        ConnectionRefused,
        ConsentShown,
        ClockStarted,
        ClockExtended,
        ClockEnded,
        SecretPatterns,
        TargetHostKey,
        ConnectionOpened,
        LoginAttempt,
        ChannelOpened,
        SecretTyped,
        ChannelClosed,
        ChannelRefused,
        RemoteForward,
        ForwardOpened,
        ForwardClosed,
        PortRelayOpened,
        PortRelayClosed,
        ConnectionClosed,
        ExerciseChosen,
        Probe,
        ProbingStopped,
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
