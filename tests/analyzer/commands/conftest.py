"""Sessions that were played on a real server, where their folder is present."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from recorder.recording.journal import ChannelClosed, ChannelOpened, ConnectionOpened, PtyRequest
from recorder.recording.reader import AnyEvent, Input, Logged, Output, Place, Resized

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
        size |= {p[2].split()[0]: int(p[2].split()[1]) for p in timing if p[0] == "H" and p[2].split()[0] in size}
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
        data = (self.folder / f"{pane}.{ {'I': 'in', 'O': 'out'}[code] }").read_bytes()
        return data.partition(b"\n")[2]


@pytest.fixture(scope="session")
def corpus() -> list[CorpusSession]:
    """The sessions of the corpus."""
    if not CORPUS.is_dir():
        pytest.skip("the played sessions (../shared/corpus) are not here")
    return [CorpusSession(path) for path in sorted(CORPUS.iterdir()) if path.is_dir()]
