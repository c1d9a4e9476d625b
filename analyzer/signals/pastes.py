"""Pastes, as the input shows them: between the marks of bracketed paste, or many lines in a burst.

Per terminal; bounded: of a paste only the beginning is kept. What is typed in a program that does
not mark its pastes comes in packets, faster than anybody presses Enter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from analyzer.signals.facts import Pasted
from recorder.recording.events import Input
from recorder.recording.redaction import redact

_START = b"\x1b[200~"
_END = b"\x1b[201~"
_BURST = 0.05
"""Seconds between packets of one paste that nobody marked."""
_SEVERAL = 2
_KEPT = 4096
"""Bytes of a paste that are kept."""
_BREAK = re.compile(rb"\r\n|\r|\n")


@dataclass(slots=True)
class _Open:
    """A paste that goes on: its beginning, its whole lines, and what stands behind the last."""

    marked: bool
    t: float
    place: str
    kept: bytes = b""
    lines: int = 0
    rest: bool = False
    told: int = 0
    held: bytes = b""
    """The beginning of an end mark, where a packet ended within it."""
    _text: str | None = None

    def add(self, data: bytes) -> None:
        if len(self.kept) < _KEPT:
            self.kept = (self.kept + data)[:_KEPT]
            self._text = None
        for number, part in enumerate(_BREAK.split(data)):
            if number:
                self.lines += self.rest
                self.rest = False
            self.rest = self.rest or bool(part.strip())

    @property
    def whole(self) -> int:
        """The lines that are not blank, the last one included."""
        return self.lines + self.rest

    @property
    def text(self) -> str:
        """What is kept, without secrets and in one line; made anew only where more was kept."""
        if self._text is None:
            # Where a secret begins and ends, line ends may tell.
            shown = redact(_BREAK.sub(b"\n", self.kept).decode("utf-8", "replace"))
            flat = shown.replace("\n", " | ")
            self._text = "".join(each if each.isprintable() else " " for each in flat)
        return self._text


class Pastes:
    """The pastes on all terminals of a session."""

    def __init__(self) -> None:
        self._open: dict[tuple[int, int], _Open] = {}

    def observe(self, event: Input) -> list[Pasted]:
        """Take in what was sent; return pastes that are complete, or longer than was known."""
        key = (event.connection, event.channel)
        marked = _START in event.data or (key in self._open and self._open[key].marked)
        if event.masked and not marked:
            self._open.pop(key, None)
            return []
        found: list[Pasted] = []
        rest = event.data
        while rest:
            paste = self._open.get(key)
            if paste is not None and paste.marked:
                inside, end, rest = (paste.held + rest).partition(_END)
                paste.held = b"" if end else _begun(inside)
                paste.add(inside.removesuffix(paste.held))
                paste.t = event.t
                if end:
                    del self._open[key]
                    found.append(_told(event, paste))
                continue
            plain, mark, rest = rest.partition(_START)
            found += self._plain(key, event, plain)
            if mark:
                self._open[key] = _Open(marked=True, t=event.t, place=_place(event))
        return found

    def close(self, key: tuple[int, int]) -> None:
        """Forget a terminal that is gone."""
        self._open.pop(key, None)

    def _plain(self, key: tuple[int, int], event: Input, data: bytes) -> list[Pasted]:
        """Take in what no mark surrounds: a paste where several lines come at once."""
        paste = self._open.get(key)
        if paste is not None and event.t - paste.t > _BURST:
            del self._open[key]
            paste = None
        if len(data) < _SEVERAL or data.startswith(b"\x1b"):
            return []
        if paste is None:
            paste = self._open[key] = _Open(marked=False, t=event.t, place=_place(event))
        paste.add(data)
        paste.t = event.t
        if paste.whole < _SEVERAL or paste.whole == paste.told:
            return []
        paste.told = paste.whole
        return [_told(event, paste)]


def _place(event: Input) -> str:
    return f"{event.place.file.removesuffix('.cast')}-{event.place.offset:012d}"


def _begun(data: bytes) -> bytes:
    """Return what stands at the end of some bytes and may be the beginning of an end mark."""
    sizes = range(len(_END) - 1, 0, -1)
    return next((_END[:size] for size in sizes if data.endswith(_END[:size])), b"")


def _told(event: Input, paste: _Open) -> Pasted:
    return Pasted(
        t=event.t,
        place=paste.place,
        connection=event.connection,
        channel=event.channel,
        lines=paste.whole,
        text=paste.text,
    )
