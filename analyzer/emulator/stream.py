"""Cuts a terminal's text into control functions and calls the screen's methods for them.

It is pyte's `Stream` with its character-by-character machine replaced by one regular expression,
which cuts a block of text at once; what a token calls is looked up once and remembered. What is cut
by a chunk's end waits for its rest, so that the same text split anywhere has the same effect.
Follows the states of Paul Williams' DEC parser (https://vt100.net/emu/dec_ansi_parser). What a
function does belongs in the screen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pyte

from analyzer.emulator.screen import Screen
from analyzer.emulator.table import CONTROLS, CSI, ESCAPES

_TOKENS = re.compile(
    # That all begin with one of a class lets Python skip text quickly.
    r"([\x00-\x1f\x7f-\x9f](?:"
    r"(?<=\x1b)(?:"
    r"\[[<-?]?[0-9:;]{0,99}[ -/]?[@-~]"  # CSI
    r"|[()*+]?[0-JL-OQ-WYZ\\`a-jl-~]"  # ESC, but for what starts something longer
    r")|(?<=\r)\n"
    r")?)"
)
_CSI = re.compile(r"\x1b\[([<-?]?)([0-9:;]*)([ -/]?[@-~])")
_UNUSUAL = frozenset("\x1b" + "".join(map(chr, range(0x80, 0xA0))))
"""Tokens that start something longer, or something that was cut off."""

_LEAST_BLOCK, _MOST_BLOCK = 64, 8192
"""Characters that are cut into tokens at once: few where unusual ones make that in vain."""

_BODY_MOST = 512
_CSI_BODY = re.compile(rf"[\x00-\x17\x19\x1c-?\x7f]{{0,{_BODY_MOST}}}")
_CSI_PARTS = re.compile(r"([<-?]?)([0-9:;]*)([ -/]*)\Z")
_ESCAPE_MIDDLE = re.compile(rf"[\x00-\x17\x19\x1c-\x1f\x7f -/]{{0,{_BODY_MOST}}}")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_IGNORED_CSI = re.compile(r"[\x00-\x17\x19\x1c-?\x7f]*")
_STRING_END = re.compile(r"[\x18\x1a\x1b\x80-\x9f]")
_OSC_END = re.compile(r"[\x07\x18\x1a\x1b\x80-\x9f]")
_STRING_MOST = 1024
"""Characters of a string that are kept, for a title; the rest is swallowed."""

_INTRODUCERS = {"]": "osc", "P": "string", "X": "string", "^": "string", "_": "string", "k": "k"}
_PARAMETERS_MOST = 32
_VALUE_MOST = 9999
_MEMO_MOST = 10_000

_Call = tuple[Callable[..., Any], tuple[Any, ...]]


class Stream(pyte.Stream):
    """A parser attached to one screen.

    Attributes:
        faults: Control functions that raised and were left out; a defect of ours or pyte's.

    """

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.pending = ""
        self.string = ""
        self.payload = ""
        self.faults = 0
        self._calls: dict[str, _Call] = {}
        self._csi = _bound(screen, CSI)
        self._basic = _bound(screen, CONTROLS)
        self._escapes = _bound(screen, ESCAPES)
        super().__init__(screen)

    @property
    def at_ground(self) -> bool:
        """Whether no sequence is half read."""
        return not self.pending and not self.string

    def _initialize_parser(self) -> None:
        """Start no generator: `feed` needs none."""

    def feed(self, data: str) -> None:
        """Take text in; never raises."""
        data = self.pending + data
        self.pending = ""
        position, block = 0, _MOST_BLOCK
        while position < len(data):
            try:
                if self.string:
                    position = self._in_string(data, position)
                else:
                    stop = position + block
                    position = self._ground(data, position, stop)
                    block = min(2 * block, _MOST_BLOCK) if position == stop else _LEAST_BLOCK
            except _FaultError as fault:
                self.faults += 1
                position = fault.position

    def _ground(self, data: str, start: int, stop: int) -> int:
        """Take in text and plain sequences; return where something else begins or ``stop``."""
        parts = _TOKENS.split(data[start:stop])
        screen, calls = self.screen, self._calls
        draw = screen.draw
        done = 0
        try:
            for index in range(0, len(parts) - 1, 2):
                if text := parts[index]:
                    done = index + 1
                    draw(text)
                done = index + 2
                token = parts[index + 1]
                pen = screen.pen.next.get(token)
                if pen is not None:
                    # Half of all tokens: a colour that was changed so before.
                    screen.pen = pen
                    continue
                call = calls.get(token)
                if call is None:
                    if token in _UNUSUAL:
                        return self._sequence(data, start + _length(parts[: index + 1]))
                    call = self._call(token)
                call[0](*call[1])
            if text := parts[-1]:
                done = len(parts)
                draw(text)
        except Exception as error:
            # One bad function must not lose what follows it.
            raise _FaultError(start + _length(parts[:done])) from error
        return min(stop, len(data))

    def _sequence(self, data: str, start: int) -> int:
        """Take in a sequence that the plain expression does not match."""
        if data[start] == "\x1b":
            return self._escape(data, start)
        return self._introduced(chr(ord(data[start]) - 0x40), data, start, start + 1)

    def _escape(self, data: str, start: int) -> int:
        match = _ESCAPE_MIDDLE.match(data, start + 1)
        end = match.end() if match else start + 1
        text = data[start + 1 : end]
        if end == len(data) and len(text) < _BODY_MOST:
            self.pending = data[start:]
            return end
        for control in _CONTROLS.findall(text):
            self._safely(self._control, control)
        if end == len(data) or not "0" <= data[end] <= "~":
            # Cut off by CAN, SUB, another ESC or a character that no sequence holds.
            return end
        middle, final = _CONTROLS.sub("", text), data[end]
        if not middle:
            return self._introduced(final, data, start, end + 1)
        if middle in {"(", ")", "*", "+"}:
            self._safely(self.screen.define_charset, final, middle)
        elif middle + final == "#8":
            self._safely(self.screen.alignment_display)
        return end + 1

    def _introduced(self, final: str, data: str, start: int, position: int) -> int:
        """Act on ESC and one character, or on the C1 control that it stands for."""
        if final == "[":
            return self._unusual_csi(data, start, position)
        if final in _INTRODUCERS:
            self.string, self.payload = _INTRODUCERS[final], ""
            return position
        function = self._escapes.get(final)
        if function is not None:
            self._safely(function)
        return position

    def _unusual_csi(self, data: str, start: int, position: int) -> int:
        """Read a CSI with controls inside, or one that is cut off, malformed or not all there."""
        body = _CSI_BODY.match(data, position)
        text = body[0] if body else ""
        end = position + len(text)
        if len(text) == _BODY_MOST:
            self.string = "csi"
            return end
        if end == len(data):
            self.pending = data[start:]
            return end
        if not "@" <= data[end] <= "~":
            return end
        for control in _CONTROLS.findall(text):
            self._safely(self._control, control)
        parts = _CSI_PARTS.match(_CONTROLS.sub("", text))
        if parts is not None:
            function, numbers = self._looked_up(parts[1], parts[2], parts[3] + data[end])
            self._safely(function, *numbers)
        return end + 1

    def _safely(self, function: Callable[..., Any], *arguments: object) -> None:
        try:
            function(*arguments)
        except Exception:  # noqa: BLE001 - the rest of the sequence must not be taken for text
            self.faults += 1

    def _control(self, control: str) -> None:
        function = self._basic.get(control)
        if function is not None:
            function()

    def _call(self, piece: str) -> _Call:
        """Return what a token calls, and remember it."""
        if len(self._calls) >= _MEMO_MOST:
            self._calls.clear()
        if match := _CSI.fullmatch(piece):
            call = self._looked_up(*match.groups())
        elif piece == "\r\n":
            call = (self.screen.next_line, ())
        elif piece[0] != "\x1b":
            call = (self._basic.get(piece, _do_nothing), ())
        elif len(piece) == 2:  # noqa: PLR2004 - ESC and one character
            call = (self._escapes.get(piece[1], _do_nothing), ())
        else:
            call = (self.screen.define_charset, (piece[2], piece[1]))
        self._calls[piece] = call
        return call

    def _looked_up(self, prefix: str, params: str, final: str) -> _Call:
        if final in {"h", "l"} and prefix in {"", "?"}:
            change = self.screen.set_mode if final == "h" else self.screen.reset_mode
            return partial(change, private=prefix == "?"), _numbers(params)
        if final == "m" and not prefix:
            return self.screen.select_pen, (params,)
        function = self._csi.get(prefix + final)
        return (_do_nothing, ()) if function is None else (function, _numbers(params))

    def _in_string(self, data: str, position: int) -> int:
        """Swallow an OSC, DCS, SOS, PM, APC or title, or the rest of an endless CSI."""
        if self.string == "csi":
            match = _IGNORED_CSI.match(data, position)
            end = match.end() if match else position
            if end < len(data):
                self.string = ""
                end += "@" <= data[end] <= "~"
            return end
        found = (_OSC_END if self.string == "osc" else _STRING_END).search(data, position)
        end = found.start() if found else len(data)
        room = _STRING_MOST - len(self.payload)
        self.payload += data[position : min(end, position + max(0, room))]
        if found is None:
            return end
        return self._string_ended(data, end)

    def _string_ended(self, data: str, end: int) -> int:
        if data[end] == "\x1b" and end + 1 == len(data):
            self.pending = "\x1b"
            return len(data)
        complete = data[end] in "\x07\x9c" or data.startswith("\x1b\\", end)
        if complete:
            self._finish_string()
        self.string = self.payload = ""
        if data[end] in "\x07\x18\x1a\x9c":
            return end + 1
        return end + 2 if complete else end

    def _finish_string(self) -> None:
        if self.string == "k":
            self.screen.set_title(self.payload)
        elif self.string == "osc":
            code, _, text = self.payload.partition(";")
            if code in {"0", "2"}:
                self.screen.set_title(text)


def _bound(screen: Screen, table: Mapping[str, str]) -> dict[str, Callable[..., Any]]:
    return {final: getattr(screen, name) for final, name in table.items()}


def _length(parts: list[str]) -> int:
    return sum(map(len, parts))


def _numbers(params: str) -> tuple[int, ...]:
    items = params.split(";")[:_PARAMETERS_MOST] if params else ()
    return tuple(min(int(item.partition(":")[0] or 0), _VALUE_MOST) for item in items)


def _do_nothing() -> None:
    """Stand for a control function that changes nothing to be seen."""


class _FaultError(Exception):
    """A control function raised; reading goes on at ``position``."""

    def __init__(self, position: int) -> None:
        super().__init__(position)
        self.position = position
