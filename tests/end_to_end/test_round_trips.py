"""Our recording as asciicast v3 and v2, read as others read it: the same screen at every event."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest

from analyzer.playback import Playback
from analyzer.terminal import Terminal
from recorder.home import Home
from recorder.recording.events import AnyEvent, Exited, Input, Output, Resized
from recorder.recording.reader import RecordingReader
from tests.support.asciinema import run_asciinema
from tests.support.programs import NOT_UTF8, record_programs
from tui.export.copies import Copies
from tui.main import run

pytestmark = pytest.mark.end_to_end


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record_programs(Home(tmp_path_factory.mktemp("home")).ensure())


def copied(recording: Path, kind: Literal["cast", "cast2"]) -> bytes:
    with Copies(directory=recording, kind=kind) as copies:
        made = b"".join(copies.lines(copies.one(None), lambda _: None))
        assert copies.problems == []
    return made


@dataclass(frozen=True)
class Read:
    """A cast as the format's description has it, read without any of our code."""

    columns: int
    lines: int
    events: list[tuple[float, str, str]]


def read_cast(data: bytes) -> Read:
    first, *lines = data.decode().splitlines()
    header = json.loads(first)
    rows: list[Any] = [json.loads(line) for line in lines if line and not line.startswith("#")]
    if header["version"] == 2:
        return Read(header["width"], header["height"], [tuple(row) for row in rows])
    t, events = 0.0, []
    for interval, code, text in rows:
        t += interval
        events.append((t, code, text))
    return Read(header["term"]["cols"], header["term"]["rows"], events)


def screens(cast: Read, *, exact: bool) -> Iterator[tuple[float, Terminal]]:
    """Yield the terminal after each event; ``exact`` takes our own code for exact bytes."""
    terminal = Terminal(cast.columns, cast.lines)
    for index, (t, code, text) in enumerate(cast.events):
        following = cast.events[index + 1] if index + 1 < len(cast.events) else (0.0, "", "")
        if code == "o" and exact and following[1] == "b":
            terminal.feed(base64.b64decode(following[2]))
        elif code == "o":
            terminal.feed(text.encode())
        elif code == "r":
            columns, _, lines = text.partition("x")
            terminal.resize(int(columns), int(lines))
        yield t, terminal


@pytest.mark.parametrize(("kind", "exact"), [("cast", True), ("cast", False), ("cast2", False)])
def test_every_event_of_a_copy_shows_the_same_cells(
    recording: Path, kind: Literal["cast", "cast2"], exact: bool
) -> None:
    playback = Playback(recording)
    opened = playback.terminals[0].opened
    compared, sizes = 0, set()
    shown = list(_last_of_each_moment(read_cast(copied(recording, kind)), exact=exact))
    for t, frame in shown:
        assert playback.at(round(opened + t, 6)) == frame, t
        compared += 1
        sizes.add((frame.columns, frame.lines))
    playback.close()
    assert compared > 40
    assert sizes == {(80, 24), (100, 30), (72, 20)}


def _last_of_each_moment(cast: Read, *, exact: bool) -> Iterator[tuple[float, Any]]:
    """Yield the screen when all events of one time are done."""
    times = [t for t, _, _ in cast.events]
    for index, (t, terminal) in enumerate(screens(cast, exact=exact)):
        if index + 1 == len(times) or times[index + 1] - t > 5e-7:
            yield t, terminal.frame()


def test_version_3_brings_every_byte_and_every_mask_back(recording: Path, tmp_path: Path) -> None:
    again = tmp_path / recording.name
    shutil.copytree(recording, again)
    (again / "c1-1.cast").write_bytes(copied(recording, "cast"))
    before, after = list(_events(recording)), list(_events(again))
    assert after == before
    assert NOT_UTF8 in b"".join(each[2] for each in before if each[0] == "Output")


def _events(recording: Path) -> Iterator[tuple[Any, ...]]:
    with RecordingReader(recording) as reader:
        for event in reader.read():
            yield from _values(event)
        assert reader.problems == []


def _values(event: AnyEvent) -> Iterator[tuple[Any, ...]]:
    match event:
        case Output(t=t, data=data):
            yield "Output", t, data
        case Input(t=t, data=data, masked=masked):
            yield "Input", t, data, masked
        case Resized(t=t, columns=columns, lines=lines):
            yield "Resized", t, columns, lines
        case Exited(t=t, status=status):
            yield "Exited", t, status
        case _:
            pass


def test_version_2_has_no_code_that_is_ours(recording: Path) -> None:
    codes = {code for _, code, _ in read_cast(copied(recording, "cast2")).events}
    assert codes == {"o", "i", "r"}


def test_stock_asciinema_prints_version_2_as_it_was(recording: Path, tmp_path: Path) -> None:
    made = copied(recording, "cast2")
    cast = tmp_path / "copy.cast"
    cast.write_bytes(made)
    sent = "".join(text for _, code, text in read_cast(made).events if code == "o")
    assert run_asciinema(tmp_path, "cat", str(cast)) == sent.encode()


@pytest.mark.parametrize("kind", ["cast", "cast2"])
def test_a_copy_that_is_imported_shows_the_same_cells(
    recording: Path, kind: Literal["cast", "cast2"], tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    source = tmp_path / "copy.cast"
    source.write_bytes(copied(recording, kind))
    home = Home(tmp_path / "home").ensure()
    assert run(["--home", str(home.path), "session", "import", str(source)]) == 0
    with (
        closing(Playback(home.recording(capsys.readouterr().out.strip()))) as imported,
        closing(Playback(recording)) as original,
    ):
        _show_the_same(imported, original, outputs=_moments_of_output(recording))


def _show_the_same(imported: Playback, original: Playback, *, outputs: int) -> None:
    """Hold two recordings' screens against each other at each of so many outputs."""
    there, here = original.terminals[0], imported.terminals[0]
    steps = 0
    t = original.next_output(0.0)
    while t is not None:
        moment = round(t - there.opened + here.opened, 6)
        assert imported.at(moment, here) == original.at(t, there), t
        steps += 1
        t = original.next_output(t)
    assert steps == outputs > 0
    assert imported.at(imported.duration, here) == original.at(original.duration, there)


def _moments_of_output(recording: Path) -> int:
    with RecordingReader(recording) as reader:
        return len({event.t for event in reader.read() if isinstance(event, Output)})
