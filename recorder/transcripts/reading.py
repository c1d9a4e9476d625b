"""A file as a transcript: bytes, encoding, which format it is, and the bounds of all that.

The one door to the formats: whatever is in a file, what comes out is a `Parsed` or a
`TranscriptError` that names the row. Nothing is stored here.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from recorder.errors import TranscriptError
from recorder.transcripts.cues import ARROW, read_cues
from recorder.transcripts.limits import MOST_BYTES, checked
from recorder.transcripts.plain import read_plain
from recorder.transcripts.values import Format, Line, Parsed

_ROWS = re.compile(r"\r\n|\r|\n")
_MARKED = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ANYTHING = "most of it names neither a speaker nor a time: is it a transcript, and the right file?"
"""Said of text that is a transcript only because it is nothing else."""

_LOOKED_AT = 3
"""Rows, empty ones not counted, that tell what a file is."""


def read_file(path: Path, form: Format | None = None) -> Parsed:
    """Read a file; without a format it is told from what stands in it.

    Raises:
        TranscriptError: It cannot be read, is too large, or is no transcript.

    """
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise TranscriptError(f"cannot read {path} ({reason})", "check its path") from error
    return parse(data, form)


def parse(data: bytes, form: Format | None = None) -> Parsed:
    """Return what a file's bytes say.

    Args:
        data: UTF-8, or UTF-16 with a byte order mark.
        form: The format; by default told from what stands in it.

    Raises:
        TranscriptError: They are too many, not of a known encoding, or no transcript.

    """
    if len(data) > MOST_BYTES:
        raise TranscriptError(
            f"the file has more than {MOST_BYTES >> 20} MiB", "a transcript is text, not sound"
        )
    rows = _ROWS.split(_decoded(data))
    guessed, form = form is None, form or detect(rows)
    placed = read_plain(rows) if form == "plain" else read_cues(rows, form)
    lines, warnings = checked(placed)
    if guessed and form == "plain" and 2 * sum(map(_is_bare, lines)) > len(lines):
        warnings = (*warnings, _ANYTHING)
    return Parsed(format=form, lines=lines, warnings=warnings)


def _is_bare(line: Line) -> bool:
    return line.t is None and line.speaker is None


def detect(rows: list[str]) -> Format:
    """Return what a file is by its first rows; plain text is whatever is nothing else."""
    first: list[str] = []
    for row in rows:
        if row.strip():
            first.append(row.strip())
        if len(first) == _LOOKED_AT:
            break
    if first and re.match(r"WEBVTT(?:\s|$)", first[0]):
        return "webvtt"
    return "srt" if any(ARROW in row for row in first[:2]) else "plain"


def _decoded(data: bytes) -> str:
    encoding = "utf-8"
    for mark, name in _MARKED:
        if data.startswith(mark):
            data, encoding = data[len(mark) :], name
            break
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        row = 1 + len(_ROWS.findall(data[: error.start].decode(encoding, "replace")))
        raise TranscriptError(
            f"line {row} is not {encoding.upper()}",
            "save it as UTF-8: `iconv -f latin1 -t utf-8 FILE` does so for Western Europe's",
        ) from error
    if "\0" in text:
        row = 1 + len(_ROWS.findall(text, 0, text.index("\0")))
        raise TranscriptError(f"line {row} holds what is no text", "is it the right file?")
    return text
