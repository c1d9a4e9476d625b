"""asciicast v1: one JSON object whose ``stdout`` is a list of [delay, text].

Format: https://docs.asciinema.org/manual/asciicast/v1/. The file is read whole, and its list item
by item, so that what stands before a broken place is kept. Such files are small; one above
`MOST_TEXT` is read up to there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from recorder.formats.asciicast import JsonError, began, encoded, number_of, text_of
from recorder.formats.events import Began, Foreign, Wrote
from recorder.formats.flaws import Complaints
from recorder.formats.moments import Moments
from recorder.formats.source import PIECE, Readable

MOST_TEXT = 256 << 20
"""Bytes that are read of one file."""

_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\r\n]*")
_LIST = re.compile(r'"stdout"[ \t\r\n]*:[ \t\r\n]*\[')
_PAIR = 2


def parse_asciicast1(stream: Readable, complaints: Complaints) -> Iterator[Foreign]:
    """Yield the events of an asciicast v1."""
    text = text_of(_whole(stream, complaints))
    found = _LIST.search(text)
    if found is None:
        yield _header(text, "", complaints)
        complaints.whole("there is no list `stdout`: nothing was shown")
        return
    # Some write the keys in another order, so what stands behind the list is needed first.
    items = _Items(text, found.end())
    for _ in items:
        pass
    yield _header(text[: found.start()], text[items.place :], complaints)
    moments, items = Moments(), _Items(text, found.end())
    for number, item in items:
        try:
            delay, data = _pair(item)
        except JsonError as error:
            complaints.at_event(number, f"not an event ({error}): left out")
            continue
        if wrong := moments.after(delay):
            complaints.at_event(number, wrong)
        yield Wrote(t=moments.now, data=encoded(data))
    if not items.whole:
        place = len(text[: items.place].encode("utf-8", "surrogateescape"))
        complaints.at_byte(place, "cut off here, or broken: the rest is left out")


def _whole(stream: Readable, complaints: Complaints) -> bytes:
    pieces, size = [], 0
    while piece := stream.read(PIECE):
        if size + len(piece) > MOST_TEXT:
            complaints.at_byte(size, f"longer than {MOST_TEXT >> 20} MiB: the rest is left out")
            break
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)


def _pair(item: object) -> tuple[float, str]:
    if not isinstance(item, list) or len(item) < _PAIR or not isinstance(item[1], str):
        raise JsonError("not a pair of delay and text")
    return number_of(item[0]), item[1]


class _Items:
    """The items of a list with their numbers, from 1, as far as it can be read.

    Attributes:
        place: Where the next item begins, at the end the place behind the list.
        whole: The list's end was found.

    """

    def __init__(self, text: str, place: int) -> None:
        self._text = text
        self.place = place
        self.whole = False

    def __iter__(self) -> Iterator[tuple[int, object]]:
        text, number = self._text, 0
        while True:
            self.place = _after_space(text, self.place)
            if text.startswith("]", self.place):
                self.place += 1
                self.whole = True
                return
            try:
                item, end = _DECODER.raw_decode(text, self.place)
            except (ValueError, RecursionError):
                return
            number += 1
            yield number, item
            self.place = _after_space(text, end)
            if text.startswith(",", self.place):
                self.place += 1


def _header(before: str, behind: str, complaints: Complaints) -> Began:
    """Read the keys before and behind the list; what is broken tells nothing."""
    head = before.strip().removeprefix("\ufeff").rstrip().rstrip(",")
    raw: dict[str, object] = {}
    for part in (f"{head}}}", f"{{{behind.strip().lstrip(',')}", before):
        try:
            value = json.loads(part)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            raw |= value
    return began(raw, complaints.whole)


def _after_space(text: str, place: int) -> int:
    match = _SPACE.match(text, place)
    return match.end() if match else place
