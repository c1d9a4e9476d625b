"""What other tools record of a real session ends here on the screen that it really had."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from analyzer.playback import Playback
from recorder.formats.flaws import Flaws
from recorder.formats.recorded import Wishes, looked_at
from recorder.home import Home
from recorder.recording.events import Output
from recorder.recording.reader import RecordingReader
from tests.end_to_end.conftest import OpenTerminal
from tests.end_to_end.support.needed import needs
from tests.end_to_end.support.recorders import PROMPT, SHELL, Recorded
from tui.main import run

COLUMNS, LINES = 90, 26
SECRET = "swordfish-and-chips"
UNSEEN = "stty -echo; printf 'Pass''word: '; read word; echo; stty echo"
"""Asks for a line that is not echoed, and says when: what is typed before would be seen."""

Argv = Callable[[Path], list[str]]


def _script(*options: str) -> Argv:
    def argv(place: Path) -> list[str]:
        named = [str(place / each[1:]) if each.startswith("@") else each for each in options]
        return ["script", "-q", *named, "-c", SHELL]

    return argv


TOOLS: dict[str, tuple[Argv, str]] = {
    "script classic": (
        _script("--logging-format", "classic", "-O", "@s.out", "-T", "@s.timing"),
        "s",
    ),
    "script -t": (_script("-t@s.timing", "@s.out"), "s.timing"),
    "script multi-stream": (_script("-I", "@s.in", "-O", "@s.out", "-T", "@s.timing"), "s"),
    "script --log-io": (_script("-B", "@s.io", "-T", "@s.timing"), "s.io"),
    "asciinema": (
        lambda place: ["asciinema", "rec", "-q", "--stdin", "-c", SHELL, str(place / "s.cast")],
        "s.cast",
    ),
    "ttyrec": (lambda place: ["ttyrec", "-e", SHELL, str(place / "s.tty")], "s.tty"),
}
WITH_RESIZES = {"script multi-stream", "script --log-io"}
WITH_INPUT = {*WITH_RESIZES, "asciinema"}


@pytest.fixture(params=TOOLS, scope="module")
def recorded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path, Recorded]:
    """A session of bash, vi and less, recorded by one of the tools."""
    tool = str(request.param)
    needs(tool.split(maxsplit=1)[0], "vi", "less", "bash")
    home = tmp_path_factory.mktemp("recorded")
    (home / "text").write_text("".join(f"line {n} of a text\n" for n in range(200)))
    argv, name = TOOLS[tool]
    session = Recorded(
        [each.replace("-t@", f"-t{home}/") for each in argv(home)], home, COLUMNS, LINES
    )
    try:
        _play(session, resizes=tool in WITH_RESIZES)
        session.finish()
    finally:
        session.kill()
    return tool, home / name, session


def _play(session: Recorded, *, resizes: bool) -> None:
    session.expect(PROMPT)
    session.line("echo $((6*7)) grün")
    session.line("printf '\\377\\n'")
    session.keys("less text\r")
    session.expect("text")
    session.expect("line 20 of")
    session.keys("/line 150\r")
    session.expect("line 160 of")
    session.keys("q")
    session.expect(PROMPT)
    session.keys("vi text\r")
    session.expect("line 20 of")
    session.keys("Ochanged")
    session.expect("changed")
    session.keys("\x1b:q!\r")
    session.expect(PROMPT)
    if resizes:
        session.resize(70, 20)
        session.line("seq 30")
    for key in UNSEEN:
        session.keys(key)
        session.expect(key)
    session.keys("\r")
    session.expect("Password: ")
    session.keys(f"{SECRET}\r")
    session.expect(PROMPT)
    session.line("ls -la --color=always /etc | head -5")


def test_it_ends_on_the_same_screen(recorded: tuple[str, Path, Recorded]) -> None:
    _, path, session = recorded
    flaws = Flaws()
    with looked_at(path, flaws, Wishes(size=(COLUMNS, LINES))) as directory:
        playback = Playback(directory)
        try:
            (info,) = playback.terminals
            frame = playback.at(playback.duration, info)
        finally:
            playback.close()
    shown = ["".join(run.text for run in row) for row in frame.rows]
    assert [row.rstrip() for row in shown] == [row.rstrip() for row in session.original.display]
    assert flaws.lines() == []


def test_it_has_the_same_bytes(recorded: tuple[str, Path, Recorded]) -> None:
    tool, path, session = recorded
    with looked_at(path, Flaws(), Wishes()) as directory, RecordingReader(directory) as reader:
        output = b"".join(event.data for event in reader.read() if isinstance(event, Output))
    if tool == "asciinema":
        # It writes U+FFFD for what is not UTF-8.
        assert output == session.output.replace(b"\xff", "\ufffd".encode())
    else:
        assert output == session.output


def test_its_commands_are_found(
    recorded: tuple[str, Path, Recorded], capfd: pytest.CaptureFixture[str]
) -> None:
    _, path, _ = recorded
    assert run(["commands", "--json", "--size", f"{COLUMNS}x{LINES}", str(path)]) == 0
    captured = capfd.readouterr()
    found = json.loads(captured.out)
    texts = [each["text"] for each in found]
    assert captured.err == ""
    assert [text for text in texts if text != "seq 30"] == [
        "echo $((6*7)) grün",
        "printf '\\377\\n'",
        "less text",
        "vi text",
        UNSEEN,
        "ls -la --color=always /etc | head -5",
        "exit",
    ]
    assert {(each["connection"], each["channel"]) for each in found} == {(1, 1)}
    assert {each["user"] for each in found} == {"candidate"}


def test_what_was_typed_unseen_is_nowhere_in_the_import(
    recorded: tuple[str, Path, Recorded],
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    tool, path, _ = recorded
    home = Home(tmp_path / "home")
    assert run(["--home", str(home.path), "session", "import", str(path)]) == 0
    session = capfd.readouterr().out.strip()
    written = b"".join(each.read_bytes() for each in home.path.rglob("*") if each.is_file())
    assert SECRET.encode() not in written
    assert b'"event":"imported"' in written
    if tool in WITH_INPUT:
        assert b'"event":"secret-typed"' in written
        assert f'"characters":{len(SECRET)}'.encode() in written
    assert run(["--home", str(home.path), "session", "verify", session]) == 0
    assert "imported from another tool's recording" in capfd.readouterr().out


@pytest.fixture
def cast(tmp_path: Path) -> Path:
    """A recording of another tool."""
    needs("tmux")
    path = tmp_path / "demo.cast"
    header = {"version": 2, "width": 60, "height": 10}
    lines = [header, [0.1, "o", "shown by a file"], [900, "o", "."]]
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    return path


@pytest.mark.parametrize("ends", ["q", "SIGTERM", "SIGHUP"])
def test_a_replay_of_a_file_leaves_nothing_behind(
    open_terminal: OpenTerminal, cast: Path, tmp_path: Path, ends: str
) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    terminal = open_terminal(columns=100, lines=30)
    jumpseat = str(Path(sys.executable).with_name("jumpseat"))
    home = tmp_path / "nowhere"
    terminal.start(
        ["env", f"TMPDIR={place}", f"JUMPSEAT_HOME={home}", jumpseat, "replay", str(cast)]
    )
    terminal.wait_for("shown by a file", timeout=60)
    assert len(list(place.iterdir())) == 1
    if ends == "q":
        terminal.key("q")
    else:
        os.kill(terminal.process, getattr(signal, ends))
    assert (terminal.await_exit() == 0) == (ends == "q")
    assert list(place.iterdir()) == []
    assert not home.exists()
