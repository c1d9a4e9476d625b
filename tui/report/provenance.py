"""How a recording was made and by what, whether it is as it was signed, and what is missing of it.

It asks those who know; nothing is checked or computed here.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
from collections.abc import Iterator, Sequence
from pathlib import Path

from analyzer.models.kinds import KINDS
from analyzer.models.loading import plain_header
from analyzer.records import Analysis
from analyzer.signals.loader import active_rules
from recorder.home import Home
from recorder.recording.events import Problem
from recorder.recording.verify import FLUSH_MS, Verification, verify_recording
from recorder.signers import read_signers
from tui.cli.output import moment
from tui.report.journal import Journal
from tui.report.values import Provenance

_SHORT = 12
"""Digits of a model's digest: enough to tell models of one installation apart."""

_VERDICTS = {
    "intact": "every file is as it was signed",
    "cut-off": "every file is as it was signed; the recording was cut off",
    "failed": "every file is as it was signed; the end of the recording is missing",
    "altered": "NOT as it was signed",
    "unsigned": "not signed: nothing can be proven",
    "live": "still being recorded: it is signed when it ends",
}


def provenance_of(
    home: Home, directory: Path, journal: Journal, analysis: Analysis, *, machine: bool
) -> Provenance:
    """Return where a recording comes from.

    Args:
        home: Whose allowed signers count.
        directory: The recording.
        journal: Its journal, as it was read.
        analysis: Its analysis, for what could not be read.
        machine: Tell the versions of rules and models, too.

    Raises:
        RecordingError: It cannot be read.

    """
    found = verify_recording(directory, read_signers(home.allowed_signers).check)
    program = importlib.metadata.version("jumpseat")
    return Provenance(
        verdict=found.verdict,
        verified=(_VERDICTS[found.verdict], *(each.words for each in found.findings)),
        signer=found.signer,
        signed=found.signed,
        program=journal.opened.program,
        format=journal.opened.format,
        consent=_consent(journal),
        made_by=f"jumpseat {program}",
        exercise_sha256=journal.exercise_sha256,
        rules_sha256=_rules_digest() if machine else None,
        models=tuple(_models()) if machine else (),
        gaps=tuple(_gaps(journal, found, analysis.problems)),
    )


def _consent(journal: Journal) -> str:
    terms = journal.terms
    if terms is None:
        return "not noted"
    if terms.consent != "banner":
        return "the candidate was told elsewhere that the session is recorded"
    return "the candidate was told before each login that the session is recorded"


def _rules_digest() -> str:
    text = active_rules().model_dump_json()
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _models() -> Iterator[tuple[str, str]]:
    for entry in KINDS:
        header = plain_header(entry.name)
        if header is not None:
            yield entry.name, f"{header.program}, {header.payload_sha256[:_SHORT]}"


def _gaps(journal: Journal, found: Verification, problems: Sequence[Problem]) -> Iterator[str]:
    if journal.closed is not None and journal.closed.reason == "cut-off":
        yield (
            f"cut off at {moment(journal.closed.t)}: the recorder was killed; what came less than"
            f" {FLUSH_MS} ms before may be missing"
        )
    if journal.closed is not None and journal.closed.reason == "failed":
        yield f"stopped at {moment(journal.closed.t)}: the recording could not be written"
    if journal.closed is None and found.verdict != "live":
        yield "the recording has no end: its recorder was killed"
    if journal.stopped is not None:
        yield f"from {moment(journal.stopped.t)} nobody looked at the target from outside"
    if journal.imported:
        formats = ", ".join(dict.fromkeys(each.format for each in journal.imported))
        yield f"what happened to it before it was imported ({formats}), nobody can tell"
    for left in journal.left_out:
        yield f"the import left out {left.count} places that could not be read"
    for problem in problems:
        yield f"{problem.place.file}: {problem.words}, at byte {problem.place.offset}"
