"""SESSION|FILE|DIR: recordings of other tools, with no home, and taken into one."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from recorder.home import Home
from recorder.recording.journal import JOURNAL_NAME
from tests.recorder.samples import record_session
from tui.cli.given import is_path

EVENTS = [
    [0.1, "o", "\x1b[?2004hcandidate@web01:~$ "],
    [1.0, "o", "l"],
    [1.1, "o", "s"],
    [1.2, "o", "\r\n\x1b[?2004l\r"],
    [1.3, "o", "file\r\n\x1b[?2004hcandidate@web01:~$ "],
]


def _cast(*more: str) -> str:
    lines = [json.dumps({"version": 2, "width": 80, "height": 24, "timestamp": 1790000000})]
    return "\n".join([*lines, *map(json.dumps, EVENTS), *more, ""])


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "here"
    place.mkdir()
    (place / "demo.cast").write_text(_cast())
    monkeypatch.chdir(place)
    return place


@pytest.fixture
def panes(place: Path) -> Path:
    directory = place / "panes"
    directory.mkdir()
    (directory / "a.timing").write_text("0.5 3\n")
    (directory / "a.out").write_text("Script started on x\nhi\n\nScript done on x\n")
    (directory / "a.start").write_text("1790000000.5\n")
    return directory


@pytest.mark.parametrize("name", ["demo.cast", "./demo.cast"])
def test_a_file_needs_no_home(jumpseat, place: Path, tmp_path: Path, name: str) -> None:
    home = ("--home", str(tmp_path / "nowhere"))
    outcome = jumpseat("commands", name, "--json", *home, at_home=False)
    assert (outcome.status, outcome.err) == (0, "")
    (command,) = json.loads(outcome.out)
    assert (command["text"], command["user"], command["t"]) == ("ls", "candidate", 1.2)
    assert (command["connection"], command["channel"]) == (1, 1)
    tags = jumpseat("tags", name, "--json", *home, at_home=False)
    assert (tags.status, tags.out) == (0, "[]\n")
    assert not (tmp_path / "nowhere").exists()
    assert [each.name for each in place.iterdir()] == ["demo.cast"]


@pytest.mark.parametrize("name", ["panes", "panes/", "panes/a", "panes/a.out"])
def test_a_directory_and_its_panes_need_no_home(jumpseat, panes: Path, name: str) -> None:
    outcome = jumpseat("commands", name, "--home", "nowhere", at_home=False)
    assert (outcome.status, outcome.err) == (0, "jumpseat: no commands were run\n")


@pytest.mark.parametrize("verb", ["commands", "tags"])
def test_what_is_neither_names_both_possibilities(jumpseat, place: Path, verb: str) -> None:
    outcome = jumpseat(verb, "nosuch")
    assert outcome.status == 1
    assert "no sessions" in outcome.err
    assert "no file or directory 'nosuch' either" in outcome.err
    outcome = jumpseat(verb, "there/nosuch")
    assert outcome.status == 1
    assert "no file or directory 'there/nosuch', and no session is called that" in outcome.err


def test_a_session_comes_before_a_directory_and_after_a_file(
    jumpseat, record, panes: Path, place: Path
) -> None:
    record("panes")
    assert jumpseat("session", "show", "panes").status == 0
    # The session has an error to tell: its recording has no casts, so it has no commands.
    assert "candidate" not in jumpseat("tags", "panes").err
    (place / "panes2").write_text(_cast())
    record("panes2")
    assert "ls" in jumpseat("commands", "panes2").out


def test_what_cannot_be_read_is_told_beside_the_data(jumpseat, place: Path) -> None:
    (place / "demo.cast").write_text(_cast(*["?"] * 30, "[9"))
    outcome = jumpseat("commands", "demo.cast", "--json")
    assert outcome.status == 0
    assert json.loads(outcome.out)[0]["text"] == "ls"
    lines = outcome.err.splitlines()
    assert len(lines) == 11
    assert lines[0] == "jumpseat: demo.cast, line 7: not an event (not JSON): left out"
    assert lines[-1] == "jumpseat: and 21 more that could not be read"


def test_a_name_that_would_act_on_the_terminal_does_not(jumpseat, place: Path) -> None:
    name = "evil\x1b]0;title\x07.cast"
    (place / name).write_text("no recording\n")
    outcome = jumpseat("commands", name)
    assert outcome.status == 1
    assert "\x07" not in jumpseat("commands", name).err


@pytest.mark.parametrize(("verb", "data"), [("commands", ""), ("tags", "nothing\n")])
def test_a_file_with_nothing_in_it_says_what_was_looked_for(
    jumpseat, place: Path, verb: str, data: str
) -> None:
    (place / "file").write_text(data)
    outcome = jumpseat(verb, "file")
    assert outcome.status == 1
    assert "looked for: asciicast v1, v2 or v3, ttyrec, or `script`" in outcome.err


def test_no_fifo_makes_it_wait(jumpseat, place: Path) -> None:
    os.mkfifo(place / "fifo")
    for verb in (("commands",), ("session", "import")):
        outcome = jumpseat(*verb, "fifo")
        assert outcome.status == 1
        assert "fifo is a FIFO, not a plain file" in outcome.err


def test_size_is_for_files(jumpseat, record, place: Path) -> None:
    record("abc")
    assert jumpseat("commands", "demo.cast", "--size", "132x43").status == 0
    assert jumpseat("commands", "demo.cast", "--size", "big").status == 2
    outcome = jumpseat("commands", "abc", "--size", "132x43")
    assert outcome.status == 2
    assert "--size is for files" in outcome.err


def test_an_import_is_a_session_that_says_what_it_is(jumpseat, home: Home, place: Path) -> None:
    outcome = jumpseat("session", "import", "demo.cast", "--candidate", "A. Example")
    session = outcome.out.strip()
    assert (outcome.status, outcome.err) == (0, "")
    (listed,) = json.loads(jumpseat("session", "list", "--json").out)
    assert (listed["id"], listed["state"], listed["candidate"]) == (session, "closed", "A. Example")
    assert listed["target"] == "demo.cast (asciicast v2)"
    assert listed["start"].startswith("2026-09-21T14:13:20")
    (command,) = json.loads(jumpseat("commands", session, "--json").out)
    assert command["text"] == "ls"
    assert list(home.incoming.iterdir()) == []
    imported = json.loads((home.recording(session) / JOURNAL_NAME).read_text().splitlines()[2])
    assert imported["files"][0]["size"] == (place / "demo.cast").stat().st_size
    assert len(imported["files"][0]["sha256"]) == 64


def test_verify_tells_an_import_from_a_recording(jumpseat, home: Home, place: Path) -> None:
    session = jumpseat("session", "import", "demo.cast").out.strip()
    found = json.loads(jumpseat("session", "verify", session, "--json").out)
    assert (found["verdict"], found["unaltered"], found["imported"]) == ("intact", True, True)
    assert "imported from another tool's recording" in jumpseat("session", "verify", session).out
    cast = home.recording(session) / "c1-1.cast"
    cast.write_bytes(cast.read_bytes().replace(b"file", b"fine"))
    assert "c1-1.cast: line 6 was altered" in jumpseat("session", "verify", session).out


def test_an_import_moves_and_goes_like_any_session(
    jumpseat, home: Home, panes: Path, tmp_path: Path
) -> None:
    session = jumpseat("session", "import", "panes").out.strip()
    assert jumpseat("session", "export", session, "-o", "out.tar.gz").status == 0
    assert jumpseat("session", "purge", session, "--yes").status == 0
    assert jumpseat("session", "import", "out.tar.gz").out == f"{session}\n"
    assert json.loads(jumpseat("session", "verify", session, "--json").out)["imported"] is True


def test_options_of_exports_are_refused_for_imports_and_the_other_way(
    jumpseat, home: Home, place: Path
) -> None:
    assert jumpseat("session", "import", "demo.cast", "--as-is").status == 2
    assert jumpseat("session", "import", "demo.cast", "--signer", "SHA256:x").status == 2
    record_session(home)
    assert jumpseat("session", "export", "latest", "-o", "out.tar.gz").status == 0
    assert jumpseat("session", "import", "out.tar.gz", "--candidate", "X").status == 2
    outcome = jumpseat("session", "import", str(home.recording("abcd2345")))
    assert outcome.status == 1
    assert "is a recording of Jumpseat's; `jumpseat session export`" in outcome.err
    outcome = jumpseat("commands", "out.tar.gz")
    assert outcome.status == 1
    assert "`jumpseat session import` takes it" in outcome.err


def test_an_import_that_fails_leaves_nothing(jumpseat, home: Home, place: Path) -> None:
    (place / "bad.cast").write_text(_cast().partition("\n")[0] + "\n?\n")
    outcome = jumpseat("session", "import", "bad.cast")
    assert outcome.status == 1
    assert "nothing can be read: bad.cast, line 2" in outcome.err
    assert list(home.recordings.iterdir()) == []
    assert list(home.incoming.iterdir()) == []


def test_a_recording_of_ours_needs_no_home_either(jumpseat, home: Home, place: Path) -> None:
    directory = record_session(home, shows="ls")
    outcome = jumpseat("commands", str(directory), "--json", "--home", "nowhere", at_home=False)
    assert outcome.status == 0
    assert outcome.out == jumpseat("commands", "latest", "--json").out


def test_names_that_are_not_utf8_are_names_too(jumpseat, home: Home, place: Path) -> None:
    name = os.fsdecode(b"\xff.cast")
    (place / name).write_text(_cast("?"))
    outcome = jumpseat("session", "import", name, "--candidate", os.fsdecode(b"A\xfe"))
    assert outcome.status == 0
    assert "line 7: not an event" in outcome.err
    assert jumpseat("commands", name).status == 0


@pytest.mark.parametrize("name", ["a" * 5000, "a/" * 3000, "~nobody-at-all/x", "", " "])
def test_names_that_cannot_be_are_told(jumpseat, home: Home, place: Path, name: str) -> None:
    for verb in (("commands",), ("session", "import")):
        outcome = jumpseat(*verb, name)
        assert outcome.status == 1
        assert "unexpected" not in outcome.err


@pytest.mark.parametrize("stamp", ["NaN", "Infinity", "1e300", "-1e300", "1790000000000", '"now"'])
def test_a_start_that_cannot_be_is_the_file_s_date(
    jumpseat, home: Home, place: Path, stamp: str
) -> None:
    (place / "demo.cast").write_text(_cast().replace("1790000000", stamp))
    os.utime(place / "demo.cast", (1780000000, 1780000000))
    session = jumpseat("session", "import", "demo.cast").out.strip()
    (listed,) = json.loads(jumpseat("session", "list", "--json").out)
    assert (listed["id"], listed["start"]) == (session, "2026-05-28T20:26:40+00:00")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("demo.cast", True),
        ("./nowhere", True),
        ("shell", True),
        ("shell.out", True),
        ("demo", False),
        ("latest", False),
        ("k7", False),
        ("nul\0", False),
        ("n" * 5000, False),
    ],
)
def test_a_name_is_a_path_where_something_here_is_called_so_or_scripts_files_begin_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, found: bool
) -> None:
    for each in ("demo.cast", "shell.timing"):
        (tmp_path / each).touch()
    monkeypatch.chdir(tmp_path)
    assert is_path(name) is found


def test_the_path_of_a_session_of_this_home_is_the_session(
    jumpseat, home: Home, tmp_path: Path
) -> None:
    record_session(home, "abcd2345")
    link = tmp_path / "link"
    link.symlink_to(home.recording("abcd2345"))
    for path in (home.recording("abcd2345"), link):
        assert jumpseat("commands", str(path)).status == 0
    traced = json.loads(jumpseat("trace", "abcd2345", "--json").out)
    assert [each["action"] for each in traced] == ["read", "read", "trace-read"]
