"""Copies of our terminal recordings as asciicast v3 and v2, for other programs' players.

Formats: https://docs.asciinema.org/manual/asciicast/v3/ and v2/. Version 3 keeps our own codes,
which players pass over (`recorder.recording.cast`): with them a copy that comes back is exact.
Version 2 has text only: bytes that were not UTF-8 stay U+FFFD, our codes and the exit status are
left out. A copy says that it is one, as only the recording itself is signed. Reading other
programs' files does not belong here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from analyzer.terminal import MOST_COLUMNS, MOST_LINES
from recorder.errors import RecordingError
from recorder.recording.cast import (
    CastDecoder,
    CastEncoder,
    CastEvent,
    CastHeader,
    decode_header,
    encode_header,
    parse_size,
)

NOTE = "This is a copy: only the recording that it was made from is signed."
"""What a copy says of itself where its format has room."""

_IN_V3 = frozenset("oirmxbs")
_IN_V2 = frozenset("oirm")


@dataclass(frozen=True, slots=True)
class Copied:
    """A cast that was read: its header, and its events that can be used."""

    header: CastHeader
    events: Iterator[CastEvent]


def copy_cast(lines: Iterable[bytes], title: str | None = None) -> Copied:
    """Read one of our casts for a copy, its title replaced where one is given.

    A line that is not an event, such as one that was torn when the recorder was killed, is left
    out. Sizes are cut to what the emulator takes: a player may not survive a larger screen.

    Raises:
        RecordingError: The first line is not the header of an asciicast v3.

    """
    source = iter(lines)
    header = decode_header(next(source, b""))
    header = replace(
        header,
        columns=min(header.columns, MOST_COLUMNS),
        lines=min(header.lines, MOST_LINES),
        title=_storable(title or header.title or "") or None,
        term=_storable(header.term or "") or None,
    )
    return Copied(header, _events(source))


def _events(lines: Iterable[bytes]) -> Iterator[CastEvent]:
    decoder = CastDecoder()
    for line in lines:
        try:
            event = decoder.decode(line)
            if event is None or event.code not in _IN_V3:
                continue
            data = _size(event.data) if event.code == "r" else _storable(event.data)
        except RecordingError:
            continue
        yield replace(event, data=data)


def _size(data: str) -> str:
    columns, lines = parse_size(data)
    return f"{min(columns, MOST_COLUMNS)}x{min(lines, MOST_LINES)}"


def _storable(text: str) -> str:
    """Return text as UTF-8 can hold it: half a surrogate pair becomes a question mark."""
    return text.encode("utf-8", "replace").decode()


def to_v3(copied: Copied, note: str = NOTE) -> Iterator[bytes]:
    """Yield the lines of an asciicast v3, newlines included; ``note`` comes as a comment."""
    yield encode_header(copied.header)
    yield f"# {_storable(' '.join(note.split()))}\n".encode()
    encoder = CastEncoder()
    for event in copied.events:
        yield encoder.encode(event)


def to_v2(copied: Copied) -> Iterator[bytes]:
    """Yield the lines of an asciicast v2, newlines included, with times since its start."""
    header = copied.header
    told: dict[str, object] = {"version": 2, "width": header.columns, "height": header.lines}
    if header.timestamp is not None:
        told["timestamp"] = header.timestamp
    if header.title:
        told["title"] = header.title
    if header.term:
        told["env"] = {"TERM": header.term}
    yield _line(told)
    for event in copied.events:
        if event.code in _IN_V2:
            yield _line([event.t, event.code, event.data])


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"
