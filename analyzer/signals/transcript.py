r"""Turns a rule's example into a recording's events, so that it runs through the whole analyzer.

A transcript is what a terminal shows. A line that begins with a prompt (``candidate@web01:~$ ...``)
is typed key by key; what stands under it is printed; the next prompt ends it. Lines in brackets:

- ``[login 2 candidate password refused]`` a login on connection 2; accepted ones open a terminal;
  what the server still takes may follow: ``[login 2 candidate none refused publickey]``;
- ``[pane 2]`` what follows happens on connection 2;
- ``[close 2]`` connection 2 ends;
- ``[keys y]`` is typed into what runs, with its echo; ``[hidden 8]`` so many keys that are masked;
- ``[type some text]`` is typed at a prompt without Enter; ``[ctrl-c]`` interrupts;
- ``[exec 3 0] command`` ran on connection 3 without a terminal, with exit status 0;
- ``[wait 30]`` so many seconds pass;
- ``[edit /etc/motd via=tee +a line -another saved]`` a file was written, as an editor would have;
  ``via`` may be left out, and the last word may be ``unsaved`` or ``perhaps``;
- ``[paste]``, lines, ``[/paste]``: pasted at once, marked as terminals mark it;
- ``[screen]``, lines, ``[/screen]``: what a full-screen program shows, until it ends;
- ``[probe marketing-page status=200 contains=true]`` what a look from outside found;
- ``[end]`` the recording ends as it should; without it, it was cut off.

The first connection is logged in at the start.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import cast

from analyzer.analysis import Pipeline
from analyzer.edits.record import FileEdit, Saved, Via
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
    Probe,
    PtyRequest,
    SessionClosed,
)

Happening = AnyEvent | FileEdit
"""What a transcript gives: a recording's events, and files that were written unseen."""

_PROMPT = re.compile(
    r"(?P<prompt>[a-z][\w.-]*@[\w.-]+:[^$#]*[$#] |> )(?P<text>.*)|(?P<end>\S+@\S+[$#])"
)
_ACTION = re.compile(
    r"\[(login|pane|close|keys|type|hidden|ctrl-c|exec|wait|probe|end)(?: ([^\]]*))?\](?: (.*))?"
    r"|\[(edit) (.*)\]()"
)
_BLOCK = re.compile(r"\[(/?)(paste|screen)\]")
_CHANGES = re.compile(r" (?=[+-]\S)")
_SAVED = {"saved": "yes", "unsaved": "no", "perhaps": "unknown"}
_VIA = "via="
_KEY = 0.05
_PAUSE = 0.5


class Transcript:
    """Writes events as a recorder would."""

    def __init__(self) -> None:
        self.events: list[Happening] = []
        self._t = 1.0
        self._offset = 0
        self._pane = 1
        self._shown: dict[int, str] = {}
        self._login("1 candidate password accepted")

    def play(self, text: str) -> list[Happening]:
        """Return the events of a transcript."""
        lines = text.strip("\n").splitlines()
        block: list[str] | None = None
        for line, after in zip(lines, [*lines[1:], ""], strict=False):
            if match := _BLOCK.fullmatch(line):
                if match[1] and block is not None:
                    self._block(match[2], block)
                block = None if match[1] else []
            elif block is not None:
                block.append(line)
            else:
                # What is answered on its own line has no line end yet.
                answered = after.startswith(("[keys", "[hidden", "[ctrl-c]"))
                self._line(line, " " if answered else "\r\n")
        return self.events

    def _block(self, kind: str, lines: list[str]) -> None:
        """Show or paste lines that belong together."""
        if kind == "paste":
            text = "\r".join(lines)
            self._input(f"\x1b[200~{text}\x1b[201~".encode())
            self._output("\r\n".join(lines), pause=0.01)
            self._shown.pop(self._pane, None)
            return
        self._output("\x1b[?1049h\x1b[H\x1b[2J" + "\r\n".join(lines))
        self._output("\x1b[?1049l")

    def _line(self, line: str, end: str) -> None:
        action = _ACTION.fullmatch(line)
        prompt = _PROMPT.fullmatch(line)
        if action:
            verb, rest, text = (each or "" for each in action.groups()[:3])
            self._act(verb or "edit", rest or action.group(5) or "", text)
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
        acts: dict[str, Callable[[], None]] = {
            "login": lambda: self._login(rest),
            "pane": lambda: self._turn_to(int(rest)),
            "close": lambda: self._close(int(rest)),
            "keys": lambda: self._answer(rest),
            "type": lambda: self._echo(rest),
            "hidden": lambda: self._hide(int(rest)),
            "ctrl-c": self._interrupt,
            "exec": lambda: self._exec(rest, text),
            "edit": lambda: self._edit(rest),
            "probe": lambda: self._probe(rest),
            "end": lambda: self._log(SessionClosed(t=self._now(_PAUSE), reason="closed")),
            "wait": lambda: self._wait(float(rest)),
        }
        acts[verb]()

    def _turn_to(self, pane: int) -> None:
        self._pane = pane

    def _wait(self, seconds: float) -> None:
        self._t += seconds

    def _answer(self, text: str) -> None:
        self._input(text.encode() + b"\r")
        self._output(text + "\r\n")

    def _hide(self, count: int) -> None:
        self._input((MASK * count + "\r").encode(), masked=count)
        self._output("\r\n")

    def _interrupt(self) -> None:
        self._input(b"\x03")
        self._output("^C\r\n\x1b[?2004l\r")

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
        number, user, method, outcome, *offers = words.split()
        connection = int(number)
        self._log(ConnectionOpened(t=self._now(), connection=connection, peer="192.0.2.1"))
        attempt = LoginAttempt.model_validate(
            {
                "t": self._now(),
                "connection": connection,
                "user": user,
                "method": method,
                "methods": tuple(offers[0].split(",")) if offers else (),
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

    def _edit(self, words: str) -> None:
        """Let a file be written."""
        *changes, saved = words.rsplit(" ", 1)
        path, *lines = _CHANGES.split(changes[0]) if changes else [saved]
        path, _, via = path.partition(f" {_VIA}")
        place = self._place("edit")
        self.events.append(
            FileEdit(
                id=f"edit-{place.offset:012d}",
                command="example",
                connection=self._pane,
                channel=1,
                t=self._now(_PAUSE),
                path=path,
                via=cast("Via", via or "editor"),
                saved=cast("Saved", _SAVED[saved]),
                added=tuple(line[1:] for line in lines if line.startswith("+")),
                removed=tuple(line[1:] for line in lines if line.startswith("-")),
                complete=True,
            )
        )

    def _probe(self, words: str) -> None:
        """Let the target be looked at; ``methods`` makes it a look at the ways to log in."""
        name, *said = words.split()
        fields: dict[str, object] = {"outcome": "answered", "place": "http://192.0.2.9/"}
        for word in said:
            key, equals, value = word.partition("=")
            if not equals:
                fields["outcome"] = word
            elif key in {"auth", "methods"}:
                fields[key] = value.split(",")
            else:
                fields[key] = value
        fields["kind"] = "logins" if "methods" in fields else fields.get("kind", "http")
        entry = Probe.model_validate({"t": self._now(_PAUSE), "probe": name, **fields})
        self._log(entry)

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
    """Return the tags of ``signal`` that stand at the end of an example's transcript."""
    pipeline = Pipeline(rules.only(frozenset({signal.id})))
    tags: dict[str, Tag] = {}
    for happening in Transcript().play(example.transcript):
        tags |= {tag.id: tag for tag in pipeline.observe(happening).tags}
    tags |= {tag.id: tag for tag in pipeline.finish().tags}
    return [tag for tag in tags.values() if tag.signal == signal.id and tag.state == "established"]
