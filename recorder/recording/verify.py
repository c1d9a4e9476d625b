"""Checks a recording against its signed manifest, and says exactly what is not as it was.

It only reads. Who may sign, and how a signature is checked, is the caller's affair; what is printed
of it likewise. It must agree with ``ssh-keygen -Y verify`` and ``sha256sum``.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from recorder.errors import RecordingError
from recorder.recording.events import Problem
from recorder.recording.findings import Finding, file_findings, missing
from recorder.recording.journal import JOURNAL_NAME, SessionClosed, decode_entry
from recorder.recording.manifest import (
    MANIFEST_NAME,
    SIGNATURE_NAME,
    Manifest,
    parse_manifest,
    present_files,
)
from recorder.recording.reader import RecordingReader, is_locked

FLUSH_MS = 100
"""Milliseconds of a recording that are lost at most when its recorder is killed."""

_MOST_MANIFEST = 256 << 20
_MOST_SIGNATURE = 1 << 16
_MOST_LINE = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureCheck:
    """What a signature is worth, and the fingerprint of the key that made it, where it tells.

    ``good``; ``damaged``: no signature; ``wrong``: not of this content; ``unknown``: of this
    content, by a key that nobody vouches for.
    """

    state: Literal["good", "damaged", "wrong", "unknown"]
    signer: str | None = None


CheckSignature = Callable[[bytes, bytes], SignatureCheck]
"""Takes the content and its signature."""

Verdict = Literal["intact", "cut-off", "failed", "altered", "unsigned", "live"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was found out about one recording.

    Attributes:
        session: Its id.
        verdict: ``intact``; ``cut-off`` and ``failed``: unaltered, but its recorder was killed or
            could not write; ``altered``; ``unsigned``: nothing can be proven; ``live``.
        findings: What is wrong, empty unless the verdict says so.
        files: How many files the manifest names.
        signer: Fingerprint of the key that signed.
        signed: When, ISO 8601 in UTC.
        late: It was signed by a later start, not by the recorder that made it.
        imported: It was made of another tool's recording, and signed then.
        ended: The last line of the journal.

    """

    session: str
    verdict: Verdict
    findings: tuple[Finding, ...]
    files: int = 0
    signer: str | None = None
    signed: str | None = None
    late: bool = False
    imported: bool = False
    ended: SessionClosed | None = None

    @property
    def unaltered(self) -> bool:
        """Whether every file is as it was signed."""
        return self.verdict in {"intact", "cut-off", "failed"}


def verify_recording(
    directory: Path, check: CheckSignature, *, locked_by_us: bool = False
) -> Verification:
    """Check one recording; its directory's name is its session.

    Args:
        directory: The recording.
        check: Says what a signature is worth.
        locked_by_us: The caller holds the recorder's lock.

    Raises:
        SessionNotFoundError: There is no recording in the directory.
        RecordingError: It cannot be read at all.

    """
    session = directory.name
    if not locked_by_us and is_locked(directory):
        words = "it is still being recorded: it is signed when the session ends"
        return Verification(
            session=session, verdict="live", findings=(Finding(kind="live", words=words),)
        )
    try:
        manifest_data = _read(directory / MANIFEST_NAME, _MOST_MANIFEST)
        signature = _read(directory / SIGNATURE_NAME, _MOST_SIGNATURE)
        if manifest_data is None and signature is None:
            return _verify_unsigned(directory)
        return _verify_signed(directory, manifest_data, signature, check)
    except OSError as error:
        raise RecordingError(
            f"the recording {directory} cannot be read ({error.strerror})",
            "mend its permissions, or its disk",
        ) from error


def _verify_unsigned(directory: Path) -> Verification:
    """Say why there is no manifest: the recorder was killed, or somebody took it away."""
    closed = None
    if others := present_files(directory).others:
        words = "it is not a plain file, and nothing is signed"
        findings = [Finding(kind="unreadable", file=name, words=words) for name in others]
    else:
        with RecordingReader(directory, abandoned=True) as reader:
            last = max((event.t for event in reader.read()), default=0.0)
            closed = reader.closed
            findings = [_why_unsigned(last, closed), *map(_unreadable, reader.problems)]
    return Verification(
        session=directory.name, verdict="unsigned", findings=tuple(findings), ended=closed
    )


def _why_unsigned(last: float, closed: SessionClosed | None) -> Finding:
    if closed is not None:
        words = "the session was closed, but its manifest and signature are missing"
        return Finding(kind="manifest-missing", file=MANIFEST_NAME, words=words)
    return Finding(
        kind="not-closed",
        words=f"cut off at {last:.3f} s: its recorder was killed; at most the last {FLUSH_MS} ms"
        " before that are missing; the next start of `jumpseat serve` closes and signs it",
    )


def _unreadable(problem: Problem) -> Finding:
    place = problem.place
    words = f"{problem.words}, at byte {place.offset}"
    return Finding(kind="unreadable", file=place.file, first=place.offset, words=words)


def _verify_signed(
    directory: Path, data: bytes | None, signature: bytes | None, check: CheckSignature
) -> Verification:
    signed = SignatureCheck(state="good")
    findings: list[Finding] = []
    if data is None:
        findings.append(missing("manifest-missing", MANIFEST_NAME))
    elif signature is None:
        findings.append(missing("signature-missing", SIGNATURE_NAME))
    else:
        signed = check(data, signature)
        findings += _signature_findings(signed)
    manifest = None
    if data is not None:
        try:
            manifest = parse_manifest(data)
            findings += _identity_findings(directory, manifest)
            findings += file_findings(directory, manifest)
        except RecordingError as error:
            damaged = Finding(kind="manifest-damaged", file=MANIFEST_NAME, words=error.cause)
            findings.append(damaged)
    ended = _last_line(directory)
    return Verification(
        session=directory.name,
        verdict="altered" if findings else _verdict_of(ended),
        findings=tuple(findings),
        files=len(manifest.files) if manifest else 0,
        signer=signed.signer,
        signed=manifest.signed if manifest else None,
        late=manifest is not None and manifest.by == "later start",
        imported=manifest is not None and manifest.by == "import",
        ended=ended,
    )


def _verdict_of(ended: SessionClosed | None) -> Verdict:
    if ended is None or ended.reason == "cut-off":
        return "cut-off"
    return "failed" if ended.reason == "failed" else "intact"


def _signature_findings(signed: SignatureCheck) -> Iterator[Finding]:
    by = signed.signer
    match signed.state:
        case "good":
            return
        case "damaged":
            words = "it is not a signature any more"
            yield Finding(kind="signature-damaged", file=SIGNATURE_NAME, words=words)
        case "wrong":
            words = f"the manifest is not what {by} signed"
            yield Finding(kind="signature-wrong", file=MANIFEST_NAME, words=words)
        case "unknown":
            words = f"it was signed by {by}, which is not among the allowed signers"
            yield Finding(kind="signer-unknown", file=SIGNATURE_NAME, words=words)


def _identity_findings(directory: Path, manifest: Manifest) -> Iterator[Finding]:
    if manifest.session != directory.name:
        words = f"it is the manifest of session {manifest.session}, not of {directory.name}"
        yield Finding(kind="other-session", file=MANIFEST_NAME, words=words)


def _last_line(directory: Path) -> SessionClosed | None:
    data = _read_end(directory / JOURNAL_NAME)
    try:
        entry = decode_entry(data.splitlines()[-1]) if data else None
    except RecordingError:
        return None
    return entry if isinstance(entry, SessionClosed) else None


def _read_end(path: Path) -> bytes:
    """Return the last lines of a plain file, nothing of what is none."""
    try:
        size = path.lstat().st_size
        if not stat.S_ISREG(path.lstat().st_mode):
            return b""
        with path.open("rb") as file:
            file.seek(max(0, size - _MOST_LINE))
            return file.read(_MOST_LINE)
    except FileNotFoundError:
        return b""


def _read(path: Path, most: int) -> bytes | None:
    """Return a plain file's content, None where there is none; a link is none."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode) or path.stat().st_size > most:
            return b""
        return path.read_bytes()
    except FileNotFoundError:
        return None
