r"""Turns a rule's example into a recording's events, so that it runs through the whole analyzer.

A transcript is what a terminal shows. A line that begins with a prompt (``candidate@web01:~$ ...``)
is typed key by key; what stands under it is printed; the next prompt ends it. Lines in brackets:

- ``[login 2 candidate password refused]`` a login on connection 2; accepted ones open a terminal;
- ``[pane 2]`` what follows happens on connection 2;
- ``[close 2]`` connection 2 ends;
- ``[keys y]`` is typed into what runs, with its echo; ``[hidden 8]`` so many keys that are masked;
- ``[type some text]`` is typed at a prompt without Enter; ``[ctrl-c]`` interrupts;
- ``[exec 3 0] command`` ran on connection 3 without a terminal, with exit status 0;
- ``[wait 30]`` so many seconds pass.

The first connection is logged in at the start.
"""

from __future__ import annotations

import re

from analyzer.analysis import Pipeline
from analyzer.records import Tag
from analyzer.signals.schema import Example, Rules, Signal
from recorder.recording.cast import MASK
from recorder.recording.events import AnyEvent, Input, Logged, Output, Place
from recorder.recording.journal import (
    ChannelClosed,
    ChannelOpened,
    ConnectionClosed,
    ConnectionOpened,
    JournalEntry,
    LoginAttempt,
    PtyRequest,
)

_PROMPT = re.compile(
    r"(?P<prompt>[a-z][\w.-]*@[\w.-]+:[^$#]*[$#] |> )(?P<text>.*)|(?P<end>\S+@\S+[$#])"
)
_ACTION = re.compile(
    r"\[(login|pane|close|keys|type|hidden|ctrl-c|exec|wait)(?: ([^\]]*))?\](?: (.*))?"
)
_KEY = 0.05
_PAUSE = 0.5


class Transcript:
    """Writes events as a recorder would."""

    def __init__(self) -> None:
        self.events: list[AnyEvent] = []
        self._t = 1.0
        self._offset = 0
        self._pane = 1
        self._shown: dict[int, str] = {}
        self._login("1 candidate password accepted")

    def play(self, text: str) -> list[AnyEvent]:
        """Return the events of a transcript."""
        lines = text.strip("\n").splitlines()
        for line, after in zip(lines, [*lines[1:], ""], strict=True):
            # What is answered on its own line has no line end yet.
            answered = after.startswith(("[keys", "[hidden", "[ctrl-c]"))
            self._line(line, " " if answered else "\r\n")
        return self.events

    def _line(self, line: str, end: str) -> None:
        action = _ACTION.fullmatch(line)
        prompt = _PROMPT.fullmatch(line)
        if action:
            self._act(action.group(1), action.group(2) or "", action.group(3) or "")
        elif prompt and prompt.group("end"):
            self._prompt(f"{line} ")
        elif prompt:
            self._prompt(prompt.group("prompt"))
            self._type(prompt.group("text"))
        else:
            self._output(line + end)

    def _prompt(self, prompt: str) -> None:
        """Show a prompt, unless it stands there since the candidate last used this terminal."""
        if self._shown.get(self._pane) != prompt:
            self._output(f"\x1b[?2004h{prompt}")
            self._shown[self._pane] = prompt

    def _act(self, verb: str, rest: str, text: str) -> None:
        match verb:
            case "login":
                self._login(rest)
            case "pane":
                self._pane = int(rest)
            case "close":
                self._close(int(rest))
            case "keys":
                self._input(rest.encode() + b"\r")
                self._output(rest + "\r\n")
            case "type":
                self._echo(rest)
            case "hidden":
                count = int(rest)
                self._input((MASK * count + "\r").encode(), masked=count)
                self._output("\r\n")
            case "ctrl-c":
                self._input(b"\x03")
                self._output("^C\r\n\x1b[?2004l\r")
            case "exec":
                self._exec(rest, text)
            case _:
                self._t += float(rest)

    def _echo(self, text: str) -> None:
        self._shown.pop(self._pane, None)
        for key in text:
            self._input(key.encode(), pause=_KEY)
            self._output(key, pause=0.01)

    def _type(self, text: str) -> None:
        self._echo(text)
        self._input(b"\r", pause=_KEY)
        self._output("\r\n\x1b[?2004l\r", pause=0.01)

    def _login(self, words: str) -> None:
        number, user, method, outcome = words.split()
        connection = int(number)
        self._log(ConnectionOpened(t=self._now(), connection=connection, peer="192.0.2.1"))
        attempt = LoginAttempt.model_validate(
            {
                "t": self._now(),
                "connection": connection,
                "user": user,
                "method": method,
                "outcome": outcome,
            }
        )
        self._log(attempt)
        if outcome == "accepted":
            pty = PtyRequest(term="xterm", columns=100, lines=30)
            self._log(
                ChannelOpened(
                    t=self._now(),
                    connection=connection,
                    channel=1,
                    kind="shell",
                    user=user,
                    pty=pty,
                    file=f"c{connection}-1.cast",
                )
            )

    def _close(self, number: int) -> None:
        self._log(ChannelClosed(t=self._now(), connection=number, channel=1))
        self._log(ConnectionClosed(t=self._now(), connection=number, reason="the client left"))

    def _exec(self, words: str, text: str) -> None:
        number, status = (int(word) for word in words.split())
        self._log(ConnectionOpened(t=self._now(), connection=number, peer="192.0.2.1"))
        self._log(
            ChannelOpened(
                t=self._now(),
                connection=number,
                channel=1,
                kind="exec",
                command=text,
                user="candidate",
            )
        )
        self._log(ChannelClosed(t=self._now(), connection=number, channel=1, exit_status=status))
        self._log(ConnectionClosed(t=self._now(), connection=number, reason="the client left"))

    def _now(self, pause: float = 0.01) -> float:
        self._t = round(self._t + pause, 6)
        return self._t

    def _place(self, file: str) -> Place:
        self._offset += 1
        return Place(file=file, offset=self._offset)

    def _log(self, entry: JournalEntry) -> None:
        self.events.append(Logged(t=entry.t, place=self._place("session.jsonl"), entry=entry))

    def _output(self, text: str, pause: float = _PAUSE) -> None:
        self.events.append(
            Output(
                t=self._now(pause),
                place=self._place(f"c{self._pane}-1.cast"),
                connection=self._pane,
                channel=1,
                data=text.encode(),
            )
        )

    def _input(self, data: bytes, pause: float = _PAUSE, masked: int = 0) -> None:
        self.events.append(
            Input(
                t=self._now(pause),
                place=self._place(f"c{self._pane}-1.cast"),
                connection=self._pane,
                channel=1,
                data=data,
                masked=masked,
            )
        )


def run_example(rules: Rules, signal: Signal, example: Example) -> list[Tag]:
    """Return the tags of ``signal`` that an example's transcript gives."""
    pipeline = Pipeline(rules)
    tags: dict[str, Tag] = {}
    for event in Transcript().play(example.transcript):
        tags |= {tag.id: tag for tag in pipeline.observe(event).tags}
    tags |= {tag.id: tag for tag in pipeline.finish().tags}
    return [tag for tag in tags.values() if tag.signal == signal.id]
