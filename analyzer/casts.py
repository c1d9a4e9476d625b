"""Our terminal recordings as asciicast v2, which every player reads.

Format: https://docs.asciinema.org/manual/asciicast/v2/: seconds since the start, ``width`` and
``height``, codes ``o``, ``i`` and ``r``. Version 2 has text only: bytes that were not UTF-8 stay
U+FFFD, and the codes that are ours are left out. Reading other programs' files does not belong
here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from recorder.errors import RecordingError
from recorder.recording.cast import CastDecoder, decode_header

_KEPT = frozenset("oir")


def to_v2(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the lines of an asciicast v2, newlines included, from those of one of our casts.

    A line that is not an event, such as one that was torn when the recorder was killed, is left
    out.

    Raises:
        RecordingError: The first line is not the header of an asciicast v3.

    """
    source = iter(lines)
    header = decode_header(next(source, b""))
    told: dict[str, object] = {"version": 2, "width": header.columns, "height": header.lines}
    if header.timestamp is not None:
        told["timestamp"] = header.timestamp
    if header.title:
        told["title"] = header.title
    if header.term:
        told["env"] = {"TERM": header.term}
    yield _line(told)
    decoder = CastDecoder()
    for line in source:
        try:
            event = decoder.decode(line)
        except RecordingError:
            continue
        if event is not None and event.code in _KEPT:
            yield _line([event.t, event.code, event.data])


def write_v2(source: Path, out: BinaryIO) -> None:
    """Write the cast in ``source`` to ``out`` as asciicast v2.

    Raises:
        RecordingError: It cannot be read, or is not an asciicast v3.

    """
    try:
        with source.open("rb") as lines:
            out.writelines(to_v2(lines))
    except OSError as error:
        raise RecordingError(f"cannot convert {source} ({error.strerror})") from error


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
