"""Journal lines about a session as a whole: its terms, its clock, its target, the looks at that.

What happens on connections and channels has its own files; how lines are written is the journal's.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from recorder.recording.entry import Entry

FORMAT_VERSION = 1
"""Version of the recording's format; raised with every change that an old reader would misread."""

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


class ImportedFile(BaseModel):
    """A file that an import took its bytes from: what it was called, its size, SHA-256 in hex."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    name: str
    size: int
    sha256: str


class Imported(Entry):
    """What happened on a connection was not recorded here, but by another tool.

    Nothing is known but what that tool wrote down: times, sizes and bytes are its own, and logins
    and refusals are only what its terminal showed.

    Attributes:
        connection: The connection that stands for it.
        source: The name of its files.
        format: ``asciicast v2``, ``ttyrec``, ``script`` and so on.
        start: Who says when it began: the ``recording`` itself, its ``file``'s date, or nobody
            (``unknown``: it is taken to begin with the session).
        size: Who says how large the terminal was: the ``recording``, a ``person``, or nobody
            (``assumed``).
        command: What was recorded, as the tool noted it; secrets in it are hidden.
        title: What it was called.
        files: Its files.

    """

    event: Literal["imported"] = "imported"
    connection: int
    source: str
    format: str
    start: Literal["recording", "file", "unknown"]
    size: Literal["recording", "person", "assumed"]
    command: str | None = None
    title: str | None = None
    files: tuple[ImportedFile, ...] = ()


class ImportLeftOut(Entry):
    """What of an imported recording could not be read: ``count`` places, the first in ``words``."""

    event: Literal["import-left-out"] = "import-left-out"
    count: int
    words: tuple[str, ...]


class SessionClosed(Entry):
    """The last line; ``detail`` says who or what closed it.

    ``cut-off`` was written afterwards, for a recorder that was killed.
    """

    event: Literal["session-closed"] = "session-closed"
    reason: Literal["closed", "cut-off", "failed"]
    detail: str | None = None
