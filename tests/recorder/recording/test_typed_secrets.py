"""Typed secrets are told by their length and a fingerprint, and by nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.recording.journal import PtyRequest
from recorder.recording.stream import StreamRecording
from recorder.recording.terminal import TerminalRecording
from recorder.recording.typed_secrets import Fingerprints, SecretLine
from recorder.recording.writer import RecordingWriter

Terminal = Iterator[TerminalRecording]


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[RecordingWriter]:
    writer = RecordingWriter(
        tmp_path / "rec", session="abcd2345", program="test", target="t", listen=None,
        candidate=None, content_key=b"k" * 32,
    )  # fmt: skip
    yield writer
    writer.close()


def told(writer: RecordingWriter) -> list[dict[str, Any]]:
    writer.flush()
    lines = (writer.directory / "session.jsonl").read_text().splitlines()
    return [each for each in map(json.loads, lines) if each["event"] == "secret-typed"]


def answer(terminal: TerminalRecording, prompt: str, *keys: str) -> None:
    terminal.output(prompt.encode())
    for key in keys:
        terminal.input(key.encode())
    terminal.output(b"\r\n")


def test_the_same_secret_has_the_same_fingerprint(writer: RecordingWriter) -> None:
    pty = PtyRequest(term="xterm", columns=80, lines=24)
    terminal = TerminalRecording(writer, 1, 1, pty, 0.0)
    other = TerminalRecording(writer, 1, 2, pty, 0.0)
    answer(terminal, "New password: ", *"hunter2", "\r")
    answer(terminal, "Retype new password: ", "huntex", "\x7f", "r2\r")
    answer(other, "Password: ", "hunter3\r")
    answer(other, "Password: ", "hunter", "\x03")
    answer(other, "Password: ", "wrong", "\x15", "hunter2\r")
    lines = told(writer)
    assert [(each["channel"], each["characters"]) for each in lines] == [
        (1, 7), (1, 7), (2, 7), (2, 7),
    ]  # fmt: skip
    first, again, different, last = (each["fingerprint"] for each in lines)
    assert first == again == last != different
    assert not any(b"hunter" in path.read_bytes() for path in writer.directory.iterdir())


def test_a_line_that_echoes_is_told_nothing_of(writer: RecordingWriter) -> None:
    terminal = TerminalRecording(writer, 1, 1, PtyRequest(term="xterm", columns=80, lines=24), 0.0)
    terminal.output(b"$ ")
    for key in b"ls -l":
        terminal.input(bytes([key]))
        terminal.output(bytes([key]))
    terminal.input(b"\r")
    terminal.output(b"\r\n$ ")
    assert told(writer) == []


def test_two_secrets_that_were_pasted_together_are_told_apart(writer: RecordingWriter) -> None:
    terminal = TerminalRecording(writer, 1, 1, PtyRequest(term="xterm", columns=80, lines=24), 0.0)
    terminal.output(b"New password: ")
    terminal.input(b"sesame\rsesame\r")
    terminal.output(b"\r\nRetype new password: ")
    terminal.output(b"\r\n")
    terminal.close()
    lines = told(writer)
    assert [each["characters"] for each in lines] == [6, 6]
    assert len({each["fingerprint"] for each in lines}) == 1


def test_another_session_gives_the_same_secret_another_fingerprint() -> None:
    assert Fingerprints().of("hunter2") != Fingerprints().of("hunter2")


@given(st.text(min_size=1, alphabet=st.characters(exclude_categories=["C"])))
def test_a_fingerprint_shows_nothing_of_the_secret(secret: str) -> None:
    prints = Fingerprints()
    assert len(prints.of(secret)) == 16
    assert prints.of(secret) == prints.of(secret)
    assert prints.of(secret) != prints.of(secret + "x")


def test_a_line_of_which_something_was_shown_is_no_secret() -> None:
    line = SecretLine()
    assert line.add("text", "ls", masked=False) == []
    assert line.add("text", " -l", masked=True) == []
    assert line.add("end", "\r", masked=False) == []
    assert line.add("text", "pw", masked=True) == []
    assert line.add("end", "\r", masked=False) == ["pw"]


@pytest.mark.parametrize("stream", ["in", "out"])
def test_a_private_key_in_the_head_of_a_channel_is_masked(
    writer: RecordingWriter, stream: Any
) -> None:
    body = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gt"
    key = f"-----BEGIN OPENSSH PRIVATE KEY-----\n{body}\n-----END OPENSSH PRIVATE KEY-----\n"
    recording = StreamRecording(writer, 1, 1, "cat > .ssh/id_ed25519")
    for place in range(0, len(key), 7):
        recording.feed(stream, key[place : place + 7].encode())
    recording.feed(stream, b"after\n")
    recording.close()
    writer.flush()
    head = (writer.directory / f"c1-1.{stream}").read_text()
    assert body[:8] not in head
    assert body[-8:] not in head
    assert head.endswith("-----\nafter\n")


@pytest.mark.parametrize(
    "command",
    [
        "sudo -S id", "sudo -k -S id", "chpasswd", "sudo passwd --stdin me", "htpasswd -i f me",
        "docker login --password-stdin", "gh auth login --with-token", "bash -c 'read -rs p'",
    ],
)  # fmt: skip
def test_input_of_commands_that_read_a_secret_is_masked(
    writer: RecordingWriter, command: str
) -> None:
    recording = StreamRecording(writer, 1, 1, command)
    recording.feed("in", b"sesame\n")
    recording.close()
    writer.flush()
    assert (writer.directory / "c1-1.in").read_bytes() == b"******\n"


def test_a_key_pasted_before_its_reader_echoes_is_masked(writer: RecordingWriter) -> None:
    terminal = TerminalRecording(writer, 1, 1, PtyRequest(term="xterm", columns=80, lines=24), 0.0)
    body = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gt"
    terminal.output(b"$ ")
    terminal.input(b"-----BEGIN OPENSSH PRIVATE KEY-----\r")
    terminal.output(b"\r\n")
    terminal.input(body.encode() + b"\r")
    terminal.output(body.encode() + b"\r\n")
    terminal.input(b"-----END OPENSSH PRIVATE KEY-----\r")
    terminal.output(b"-----END OPENSSH PRIVATE KEY-----\r\n$ ")
    terminal.close()
    writer.flush()
    assert body[-20:] not in (writer.directory / "c1-1.cast").read_text()
    assert body[:20] not in (writer.directory / "c1-1.cast").read_text()
