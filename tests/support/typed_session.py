"""A recording of commands that are typed at one prompt: what verbs of a session are tried on."""

from __future__ import annotations

from pathlib import Path

from recorder.home import Home
from recorder.keys import load_keys
from recorder.recording.journal import ChannelClosed, SessionClosed
from recorder.recording.manifest import write_manifest
from tests.tui.seat.recordings import RecordingBuilder

PROMPT = "\x1b[?2004hcandidate@web01:~$ "


def session(home: Home, name: str, *commands: str, sealed: bool = False) -> Path:
    """Write a recording in a home: a command every ten seconds from the second one on.

    Args:
        home: Where it goes.
        name: The session's id.
        commands: What is typed; nothing is printed.
        sealed: It has a manifest, signed with the home's key.

    """
    directory = home.recording(name)
    with RecordingBuilder(directory) as recording:
        recording.terminal(0.5)
        recording.output(1.0, PROMPT.encode())
        for number, command in enumerate(commands):
            t = 2.0 + number * 10
            recording.input(t, command)
            recording.output(t + 0.1, command.encode())
            recording.input(t + 1, "\r")
            recording.output(t + 1.1, f"\r\n\x1b[?2004l\r{PROMPT}".encode())
        recording.write(ChannelClosed(t=98.0, connection=1, channel=1))
        recording.write(SessionClosed(t=99.0, reason="closed"))
    if sealed:
        write_manifest(directory, name, load_keys(home).sign)
    return directory
