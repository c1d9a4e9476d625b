"""Real shells on a pty, and sessions played on a real server where their folder is present."""

from __future__ import annotations

import base64
import os
import select
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from analyzer.commands.detector import Detector
from analyzer.commands.run import Run
from analyzer.records import Command
from recorder.recording.events import AnyEvent, Input, Logged, Output, Place, Resized
from recorder.recording.journal import ChannelClosed, ChannelOpened, ConnectionOpened, PtyRequest
from tests.support.on_pty import start_on_pty

CORPUS = Path(__file__).resolve().parents[3] / ".." / "shared" / "corpus"


class CorpusSession:
    """One folder of `script` logs: its panes as events, and what bash said that it ran."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = folder.name
        self.panes = sorted(path.stem for path in folder.glob("*.timing"))
        starts = {pane: float((folder / f"{pane}.start").read_text()) for pane in self.panes}
        self.zero = min(starts.values())
        self._starts = starts

    def ran(self) -> list[tuple[float, int, str, int, str, str]]:
        """Return (t at the return to the prompt, shell, user, status, directory, text)."""
        rows = []
        for line in (self.folder / "bash.tsv").read_text().splitlines():
            epoch, shell, user, status, cwd, text = line.split("\t")
            plain = base64.b64decode(text).decode()
            rows.append((float(epoch) - self.zero, int(shell), user, int(status), cwd, plain))
        return rows

    def events(self) -> list[AnyEvent]:
        """Return all panes' events in order, each pane as a connection of its own."""
        events = [e for n, pane in enumerate(self.panes, 1) for e in self._pane(n, pane)]
        return sorted(events, key=lambda e: (e.t, e.place.file, e.place.offset))

    def _pane(self, number: int, pane: str) -> Iterator[AnyEvent]:
        t = self._starts[pane] - self.zero
        place = Place(file="session.jsonl", offset=number * 10)
        opened = ConnectionOpened(t=t, connection=number, peer="corpus")
        yield Logged(t=t, place=place, entry=opened)
        size = {"COLUMNS": 80, "LINES": 24}
        streams = {code: self._bytes(pane, code) for code in "IO"}
        timing = [
            line.split(" ", 2) for line in (self.folder / f"{pane}.timing").read_text().splitlines()
        ]
        for code, _, rest in timing:
            name, _, value = rest.partition(" ")
            if code == "H" and name in size:
                size[name] = int(value)
        pty = PtyRequest(term="xterm", columns=size["COLUMNS"], lines=size["LINES"])
        channel = ChannelOpened(t=t, connection=number, channel=1, kind="shell", pty=pty, file="c")
        yield Logged(t=t, place=Place(file="session.jsonl", offset=number * 10 + 1), entry=channel)
        for offset, (code, delay, rest) in enumerate(timing):
            t += float(delay)
            place = Place(file=f"c{number}-1.cast", offset=offset)
            common = {"t": t, "place": place, "connection": number, "channel": 1}
            if code == "S" and "SIGWINCH" in rest:
                words = dict(word.split("=") for word in rest.split() if "=" in word)
                yield Resized(columns=int(words["COLS"]), lines=int(words["ROWS"]), **common)
            elif code in "IO":
                data, streams[code] = streams[code][: int(rest)], streams[code][int(rest) :]
                yield (Input if code == "I" else Output)(data=data, **common)
        closed = ChannelClosed(t=t, connection=number, channel=1)
        yield Logged(t=t, place=Place(file="session.jsonl", offset=number * 10 + 2), entry=closed)

    def _bytes(self, pane: str, code: str) -> bytes:
        data = (self.folder / f"{pane}.{'in' if code == 'I' else 'out'}").read_bytes()
        return data.partition(b"\n")[2]


@pytest.fixture(scope="session")
def corpus() -> list[CorpusSession]:
    """The sessions of the corpus."""
    if not CORPUS.is_dir():
        pytest.skip("the played sessions (../shared/corpus) are not here")
    return [CorpusSession(path) for path in sorted(CORPUS.iterdir()) if path.is_dir()]


class RealShell:
    """A shell on a pty, whose keys and output go through a detector as a recorder saw them."""

    def __init__(self, argv: list[str], env: dict[str, str], size: tuple[int, int]) -> None:
        columns, lines = size
        self._process, self._master = start_on_pty(argv, env, columns, lines)
        self.detector = Detector()
        self.runs: dict[str, Run] = {}
        self._offset = 0
        self._start = time.monotonic()
        self._pending = b""
        self._seen = b""
        pty_request = PtyRequest(term="xterm", columns=columns, lines=lines)
        opened = ChannelOpened(
            t=0.0, connection=1, channel=1, kind="shell", pty=pty_request, file="c1-1.cast"
        )
        self.events: list[AnyEvent] = []
        self._observe(Logged(t=0.0, place=self._place(), entry=opened))

    def expect(self, wanted: bytes) -> None:
        """Read until ``wanted`` has been put out since the last call."""
        deadline = time.monotonic() + 60
        while wanted not in self._seen:
            ready, _, _ = select.select(
                [self._master], [], [], max(0.0, deadline - time.monotonic())
            )
            assert ready, f"{wanted!r} did not come, but {self._seen!r}"
            self._output(os.read(self._master, 65536))
        self._seen = self._seen.partition(wanted)[2]

    @property
    def seen(self) -> str:
        """What was put out since the last call of `expect`, as far as it was read."""
        return self._seen.decode(errors="replace")

    def more(self, seconds: float = 60) -> bool:
        """Read what is put out next; return whether anything was in so many seconds."""
        if not select.select([self._master], [], [], seconds)[0]:
            return False
        self._output(os.read(self._master, 65536))
        return True

    def keys(self, data: str, *, echo: str | None = None) -> None:
        """Type key by key; each key waits for its echo unless ``echo`` says what to wait for."""
        for key in data:
            self.send(key)
            if echo is None:
                self.expect(key.encode())
        if echo:
            self.expect(echo.encode())

    def send(self, data: str) -> None:
        """Send one packet."""
        event = Input(
            t=self._now(), place=self._place(), connection=1, channel=1, data=data.encode()
        )
        self._observe(event)
        os.write(self._master, data.encode())

    def interrupt(self) -> None:
        """Press Ctrl-C once the shell waits: before that, bash may act on it at the next key."""
        status = Path(f"/proc/{self._process.pid}/stat")
        deadline = time.monotonic() + 60
        while status.read_text().rpartition(")")[2].split()[0] != "S":
            assert time.monotonic() < deadline
        self.send("\x03")

    def run(self, text: str, prompt: str = "$ ") -> None:
        """Type a line, enter it and wait for the prompt."""
        self.keys(text)
        self.enter(prompt)

    def enter(self, prompt: str = "$ ") -> None:
        """Press Enter and wait for a prompt."""
        self.send("\r")
        self.expect(prompt.encode())

    def commands(self) -> list[Command]:
        """Return what was found, in order."""
        found = [run.command for run in self.runs.values()]
        return sorted(found, key=lambda command: (command.t, command.id))

    def texts(self) -> list[str]:
        """Return the texts that were found, in order."""
        return [command.text for command in self.commands()]

    def close(self) -> None:
        """End the shell."""
        self._process.kill()
        self._process.wait()
        os.close(self._master)

    def _output(self, data: bytes) -> None:
        self._seen += data
        event = Output(t=self._now(), place=self._place(), connection=1, channel=1, data=data)
        self._observe(event)

    def _observe(self, event: AnyEvent) -> None:
        self.events.append(event)
        self.runs |= {run.command.id: run for run in self.detector.observe(event)}

    def _now(self) -> float:
        return time.monotonic() - self._start

    def _place(self) -> Place:
        self._offset += 1
        return Place(file="c1-1.cast", offset=self._offset)


ShellFactory = Callable[..., RealShell]


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[ShellFactory]:
    """Return a function that starts a real shell; all of them end with the test."""
    shells: list[RealShell] = []

    def start(
        *argv: str, prompt: str = "candidate@web01:\\w$ ", marks: bool = True, columns: int = 80
    ) -> RealShell:
        inputrc = tmp_path / "inputrc"
        inputrc.write_text(f"set enable-bracketed-paste {'on' if marks else 'off'}\n")
        env = {
            "HOME": str(tmp_path),
            "PATH": os.environ["PATH"],
            "TERM": "xterm",
            "PS1": prompt,
            "INPUTRC": str(inputrc),
            "HISTFILE": "",
            "LC_ALL": "C.UTF-8",
        }
        started = RealShell(list(argv or ("bash", "--norc", "--noprofile")), env, (columns, 24))
        shells.append(started)
        return started

    yield start
    for each in shells:
        each.close()
