"""Foreign recordings as recordings of ours: written by the same writer, and honest about it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recorder.errors import RecordingError
from recorder.recording.events import Exited, Input, Output, Resized
from recorder.recording.journal import (
    ChannelClosed,
    ChannelOpened,
    ConnectionOpened,
    Imported,
    ImportLeftOut,
    SecretTyped,
    SessionClosed,
    SessionOpened,
)
from tests.recorder.formats.conftest import Make
from tests.recorder.formats.samples import (
    STREAM_IN,
    STREAM_OUT,
    STREAM_TIMING,
    TTYREC,
    V2,
    V3,
    exact,
)


def _panes(directory: Path, **starts: float | None) -> Path:
    directory.mkdir()
    for name, start in starts.items():
        (directory / f"{name}.timing").write_bytes(STREAM_TIMING)
        (directory / f"{name}.out").write_bytes(STREAM_OUT)
        (directory / f"{name}.in").write_bytes(STREAM_IN)
        if start is not None:
            (directory / f"{name}.start").write_text(f"{start}\n")
    return directory


def _file(directory: Path, data: bytes) -> Path:
    path = directory / "file"
    path.write_bytes(data)
    return path


def _head(data: bytes) -> bytes:
    """Return a cast up to its first event."""
    return data[: data.index(b"[0.25")]


def test_events_come_out_as_they_went_in(tmp_path: Path, make: Make) -> None:
    made = make(_file(tmp_path, V3))
    assert [(e.t, e.data) for e in made.of(Output)] == [
        (0.25, b"one\r\n"),
        (2.0, "two ä\r\n".encode()),
    ]
    assert [(e.columns, e.lines) for e in made.of(Resized)] == [(90, 20)]
    assert [e.status for e in made.of(Exited)] == ["3"]
    assert b'"m","here"' in made.files["c1-1.cast"]
    assert made.told == []


def test_the_journal_says_what_it_is(tmp_path: Path, make: Make) -> None:
    kinds = [type(entry) for entry in make(_file(tmp_path, V2)).entries]
    assert kinds[:4] == [SessionOpened, ConnectionOpened, Imported, ChannelOpened]
    assert kinds[-1] is SessionClosed
    opened, _, imported, channel = make(_file(tmp_path, V2)).entries[:4]
    assert isinstance(opened, SessionOpened)
    assert opened.started == "2026-09-21T14:13:20.000+00:00"
    assert opened.target == "file (asciicast v2)"
    assert isinstance(imported, Imported)
    assert (imported.format, imported.start, imported.size) == (
        "asciicast v2", "recording", "recording",
    )  # fmt: skip
    assert isinstance(channel, ChannelOpened)
    assert channel.pty is not None
    assert (channel.pty.columns, channel.pty.lines, channel.pty.term) == (100, 30, "xterm")


def test_a_size_that_nobody_tells_is_assumed_or_a_person_s(tmp_path: Path, make: Make) -> None:
    for size, cells, by in ((None, (80, 24), "assumed"), ((132, 43), (132, 43), "person")):
        entries = make(_file(tmp_path, TTYREC), size=size).entries
        (imported,) = [each for each in entries if isinstance(each, Imported)]
        (channel,) = [each for each in entries if isinstance(each, ChannelOpened)]
        assert channel.pty is not None
        assert (channel.pty.columns, channel.pty.lines) == cells
        assert imported.size == by


def test_exact_bytes_stay_exact(tmp_path: Path, make: Make) -> None:
    every = bytes(range(256))
    line = json.dumps([0.5, "o", every.decode("utf-8", "replace")]).encode()
    data = V3 + line + b'\n[0,"b","' + exact(every).encode() + b'"]\n'
    assert make(_file(tmp_path, data)).of(Output)[-1].data == every


def test_input_that_was_not_echoed_is_masked(tmp_path: Path, make: Make) -> None:
    lines = [
        '[1, "o", "Password: "]',
        *(f'[{2 + n / 10}, "i", "{key}"]' for n, key in enumerate("hunter2")),
        '[3, "i", "\\r"]',
        '[3.1, "o", "\\r\\n$ "]',
        '[4, "i", "l"]',
        '[4.01, "o", "l"]',
    ]
    made = make(_file(tmp_path, _head(V2) + "\n".join(lines).encode() + b"\n"))
    assert b"hunter2" not in b"".join(made.files.values())
    (secret,) = [each for each in made.entries if isinstance(each, SecretTyped)]
    assert secret.characters == 7
    assert b"".join(e.data for e in made.of(Input)) == ("•" * 7 + "\rl").encode()


def test_what_was_masked_before_is_no_secret_of_its_own(tmp_path: Path, make: Make) -> None:
    lines = ['[1,"o","Password: "]', '[1,"i","•••\\r"]', '[0,"s","3"]', '[0.1,"o","\\r\\n$ "]']
    made = make(_file(tmp_path, _head(V3) + "\n".join(lines).encode() + b"\n"))
    assert made.of(Input)[-1].masked == 3
    assert not any(isinstance(each, SecretTyped) for each in made.entries)


def test_secrets_in_the_recorded_command_are_hidden(tmp_path: Path, make: Make) -> None:
    header = b'{"version":2,"width":80,"height":24,"command":"mysql -phunter2 -h db"}\n'
    made = make(_file(tmp_path, header + b'[1, "o", "x"]\n'))
    assert b"hunter2" not in b"".join(made.files.values())


def test_each_pane_is_a_connection_in_the_order_of_their_starts(tmp_path: Path, make: Make) -> None:
    made = make(_panes(tmp_path / "dir", b=1790000010.5, a=1790000020.25))
    opened = [each for each in made.entries if isinstance(each, ConnectionOpened)]
    assert [(each.connection, each.t, each.peer) for each in opened] == [
        (1, 0.0, "b"), (2, 9.75, "a"),
    ]  # fmt: skip
    closed = [each for each in made.entries if isinstance(each, ChannelClosed)]
    assert [(each.connection, each.t, each.exit_status) for each in closed] == [
        (1, 2.5, 3), (2, 12.25, 3),
    ]  # fmt: skip
    assert made.told == []
    assert [event.t for event in made.events] == sorted(event.t for event in made.events)


def test_a_start_that_cannot_be_is_told(tmp_path: Path, make: Make) -> None:
    made = make(_panes(tmp_path / "dir", a=1790000000.0, b=5.0))
    opened = [each for each in made.entries if isinstance(each, ConnectionOpened)]
    assert {each.t for each in opened} == {0.0}
    assert made.told == [
        "b: its start is more than a year off: it is taken to begin with the first"
    ]


@pytest.mark.parametrize("start", ["", "soon", "nan", "inf", "1e999"])
def test_a_start_that_is_no_number_is_told_and_the_headers_are_asked(
    tmp_path: Path, make: Make, start: str
) -> None:
    directory = _panes(tmp_path / "dir", a=1789984810.0, b=None)
    (directory / "b.start").write_text(start)
    made = make(directory)
    opened = {each.peer: each.t for each in made.entries if isinstance(each, ConnectionOpened)}
    assert opened == {"b": 0.0, "a": 10.0}
    assert made.told == ["b.start: holds no number: left out"]


def test_a_pane_that_cannot_be_read_is_told_and_the_others_are_kept(
    tmp_path: Path, make: Make
) -> None:
    directory = _panes(tmp_path / "dir", a=1790000000.0, b=1790000000.0, c=1790000000.0)
    (directory / "b.out").unlink()
    (directory / "c.timing").unlink()
    (directory / "c.timing").symlink_to("a.timing")
    made = make(directory)
    assert [each.peer for each in made.entries if isinstance(each, ConnectionOpened)] == ["a"]
    assert made.told == [
        "b: there is no PANE.out beside its timing: left out",
        "c.timing: not a plain file: left out",
    ]
    (left,) = [each for each in made.entries if isinstance(each, ImportLeftOut)]
    assert left.count == 2


def test_a_directory_without_panes_says_what_was_looked_for(tmp_path: Path, make: Make) -> None:
    with pytest.raises(RecordingError, match=r"looked for PANE\.timing with PANE\.out beside it"):
        make(tmp_path)


def test_a_file_of_which_nothing_can_be_read_is_an_error(tmp_path: Path, make: Make) -> None:
    data = V2.partition(b"\n")[0] + b"\n" + b"?\n" * 5
    with pytest.raises(RecordingError, match="nothing can be read: file, line 2"):
        make(_file(tmp_path, data))


def test_a_header_alone_is_an_empty_recording(tmp_path: Path, make: Make) -> None:
    made = make(_file(tmp_path, V2.partition(b"\n")[0] + b"\n"))
    assert made.of(Output) == []
    assert made.told == []


def test_what_cannot_be_read_is_kept_in_the_journal_too(tmp_path: Path, make: Make) -> None:
    made = make(_file(tmp_path, V2 + b"?\n"))
    (left,) = [each for each in made.entries if isinstance(each, ImportLeftOut)]
    assert (left.count, left.words) == (1, tuple(made.told))


def test_a_recording_of_ours_is_looked_at_where_it_is(tmp_path: Path, make: Make) -> None:
    first = make(_file(tmp_path, V3))
    place = tmp_path / "recording"
    place.mkdir()
    for name, data in first.files.items():
        (place / name).write_bytes(data)
    assert make(place).files == first.files
    assert make(place / "c1-1.cast").of(Output)[0].data == b"one\r\n"
