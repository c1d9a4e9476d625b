"""`jumpseat session export`, as somebody types it."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from recorder.errors import UsageError
from recorder.home import Home
from recorder.recording.cast import CastEncoder, CastEvent
from tests.recorder.samples import (
    SESSION,
    begin_recording,
    end_recording,
    record_session,
)
from tests.tui.seat.recordings import RecordingBuilder
from tui.cli.times import parse_time
from tui.export import places

KINDS = ("cast", "cast2", "txt", "svg")


@pytest.fixture
def recording(home: Home) -> Path:
    return record_session(home, shows="sudo apt upgrade")


@pytest.fixture
def several(home: Home) -> Path:
    """A session with two terminals, of which the first is used last; it was never signed."""
    directory = home.recording("twoterms")
    with RecordingBuilder(directory) as made:
        made.terminal(1.0)
        made.terminal(2.0, 2, columns=60, lines=10)
        made.output(3.0, b"first\r\n")
        made.output(4.0, b"second\r\n", 2)
        made.output(65.0, "caf\u00e9 \u6f22\u5b57 <b>&\r\n".encode())
        made.close(70.0)
    return directory


def test_an_archive_is_what_it_makes_by_itself(jumpseat, recording: Path, tmp_path: Path) -> None:
    out = tmp_path / "it.tar.gz"
    assert jumpseat("session", "export", "latest", "-o", str(out)).out == f"{out}\n"
    assert out.read_bytes()[:2] == b"\x1f\x8b"


def test_a_cast_names_itself_a_copy(
    jumpseat, recording: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = jumpseat("session", "export", "latest", "--to", "cast")
    assert (outcome.status, outcome.out) == (0, f"{SESSION}-c1-1.cast\n")
    header, note, *events = (tmp_path / outcome.out.strip()).read_text().splitlines()
    assert json.loads(header)["title"] == f"Jumpseat {SESSION} c1-1 (copy)"
    assert note.startswith("# ")
    assert "only the recording" in note
    said = (recording / "c1-1.cast").read_text().splitlines()[1:]
    assert [json.loads(line)[1:] for line in events] == [json.loads(line)[1:] for line in said]


@pytest.mark.parametrize("kind", KINDS)
def test_a_copy_can_be_piped(jumpseat, recording: Path, kind: str) -> None:
    outcome = jumpseat("session", "export", "latest", "--to", kind, "-o", "-")
    assert (outcome.status, outcome.err) == (0, "")
    assert "output" in outcome.out


def test_text_is_what_was_seen(jumpseat, recording: Path) -> None:
    out = jumpseat("session", "export", "latest", "--to", "txt", "-o", "-").out
    heading, _, body = out.partition("\n\n")
    assert all(line.startswith("# ") for line in heading.splitlines())
    assert "of A. Example on 203.0.113.7:22" in heading
    lines = [f"line {number} of output" for number in range(40)]
    assert body.splitlines() == ["candidate@web01:~$ sudo apt upgrade", *lines]


def test_text_with_times_counts_from_the_sessions_start(jumpseat, several: Path) -> None:
    outcome = jumpseat(
        "session", "export", "two", "--to", "txt", "--times", "--terminal", "C1-1",
        "-o", "-", "--as-is",
    )  # fmt: skip
    assert outcome.out.partition("\n\n")[2].splitlines() == [
        "[    0:03.0] first", "[    1:05.0] caf\u00e9 \u6f22\u5b57 <b>&",
    ]  # fmt: skip


def test_with_several_terminals_the_choices_are_named(jumpseat, several: Path) -> None:
    outcome = jumpseat("session", "export", "two", "--to", "cast")
    assert outcome.status == 2
    assert "c1-1 or c2-1" in outcome.err
    outcome = jumpseat("session", "export", "two", "--to", "txt", "--terminal", "c9-9")
    assert outcome.status == 2
    assert "c1-1, c2-1" in outcome.err


def test_a_directory_takes_all_terminals(jumpseat, several: Path, tmp_path: Path) -> None:
    place = tmp_path / "new" / "copies"
    outcome = jumpseat("session", "export", "two", "--to", "txt", "-o", f"{place}/", "--as-is")
    names = ["twoterms-c1-1.txt", "twoterms-c2-1.txt"]
    assert outcome.out.splitlines() == [str(place / name) for name in names]
    assert sorted(path.name for path in place.iterdir()) == names
    assert "second" in (place / names[1]).read_text()


def test_a_directory_that_is_not_there_is_no_place_for_a_file(
    jumpseat, recording: Path, tmp_path: Path
) -> None:
    out = tmp_path / "none" / "copy.txt"
    outcome = jumpseat("session", "export", "latest", "--to", "txt", "-o", str(out))
    assert outcome.status == 1
    assert f"cannot make {out}" in outcome.err
    assert not out.parent.exists()


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_overwritten(jumpseat, recording: Path, kind: str, tmp_path: Path) -> None:
    out = tmp_path / "mine"
    out.write_text("mine")
    outcome = jumpseat("session", "export", "latest", "--to", kind, "-o", str(out))
    assert outcome.status == 1
    assert f"{out} is already there" in outcome.err
    assert out.read_text() == "mine"


def test_a_file_that_appears_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    out = tmp_path / "copy"

    def lines() -> Iterator[bytes]:
        yield b"ours\n"
        out.write_bytes(b"theirs\n")

    with pytest.raises(places.RecordingError, match="already there"):
        places.write_new(out, lines())
    assert [path.name for path in tmp_path.iterdir()] == ["copy"]
    assert out.read_bytes() == b"theirs\n"


def test_what_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    def lines() -> Iterator[bytes]:
        yield b"half\n"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        places.write_new(tmp_path / "copy", lines())
    assert list(tmp_path.iterdir()) == []


def test_where_links_cannot_be_made_a_copy_appears_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    places.write_new(tmp_path / "copy", [b"all\n"])
    assert [path.name for path in tmp_path.iterdir()] == ["copy"]
    with pytest.raises(places.RecordingError, match="already there"):
        places.write_new(tmp_path / "copy", [b"again\n"])
    assert (tmp_path / "copy").read_bytes() == b"all\n"


def test_a_place_that_is_none_is_named(jumpseat, recording: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    out = tmp_path / "file" / "copy.txt"
    outcome = jumpseat("session", "export", "latest", "--to", "txt", "-o", str(out))
    assert outcome.status == 1
    assert "cannot make" in outcome.err


@pytest.mark.parametrize(
    "options",
    [
        ("--to", "cast", "--at", "1"),
        ("--to", "svg", "--times"),
        ("--terminal", "c1-1"),
        ("-o", "-"),
        ("--to", "svg", "--at", "soon"),
        ("--to", "svg", "--at", "99:00:00"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    jumpseat, recording: Path, options: tuple[str, ...], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    outcome = jumpseat("session", "export", "latest", *options)
    assert outcome.status == 2
    assert outcome.err.count("\n") == 1
    assert not list(tmp_path.glob("*.*"))


def test_what_was_altered_is_not_copied_unless_asked(jumpseat, recording: Path) -> None:
    cast = recording / "c1-1.cast"
    cast.write_bytes(cast.read_bytes().replace(b"line 7 of", b"line 8 of"))
    outcome = jumpseat("session", "export", "latest", "--to", "txt", "-o", "-")
    assert (outcome.status, outcome.out) == (1, "")
    assert "not as it was signed" in outcome.err
    outcome = jumpseat("session", "export", "latest", "--to", "txt", "-o", "-", "--as-is")
    assert outcome.status == 0
    assert "c1-1.cast: line 10 was altered" in outcome.err


def test_a_live_session_is_copied_as_far_as_it_is(jumpseat, home: Home) -> None:
    writer = begin_recording(home, shows="uptime")
    outcome = jumpseat("session", "export", "latest", "--to", "txt", "-o", "-")
    assert outcome.status == 0
    assert "line 39 of output" in outcome.out
    end_recording(home, writer)


def test_what_cannot_be_read_is_named_with_its_place(jumpseat, recording: Path) -> None:
    cast = recording / "c1-1.cast"
    lines = cast.read_bytes().splitlines(keepends=True)
    lines[5] = b"[0.1, broken\n"
    cast.write_bytes(b"".join(lines)[:-4])
    outcome = jumpseat("session", "export", "latest", "--to", "txt", "-o", "-", "--as-is")
    assert outcome.status == 0
    assert f"c1-1.cast: not an asciicast event: {lines[5][:-1]!r}" in outcome.err
    assert f"at byte {len(b''.join(lines[:5]))}" in outcome.err
    assert "torn last line dropped" in outcome.err
    assert "line 30 of output" in outcome.out


@pytest.mark.parametrize("kind", ["cast", "txt"])
def test_a_terminal_whose_file_is_gone_or_none_is_named(
    jumpseat, recording: Path, kind: str, tmp_path: Path
) -> None:
    out = tmp_path / "copy"
    command = ("session", "export", "latest", "--to", kind, "-o", str(out), "--as-is")
    (recording / "c1-1.cast").unlink()
    gone = jumpseat(*command)
    assert gone.status == 1
    assert "c1-1.cast (No such file or directory)" in gone.err
    (recording / "c1-1.cast").write_bytes(b"\x00\xff garbage\n" * 9)
    damaged = jumpseat(*command)
    assert (damaged.status, damaged.out) == ((1, "") if kind == "cast" else (0, f"{out}\n"))
    assert "not an asciicast" in damaged.err


def test_a_session_without_a_terminal_says_so(jumpseat, record) -> None:
    record("noterm")
    outcome = jumpseat("session", "export", "noterm", "--to", "cast", "--as-is")
    assert outcome.status == 1
    assert "no terminal" in outcome.err


def test_a_picture_shows_the_screen_of_its_moment(jumpseat, several: Path) -> None:
    def shown(*options: str) -> str:
        made = jumpseat("session", "export", "two", "--to", "svg", "-o", "-", "--as-is", *options)
        assert made.status == 0
        # Our own output, which has no entities.
        root = ElementTree.fromstring(made.out)  # noqa: S314
        texts = root.iter("{http://www.w3.org/2000/svg}text")
        return "".join(each.text or "" for each in texts).replace("\xa0", "")

    assert "caf\u00e9\u6f22\u5b57<b>&" in shown()
    assert "first" in shown()
    assert "second" in shown("--at", "0:05")
    assert "caf" not in shown("--at", "1:04.9", "--terminal", "c1-1")
    assert "caf" in shown("--at", "65", "--terminal", "c1-1")


def test_a_cast_is_not_put_on_a_terminal(recording: Path, home: Home) -> None:
    keyboard, terminal = pty.openpty()
    command = (sys.executable, "-m", "tui.main", "--home", str(home.path), "session", "export")
    done = subprocess.run(
        [*command, "latest", "--to", "cast", "-o", "-"],
        stdin=terminal, stdout=terminal, stderr=subprocess.PIPE, check=False, timeout=60,
    )  # fmt: skip
    os.close(terminal)
    assert done.returncode == 2
    assert b"acts on terminals" in done.stderr
    with os.fdopen(keyboard, "rb", buffering=0) as shown, pytest.raises(OSError, match="Errno 5"):
        shown.read(1)


def test_ctrl_c_leaves_nothing_half_written(home: Home, tmp_path: Path) -> None:
    encoder = CastEncoder()
    fill_and_erase = CastEvent(t=0, code="o", data="\x1b#8\x1b[2J" * 2_000)
    with (record_session(home) / "c1-1.cast").open("ab") as cast:
        cast.writelines(encoder.encode(fill_and_erase) for _ in range(600))
    out = tmp_path / "copies"
    out.mkdir()
    command = (sys.executable, "-m", "tui.main", "--home", str(home.path), "session", "export")
    child = subprocess.Popen(
        [*command, "latest", "--to", "txt", "-o", str(out / "it.txt"), "--as-is"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    until = time.monotonic() + 60
    while not list(out.iterdir()) and time.monotonic() < until and child.poll() is None:
        time.sleep(0.005)
    child.send_signal(signal.SIGINT)
    printed, said = child.communicate(timeout=60)
    assert (child.returncode, printed) == (130, b"")
    assert b"Traceback" not in said
    assert list(out.iterdir()) == []


def test_text_has_no_control_character_and_an_end(
    jumpseat, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = begin_recording(home, shows="\x1b]0;t\x07\x9b6n \u202eabc\u2066 a\u200bb\U000e0041")
    end_recording(home, writer)
    out = jumpseat("session", "export", "latest", "--to", "txt", "-o", "-").out
    found = {unicodedata.category(each) for each in out.replace("\n", "")}
    assert not found & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert "\\u202eabc\\u2066 a\\u200bb\\U000e0041" in out
    monkeypatch.setattr("tui.export.text.text_lines.__kwdefaults__", {"most": 100})
    out = jumpseat("session", "export", "latest", "--to", "txt", "-o", "-").out
    assert out.endswith("MiB of text\n")
    assert "line 9 of" not in out


@pytest.mark.parametrize(
    ("words", "seconds"),
    [("7", 7), ("12:34", 754), ("1:02:03.5", 3723.5), ("0:00", 0), ("90:00", 5400), (" 5 ", 5)],
)
def test_times_are_read_as_people_write_them(words: str, seconds: float) -> None:
    assert parse_time(words) == seconds


@pytest.mark.parametrize("words", ["", "-1", "1:2:3:4", "nan", "1e9", "12:", ":5", "\u0661"])
def test_what_is_no_time_is_refused(words: str) -> None:
    with pytest.raises(UsageError, match="not a time"):
        parse_time(words)
