"""The writer: what is appended is on disk after a flush, readable, private, and free of secrets."""

from __future__ import annotations

import base64
import errno
import hashlib
import hmac
import json
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recorder.errors import RecordingError
from recorder.home import Home
from recorder.keys import IDENTITY, NAMESPACE, load_keys
from recorder.recording.events import Exited, Input, Logged, Output, Resized
from recorder.recording.journal import (
    ChannelOpened,
    Flow,
    PtyRequest,
    SessionClosed,
    SessionOpened,
)
from recorder.recording.manifest import write_manifest
from recorder.recording.reader import RecordingReader
from recorder.recording.repair import close_cut_off, drop_torn_lines
from recorder.recording.reserve import Reserve
from recorder.recording.stream import HEAD_LIMIT, StreamRecording
from recorder.recording.terminal import TerminalRecording
from recorder.recording.writer import OVERDUE_SECONDS, RecordingWriter

PTY = PtyRequest(term="xterm-256color", columns=80, lines=24)
KEY = b"k" * 32


def make_writer(directory: Path, session: str = "abcd2345") -> RecordingWriter:
    return RecordingWriter(
        directory,
        session=session,
        program="jumpseat test",
        target="127.0.0.1:22",
        listen=None,
        candidate=None,
        content_key=KEY,
    )


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").ensure()


@pytest.fixture
def writer(home: Home) -> Iterator[RecordingWriter]:
    writer = make_writer(home.recording("abcd2345"))
    yield writer
    writer.close()


def open_terminal(writer: RecordingWriter, channel: int = 1):
    t = writer.now()
    terminal = TerminalRecording(writer, 1, channel, PTY, t)
    writer.log(
        ChannelOpened(t=t, connection=1, channel=channel, kind="shell", pty=PTY, file=terminal.name)
    )
    return terminal


def read(directory: Path) -> list:
    with RecordingReader(directory) as reader:
        events = list(reader.read())
        assert reader.problems == []
    return events


def test_a_terminal_comes_back_as_it_was(writer: RecordingWriter) -> None:
    terminal = open_terminal(writer)
    terminal.output(b"$ ")
    terminal.input(b"l")
    terminal.output(b"l")
    terminal.resize(100, 30)
    terminal.output(b"\xff\xfe caf\xc3")
    terminal.output(b"\xa9")
    terminal.exit("0")
    terminal.close()
    writer.flush()
    events = read(writer.directory)
    terminal_events = [event for event in events if not isinstance(event, Logged)]
    assert b"".join(event.data for event in events if isinstance(event, Output)) == (
        b"$ l\xff\xfe caf\xc3\xa9"
    )
    assert [event.data for event in events if isinstance(event, Input)] == [b"l"]
    assert [(e.columns, e.lines) for e in events if isinstance(e, Resized)] == [(100, 30)]
    assert isinstance(terminal_events[-1], Exited)
    assert [event.t for event in events] == sorted(event.t for event in events)


def test_nothing_is_on_disk_before_a_flush_and_everything_after(writer: RecordingWriter) -> None:
    terminal = open_terminal(writer)
    terminal.output(b"hello")
    cast = writer.directory / terminal.name
    assert not cast.exists()
    assert writer.pending > 0
    writer.flush()
    assert b"hello" in cast.read_bytes()
    assert writer.pending == 0


def test_files_and_directories_are_private(writer: RecordingWriter) -> None:
    open_terminal(writer)
    writer.flush()
    assert writer.directory.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in writer.directory.iterdir()} == {0o600}


def test_a_secret_reaches_no_file(writer: RecordingWriter) -> None:
    terminal = open_terminal(writer)
    terminal.output(b"[sudo] password for candidate: ")
    for byte in b"hunter2-\xc3\xa9\xff":
        terminal.input(bytes([byte]))
    terminal.input(b"\r")
    terminal.output(b"\r\n")
    terminal.close()
    writer.flush()
    everything = b"".join(path.read_bytes() for path in writer.directory.iterdir())
    assert b"hunter" not in everything
    assert base64.b64encode(b"\xc3\xa9\xff") not in everything
    masked = [event.masked for event in read(writer.directory) if isinstance(event, Input)]
    assert sum(masked) == len("hunter2-é\ufffd")


def test_a_second_writer_cannot_take_the_same_directory(writer: RecordingWriter) -> None:
    with pytest.raises(RecordingError, match="cannot create the recording"):
        make_writer(writer.directory)


def test_a_live_recording_is_known_as_live_and_a_closed_one_is_not(home: Home) -> None:
    writer = make_writer(home.recording("live2345"))
    writer.flush()
    with RecordingReader(writer.directory) as reader:
        list(reader.read())
        assert reader.is_live
        writer.close()
        assert not reader.is_live


def test_a_stream_keeps_its_head_and_tells_size_and_keyed_digest(writer: RecordingWriter) -> None:
    stream = StreamRecording(writer, 1, 1, "cat")
    block = os.urandom(100_000)
    for _ in range(4):
        stream.feed("out", block)
    (flow,) = stream.close()
    writer.flush()
    assert isinstance(flow, Flow)
    assert flow.size == 400_000
    assert flow.kept == HEAD_LIMIT
    assert flow.digest == hmac.new(KEY, block * 4, hashlib.sha256).hexdigest()
    assert flow.file is not None
    assert (writer.directory / flow.file).read_bytes() == (block * 4)[:HEAD_LIMIT]


@pytest.mark.parametrize(
    ("command", "asked"),
    [
        ("sudo -S apt update", b""),
        ("sudo --prompt= -kS id", b""),
        ("passwd", b""),
        ("chpasswd", b""),
        ("sh -i", b"[sudo] password for candidate: "),
    ],
)
def test_a_secret_on_the_input_of_a_command_is_masked(
    writer: RecordingWriter, command: str, asked: bytes
) -> None:
    stream = StreamRecording(writer, 1, 1, command)
    if asked:
        stream.feed("err", asked)
    stream.feed("in", b"hun")
    stream.feed("in", b"ter2\nnext\n")
    stream.close()
    writer.flush()
    kept = (writer.directory / "c1-1.in").read_bytes()
    assert kept.startswith(b"*" * 7 + b"\n")


def test_the_manifest_holds_for_stock_openssh_and_names_every_file(
    home: Home, writer: RecordingWriter
) -> None:
    keys = load_keys(home)
    open_terminal(writer).output(b"hello")
    writer.close()
    write_manifest(writer.directory, writer.session, keys.sign)
    manifest = writer.directory / "manifest.json"
    check = [
        "ssh-keygen", "-Y", "verify",
        "-f", str(home.keys / "allowed_signers"), "-I", IDENTITY, "-n", NAMESPACE,
        "-s", f"{manifest}.sig",
    ]  # fmt: skip
    good = subprocess.run(check, input=manifest.read_bytes(), capture_output=True, check=False)
    assert good.returncode == 0, good.stderr
    bad = subprocess.run(
        check, input=manifest.read_bytes() + b" ", capture_output=True, check=False
    )
    assert bad.returncode != 0
    listed = json.loads(manifest.read_bytes())["files"]
    for path in writer.directory.iterdir():
        if not path.name.startswith("manifest"):
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            assert listed.pop(path.name) == {"size": path.stat().st_size, "sha256": digest}
    assert listed == {}


def test_keys_persist_and_are_private(home: Home) -> None:
    first, second = load_keys(home), load_keys(home)
    assert first.host.public_data == second.host.public_data
    assert first.content == second.content
    assert {path.stat().st_mode & 0o777 for path in home.keys.iterdir()} == {0o600}


def test_a_recording_that_was_killed_is_closed_as_cut_off(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    writer = make_writer(home.recording("kill2345"))
    terminal = open_terminal(writer)
    terminal.output(b"hello")
    writer.flush()
    for file in (*writer._files,):
        file.close()  # as the kernel does for a killed process
    with (writer.directory / terminal.name).open("ab") as cast:
        cast.write(b'[0.1,"o","torn')
    keys = load_keys(home)
    assert close_cut_off(home, keys.sign) == ["kill2345"]
    assert close_cut_off(home, keys.sign) == []
    assert "torn last line dropped" in caplog.text
    events = read(writer.directory)
    assert [event.data for event in events if isinstance(event, Output)] == [b"hello"]
    last = events[-1]
    assert isinstance(last, Logged)
    assert isinstance(last.entry, SessionClosed)
    assert last.entry.reason == "cut-off"
    assert (writer.directory / "manifest.json.sig").exists()


def test_a_recording_that_is_being_written_is_left_alone(
    home: Home, writer: RecordingWriter
) -> None:
    writer.flush()
    assert close_cut_off(home, load_keys(home).sign) == []
    assert not any(
        isinstance(event, Logged) and isinstance(event.entry, SessionClosed)
        for event in read(writer.directory)
    )


def test_the_first_line_tells_who_and_where(writer: RecordingWriter) -> None:
    writer.flush()
    first = read(writer.directory)[0]
    assert isinstance(first, Logged)
    assert isinstance(first.entry, SessionOpened)
    assert first.entry.session == writer.session
    assert first.entry.format == 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.lists(st.binary(max_size=40), max_size=20))
def test_any_output_comes_back_byte_for_byte(
    tmp_path_factory: pytest.TempPathFactory, chunks: list[bytes]
) -> None:
    writer = make_writer(tmp_path_factory.mktemp("recording") / "any23456")
    terminal = open_terminal(writer)
    for chunk in chunks:
        terminal.output(chunk)
    writer.close()
    outputs = [event.data for event in read(writer.directory) if isinstance(event, Output)]
    assert b"".join(outputs) == b"".join(chunks)


def test_a_recording_whose_file_was_removed_is_no_longer_written(home: Home) -> None:
    writer = make_writer(home.recording("gone2345"))
    terminal = open_terminal(writer)
    writer.flush()
    (writer.directory / terminal.name).unlink()
    terminal.output(b"never to be found again")
    with pytest.raises(OSError, match="was removed"):
        writer.flush()
    assert writer.broken
    writer.abandon(SessionClosed(t=writer.now(), reason="failed"))


def test_a_recording_that_cannot_be_written_still_says_so_at_its_end(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = make_writer(home.recording("full2345"))
    terminal = open_terminal(writer)
    terminal.output(b"before\r\n")
    writer.flush()
    room, write = 10, os.write

    def write_until_full(descriptor: int, data: bytes) -> int:
        nonlocal room
        if not room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written = write(descriptor, data[:room])
        room -= written
        return written

    monkeypatch.setattr(os, "write", write_until_full)
    terminal.output(b"too much\r\n")
    with pytest.raises(OSError, match="No space"):
        writer.flush()
    monkeypatch.undo()  # the reserve makes room
    writer.abandon(SessionClosed(t=writer.now(), reason="failed", detail="No space left"))
    drop_torn_lines(writer.directory)
    events = read(writer.directory)
    assert [event.data for event in events if isinstance(event, Output)] == [b"before\r\n"]
    assert events[-1].entry.reason == "failed"


def test_the_reserve_takes_room_and_gives_it_back(tmp_path: Path) -> None:
    def taken() -> int:
        links = list(Path("/proc/self/fd").iterdir())
        inside = [link for link in links if os.path.realpath(link).startswith(str(tmp_path))]
        return sum(link.stat().st_blocks * 512 for link in inside)

    reserve = Reserve(tmp_path, 65536)
    assert taken() >= 65536
    assert list(tmp_path.iterdir()) == []
    reserve.release()
    assert taken() == 0
    reserve.release()


def test_a_flush_that_is_overdue_is_asked_for_again(
    writer: RecordingWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer.flush()
    asked = []
    writer.on_dirty = lambda: asked.append(writer.overdue)
    writer.touch()
    writer.touch()
    assert asked == [False]
    later = time.monotonic() + 2 * OVERDUE_SECONDS
    monkeypatch.setattr(time, "monotonic", lambda: later)
    writer.touch()
    assert asked == [False, True]
