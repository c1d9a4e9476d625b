"""Tells where in a file something changed, by the checksums of its lines or blocks.

The manifest's SHA-256 proves that a file is as it was; checksums of its pieces only help a person
to find what is not. So they are short and bounded, and do not decide whether a file is intact.
Files of lines are compared line by line, others in blocks.
"""

from __future__ import annotations

import hashlib
import zlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Unit = Literal["lines", "blocks"]

BLOCK_BYTES = 4096
"""Length of a piece in a file that has no lines; the last may be shorter."""

MOST_SUMS = 8192
"""Checksums that are kept of one file; in longer files several pieces share one."""

_LINE_SUFFIXES = frozenset({".jsonl", ".cast"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """The checksums of a file's pieces.

    Attributes:
        of: What a piece is; a line that has no end is one too.
        count: How many there are.
        each: How many share a checksum; the last may have fewer.
        sums: CRC-32 of each piece, or of the CRC-32s of those that share one.

    """

    of: Unit
    count: int
    each: int
    sums: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What reading a file through gave; ``ends_line``: nothing comes after its last line end."""

    size: int
    sha256: str
    pieces: Pieces
    ends_line: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How a file differs from what it was; numbers count pieces from 1, None where unknown.

    ``removed`` and ``cut`` give numbers in the file as it was, ``added`` as it is now.
    """

    kind: Literal["altered", "removed", "added", "cut"]
    first: int | None = None
    last: int | None = None


def unit_of(name: str) -> Unit:
    """Return what the pieces of a file of this name are."""
    return "lines" if Path(name).suffix in _LINE_SUFFIXES else "blocks"


def scan_file(path: Path, *, each: int | None = None) -> Scan:
    """Read a file through, once.

    Args:
        path: The file.
        each: How many pieces are to share a checksum; by default as few as `MOST_SUMS` allows.

    Raises:
        OSError: It cannot be read.

    """
    unit = unit_of(path.name)
    digest = hashlib.sha256()
    sums = array("L")
    size, last = 0, b"\n"
    with path.open("rb") as file:
        for piece in file if unit == "lines" else iter(lambda: file.read(BLOCK_BYTES), b""):
            digest.update(piece)
            sums.append(zlib.crc32(piece))
            size += len(piece)
            last = piece[-1:]
    share = each or max(1, -(-len(sums) // MOST_SUMS))
    pieces = Pieces(of=unit, count=len(sums), each=share, sums=_fold(sums, share))
    return Scan(size=size, sha256=digest.hexdigest(), pieces=pieces, ends_line=last == b"\n")


def _fold(sums: Sequence[int], each: int) -> tuple[int, ...]:
    if each == 1:
        return tuple(sums)
    return tuple(
        zlib.crc32(b"".join(s.to_bytes(4, "big") for s in sums[start : start + each]))
        for start in range(0, len(sums), each)
    )


def compare(was: Pieces, now: Scan) -> Difference:
    """Say how a file whose hash is another one than it was differs.

    ``now`` must have been scanned with the ``each`` of ``was``.
    """
    found = now.pieces
    if was.of != found.of or was.each != found.each:
        return Difference(kind="altered")
    same_before = _common(was.sums, found.sums)
    if same_before == len(was.sums) == len(found.sums):
        return Difference(kind="altered")
    first = same_before * was.each + 1
    if was.each > 1:
        return _compare_shared(was, found, first)
    same_after = _common(was.sums[same_before:][::-1], found.sums[same_before:][::-1])
    if found.count < was.count:
        if same_before == found.count:
            return Difference(kind="cut", first=first, last=was.count)
        if same_before + same_after == found.count:
            return Difference(kind="removed", first=first, last=was.count - same_after)
    if found.count > was.count and same_before + same_after == was.count:
        return Difference(kind="added", first=first, last=found.count - same_after)
    if not now.ends_line and same_before == found.count - 1 and found.count <= was.count:
        return Difference(kind="cut", first=first, last=was.count)
    return Difference(kind="altered", first=first, last=max(first, was.count - same_after))


def _compare_shared(was: Pieces, found: Pieces, first: int) -> Difference:
    """Compare where pieces share checksums: behind a missing one, no later group is the same."""
    if found.count == was.count:
        last_group = len(was.sums) - _common(was.sums[::-1], found.sums[::-1])
        last = min(was.count, last_group * was.each)
        return Difference(kind="altered", first=first, last=last)
    if found.count < was.count:
        return Difference(kind="removed", first=first)
    return Difference(kind="added", first=first)


def _common(one: Sequence[int], other: Sequence[int]) -> int:
    """Return how many values are the same from the start."""
    for number, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return number
    return min(len(one), len(other))
