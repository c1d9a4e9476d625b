"""What a terminal did between two places of its cast, without reading the rest of the file.

Says the same as `recorder.recording.cast_file.CastFile` does of whole files, of outputs and resizes
only, and without times: those are in the index. A test holds the two together.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

from analyzer.index.file import UnusableIndexError
from recorder.errors import RecordingError
from recorder.recording.cast import CastDecoder, decode_exact, parse_size

Step = bytes | tuple[int, int]
"""One output's bytes, or one resize's columns and lines."""

_read_json = json.JSONDecoder().raw_decode
_LONGEST = 1e9
"""Seconds; below, an interval is surely one that the reader takes."""


class CastSlices:
    """One cast, of which pieces are read; counts the bytes.

    Attributes:
        bytes_read: How many were read so far.

    """

    def __init__(self, path: Path) -> None:
        """Open the cast.

        Raises:
            UnusableIndexError: It cannot be opened.

        """
        self.bytes_read = 0
        self._path = path
        try:
            self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except OSError as error:
            raise UnusableIndexError(f"cannot read {path} ({error.strerror})") from error

    def close(self) -> None:
        """Close the file."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def steps(self, start: int, end: int) -> list[Step]:
        """Return the steps from one event's line up to another's, as byte offsets.

        Raises:
            UnusableIndexError: So much cannot be read.

        """
        try:
            data = os.pread(self._descriptor, end - start, start) if end > start else b""
        except (OSError, OverflowError) as error:
            raise UnusableIndexError(f"cannot read {self._path} ({error})") from error
        if len(data) != max(0, end - start):
            raise UnusableIndexError(f"{self._path} is shorter than it was")
        self.bytes_read += len(data)
        return decode_steps(data)


def decode_steps(data: bytes) -> list[Step]:
    """Return the steps in some whole lines of a cast; the first line is an event's."""
    steps: list[Step] = []
    pending = ""
    for code, text in _events(data):
        match code:
            case "o":
                steps.append(text.encode("utf-8", "surrogatepass"))
                pending = code
            case "r":
                try:
                    steps.append(parse_size(text))
                except RecordingError:
                    continue
                pending = code
            case "b" if pending in {"o", "i"}:
                try:
                    exact = decode_exact(text)
                except RecordingError:
                    continue
                if pending == "o":
                    steps[-1] = exact
                    pending = ""
            case "s" if pending == "i":
                pending = ""
            case "i" | "x":
                pending = code
            case _:
                pass
    return steps


def _events(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield code and data of each event; lines that are none are left out."""
    try:
        lines = data.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        yield from _odd_events(data.split(b"\n"))
        return
    for line in lines:
        try:
            (interval, code, text), end = _read_json(line)
            plain = type(interval) is float and 0 <= interval < _LONGEST and end == len(line)
            if plain and type(code) is str and type(text) is str:
                yield code, text
                continue
        except (ValueError, TypeError, RecursionError):
            pass
        if line:
            yield from _odd_events([line.encode()])


def _odd_events(lines: list[bytes]) -> Iterator[tuple[str, str]]:
    """Yield likewise, slowly, whatever the reader would take."""
    for line in lines:
        try:
            event = CastDecoder().decode(line)
        except RecordingError:
            continue
        if event is not None:
            yield event.code, event.data
