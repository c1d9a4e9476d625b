"""Records a channel with a terminal: bytes and moments into an asciicast, secrets masked.

What is a secret is decided by `recorder.recording.masking`; the format is that of
`recorder.recording.cast`.
"""

from __future__ import annotations

from recorder.recording.cast import (
    MASK,
    CastEncoder,
    CastEvent,
    CastHeader,
    Utf8Splitter,
    encode_exact,
    encode_header,
)
from recorder.recording.in_order import Entry, InOrder
from recorder.recording.journal import PtyRequest, SecretTyped
from recorder.recording.masking import Decided, Masker
from recorder.recording.private_keys import PrivateKeyFilter
from recorder.recording.writer import RecordingWriter


class TerminalRecording:
    """The asciicast of one channel with a terminal. Times are taken as data comes in."""

    def __init__(
        self,
        writer: RecordingWriter,
        connection: int,
        channel: int,
        pty: PtyRequest,
        opened: float,
        *,
        patient: bool = False,
    ) -> None:
        """Start the asciicast of a channel that was opened at ``opened`` seconds.

        ``patient``: what follows input waits until that is judged, so that all stands in its order.
        """
        self._in_order = InOrder() if patient else None
        self.name = f"c{connection}-{channel}.cast"
        self._writer = writer
        self._connection, self._channel = connection, channel
        self._keys = {"i": PrivateKeyFilter(), "o": PrivateKeyFilter()}
        self._typed_keys = PrivateKeyFilter()
        self._opened = opened
        self._file = writer.open_file(self.name)
        self._encoder = CastEncoder()
        self._masker = Masker()
        self._splitters = {"i": Utf8Splitter(), "o": Utf8Splitter()}
        self._closed = False
        header = CastHeader(
            columns=max(1, pty.columns),
            lines=max(1, pty.lines),
            term=pty.term or None,
            timestamp=int(writer.unix_time()),
        )
        self._file.append(encode_header(header))
        writer.attach(self)

    @property
    def holding(self) -> bool:
        """Whether input waits for its echo."""
        return self._masker.holding

    def output(self, data: bytes) -> None:
        """Record what the target sent."""
        text, exact = self._splitters["o"].feed(data)
        if text:
            self._write_input(self._masker.output(text))
            self._event("o", text, exact)

    def input(self, data: bytes) -> None:
        """Record what the candidate sent, once it is decided whether it was a secret."""
        text, exact = self._splitters["i"].feed(data)
        if text:
            self._expect_keys(text)
            self._write_input(self._masker.input(text, exact, self._writer.now()))
            self._writer.touch()

    def _expect_keys(self, typed: str) -> None:
        """Look for private keys in what is typed: what of it is echoed may be its body only."""
        before = self._typed_keys.blocks
        self._typed_keys.feed(typed)
        if self._typed_keys.blocks > before:
            for each in self._keys.values():
                each.expect()

    def resize(self, columns: int, lines: int) -> None:
        """Record a new size, in cells."""
        self._event("r", f"{max(1, columns)}x{max(1, lines)}", None)

    def mark(self, label: str) -> None:
        """Record that somebody marked this moment, as recordings of other tools may."""
        self._event("m", label, None)

    def exit(self, status: str) -> None:
        """Record how the program on the terminal ended."""
        self._finish_texts()
        self._event("x", status, None)

    def expire(self) -> None:
        """Let go of input whose echo did not come in time."""
        if self._masker.holding:
            self._write_input(self._masker.expire(self._writer.now()))

    def close(self) -> None:
        """End the cast and close its file. May be called twice."""
        if not self._closed:
            self._finish_texts()
            self._closed = True
            self._writer.detach(self)
            self._writer.end_file(self._file)

    def _finish_texts(self) -> None:
        text, exact = self._splitters["i"].feed(b"", final=True)
        if text:
            self._masker.input(text, exact, self._writer.now())
        self._write_input(self._masker.close())
        text, exact = self._splitters["o"].feed(b"", final=True)
        if text:
            self._event("o", text, exact)
        self._let_go(holding=False)

    def _write_input(self, decided: list[Decided]) -> None:
        for each in decided:
            t = self._writer.now() if self._in_order is None else each.since
            entry = Entry(t - self._opened, "i", each.text, each.exact, each.masked)
            if self._in_order is None:
                self._append(entry)
            else:
                self._in_order.add(entry)
            for secret in each.secrets:
                self._log_secret(secret)
        self._let_go(holding=self._masker.holding)

    def _log_secret(self, secret: str) -> None:
        if not secret.strip(MASK):
            # It was masked before it came here, in a recording that is imported.
            return
        self._writer.log(
            SecretTyped(
                t=self._writer.now(),
                connection=self._connection,
                channel=self._channel,
                characters=len(secret),
                fingerprint=self._writer.fingerprints.of(secret),
            )
        )

    def _event(self, code: str, data: str, exact: bytes | None) -> None:
        entry = Entry(self._writer.now() - self._opened, code, data, exact)
        if self._in_order is None:
            self._append(entry)
        else:
            self._in_order.add(entry)
            self._let_go(holding=self._masker.holding)

    def _let_go(self, *, holding: bool) -> None:
        """Write what waits for nothing."""
        if self._in_order is not None:
            now = self._writer.now() - self._opened
            for entry in self._in_order.take(now, holding=holding):
                self._append(entry)

    def _append(self, entry: Entry) -> None:
        data, exact = entry.text, entry.exact
        if entry.code in self._keys:
            shown = self._keys[entry.code].feed(data)
            data, exact = shown, exact if shown == data else None
        lines = [(entry.code, data)]
        if exact is not None:
            lines.append(("b", encode_exact(exact)))
        if entry.masked:
            lines.append(("s", str(entry.masked)))
        for code, text in lines:
            self._file.append(self._encoder.encode(CastEvent(t=entry.t, code=code, data=text)))
        self._writer.touch(self._file.pending)
