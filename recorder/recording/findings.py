"""What is not as it was signed, file by file: the findings of a check.

It compares files with a manifest and puts the difference into words; signatures, and what all of it
means for the recording, are `recorder.recording.verify`'s.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from recorder.recording.manifest import (
    FileEntry,
    Manifest,
    PiecesEntry,
    present_files,
    unpack_pieces,
)
from recorder.recording.pieces import BLOCK_BYTES, Difference, Scan, compare, scan_file

Kind = Literal[
    "live", "not-closed", "manifest-missing", "manifest-damaged", "other-session",
    "signature-missing", "signature-damaged", "signature-wrong", "signer-unknown",
    "file-missing", "file-extra", "file-altered", "file-truncated", "lines-removed", "lines-added",
    "unreadable",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not as it should be.

    Attributes:
        kind: What it is.
        words: The same for a person, one line.
        file: The file that it is about.
        first: Where it begins: a line from 1, or a byte from 0 in a file without lines.
        last: Where it ends, inclusive.

    """

    kind: Kind
    words: str
    file: str | None = None
    first: int | None = None
    last: int | None = None


def missing(kind: Kind, name: str) -> Finding:
    """Return the finding that a file is not there."""
    return Finding(kind=kind, file=name, words="it is missing")


def file_findings(directory: Path, manifest: Manifest) -> Iterator[Finding]:
    """Yield what is not as the manifest says, in the order of names.

    Raises:
        OSError: A file cannot be read.

    """
    present = present_files(directory)
    for name in sorted({*manifest.files, *present.files, *present.others}):
        entry = manifest.files.get(name)
        if name in present.others:
            words = "it is not a plain file: a link, a directory or a device lies in its place"
            yield Finding(kind="file-altered" if entry else "file-extra", file=name, words=words)
        elif entry is None:
            words = "it is not in the manifest: it was added afterwards"
            yield Finding(kind="file-extra", file=name, words=words)
        elif name not in present.files:
            yield missing("file-missing", name)
        else:
            yield from _compare_file(directory / name, entry, manifest.pieces.get(name))


def _compare_file(path: Path, entry: FileEntry, pieces: PiecesEntry | None) -> Iterator[Finding]:
    was = unpack_pieces(pieces)
    now = scan_file(path, each=was.each if was else None)
    if now.size == entry.size and now.sha256 == entry.sha256:
        return
    difference = compare(was, now) if was else Difference(kind="altered")
    yield _describe(path.name, entry, now, difference)


def _describe(name: str, entry: FileEntry, now: Scan, difference: Difference) -> Finding:
    sizes = "" if now.size == entry.size else f"; {now.size} bytes, {entry.size} were signed"
    lines = now.pieces.of == "lines"
    if lines:
        first, last = difference.first, difference.last
    else:
        first = None if difference.first is None else (difference.first - 1) * BLOCK_BYTES
        last = None if difference.last is None else difference.last * BLOCK_BYTES - 1
    where = _where(first, last, lines=lines)
    kind: Kind
    match difference.kind:
        case "cut":
            kind, words = "file-truncated", f"its end is missing, from {where[0]} on"
        case "removed" if lines:
            kind, words = "lines-removed", f"{where[1]} removed"
        case "added" if lines:
            kind, words = "lines-added", f"{where[1]} added"
        case _:
            kind, words = "file-altered", f"{where[1]} altered"
    return Finding(kind=kind, file=name, first=first, last=last, words=words + sizes)


def _where(first: int | None, last: int | None, *, lines: bool) -> tuple[str, str]:
    """Return where something begins, and from where to where it goes with its verb."""
    one, several = ("line", "lines") if lines else ("byte", "bytes")
    if first is None:
        return f"some {one}", "it was"
    if last is None:
        return f"{one} {first}", f"from {one} {first} on, something was"
    if first == last:
        return f"{one} {first}", f"{one} {first} was"
    return f"{one} {first}", f"{several} {first} to {last} were"
