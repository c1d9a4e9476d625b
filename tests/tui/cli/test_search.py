from __future__ import annotations

import json
import stat
from pathlib import Path

import click
import pytest
from rich.cells import cell_len

from analyzer.search.spoken import SpokenHit
from recorder.home import Home
from recorder.recording.journal import ChannelClosed, SessionClosed
from recorder.transcripts.values import SpokenLine
from tests.tui.seat.recordings import RecordingBuilder
from tui.cli import search as search_module
from tui.cli.hits import hit_lines


def session(home: Home, name: str, *outputs: tuple[float, str], lines: int = 24) -> Path:
    directory = home.recording(name)
    with RecordingBuilder(directory) as recording:
        recording.terminal(0.5, lines=lines)
        for t, text in outputs:
            recording.output(t, text.encode())
        recording.write(ChannelClosed(t=99.0, connection=1, channel=1))
        recording.write(SessionClosed(t=100.0, reason="closed"))
    return directory


@pytest.fixture
def two(home: Home) -> None:
    session(home, "aaaa2222", (1.0, "$ systemctl stop apache2\r\n"), (61.5, "\x1b[2J\x1b[Hdone"))
    session(home, "bbbb3333", (2.0, "apache \x1b[1mis\x1b[m fine, Apache\r\n"))


def test_a_hit_is_a_line_with_session_times_and_terminal(jumpseat, two) -> None:
    outcome = jumpseat("search", "apache2", "aaaa")
    assert outcome.status == 0
    assert outcome.out == "aaaa2222  0:01.0 - 1:01.5  c1-1  $ systemctl stop apache2\n"


def test_all_sessions_are_searched_and_named(jumpseat, two) -> None:
    outcome = jumpseat("search", "apache", "--all")
    assert [line.split()[0] for line in outcome.out.splitlines()] == ["aaaa2222", "bbbb3333"]
    assert jumpseat("search", "apache", "bbbb", "aaaa").out.splitlines()[0].startswith("bbbb3333")


def test_the_json_is_a_contract(jumpseat, two) -> None:
    outcome = jumpseat("search", "--json", "apache", "bbbb")
    assert json.loads(outcome.out) == [
        {
            "session": "bbbb3333",
            "t": 2.0,
            "until": None,
            "connection": 1,
            "channel": 1,
            "alternate": False,
            "row": 0,
            "column": 0,
            "text": "apache is fine, Apache",
            "matches": [[0, 6], [16, 22]],
            "spoken": None,
        }
    ]


def test_nothing_found_is_no_failure(jumpseat, two) -> None:
    outcome = jumpseat("search", "no such words", "--all")
    assert (outcome.status, outcome.out) == (0, "")
    assert "nothing was found" in outcome.err
    assert json.loads(jumpseat("search", "no such words", "--all", "--json").out) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("x",), "--all"),
        (("x", "aaaa", "--all"), "--all"),
        (("", "aaaa"), "nothing to search for"),
        (("(", "aaaa", "--regex"), "missing )"),
        (("x", "aaaa", "--terminal", "1"), "c1-2"),
        (("x", "aaaa", "--limit", "0"), "limit"),
    ],
)
def test_wrong_usage_is_told_in_a_line(jumpseat, two, arguments, words) -> None:
    outcome = jumpseat("search", *arguments)
    assert outcome.status == 2
    assert words in outcome.err
    assert outcome.out == ""


def test_patterns_words_and_capitals_can_be_asked_for(jumpseat, two) -> None:
    assert "apache2" in jumpseat("search", "-e", r"apache\d$", "--all").out
    assert "aaaa2222" not in jumpseat("search", "-w", "apache", "--all").out
    assert "aaaa2222" not in jumpseat("search", "Apache", "--all").out
    assert "aaaa2222" in jumpseat("search", "APACHE", "--no-case", "--all").out


def test_what_is_printed_can_be_limited_and_says_so(jumpseat, home) -> None:
    session(home, "cccc4444", *((float(n), f"row {n}\r\n") for n in range(1, 60)))
    outcome = jumpseat("search", "row", "cccc", "--limit", "5")
    assert len(outcome.out.splitlines()) == 5
    assert "--limit" in outcome.err
    everything = jumpseat("search", "row", "cccc")
    assert len(everything.out.splitlines()) == 59
    assert everything.err == ""


def test_only_one_terminal_can_be_searched(jumpseat, two) -> None:
    assert jumpseat("search", "apache", "--all", "--terminal", "c1-1").out
    assert jumpseat("search", "apache", "--all", "--terminal", "c2-1").out == ""


def test_nothing_that_acts_on_a_terminal_is_printed(jumpseat, home) -> None:
    session(home, "dddd5555", (1.0, "evil \u202eright \u2066to\u2069 left \x1b]0;title\x07 end"))
    out = jumpseat("search", "evil", "dddd").out
    assert "evil" in out
    assert not any(character in out for character in "\x1b\x07\u202e\u2066\u2069")


def test_a_session_that_cannot_be_read_does_not_hide_the_others(jumpseat, two, home) -> None:
    (home.recording("bbbb3333") / "session.jsonl").write_bytes(b"\xff\xfe\n")
    outcome = jumpseat("search", "apache", "--all")
    assert outcome.out.startswith("aaaa2222")
    assert outcome.status == 1
    assert "bbbb3333" in outcome.err


def test_the_index_is_private_is_used_again_and_goes_with_the_session(jumpseat, two, home) -> None:
    jumpseat("search", "apache", "aaaa")
    index = home.index("aaaa2222")
    assert stat.S_IMODE(index.stat().st_mode) == 0o600
    made = index.stat().st_mtime_ns
    jumpseat("search", "systemctl", "aaaa")
    assert index.stat().st_mtime_ns == made
    assert jumpseat("session", "purge", "aaaa2222", "--yes").status == 0
    assert not index.exists()
    assert jumpseat("search", "apache", "--all").out.startswith("bbbb3333")


def test_another_tools_recording_is_searched_without_a_home(jumpseat, tmp_path) -> None:
    cast = tmp_path / "demo.cast"
    header = {"version": 2, "width": 80, "height": 24}
    lines = [header, [0.5, "o", "nginx is running\r\n"], [2.0, "o", "\x1b[2Jgone"]]
    cast.write_text("\n".join(map(json.dumps, lines)))
    nowhere = ("--home", str(tmp_path / "nowhere"))
    outcome = jumpseat("search", "nginx", str(cast), *nowhere, at_home=False)
    assert outcome.out == "demo.cast  0:00.5 - 0:02.0  c1-1  nginx is running\n"
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith("nowhere")] == []


def test_a_damaged_index_is_made_anew(jumpseat, two, home) -> None:
    before = jumpseat("search", "apache", "--all").out
    index = home.index("aaaa2222")
    whole = index.read_bytes()
    for damage in (b"", b"not a database", whole[: len(whole) // 2], whole[:100] + b"\0" * 9000):
        index.write_bytes(damage)
        assert jumpseat("search", "apache", "--all").out == before


def test_a_home_that_cannot_keep_an_index_can_be_searched(jumpseat, two, home) -> None:
    home.cache.rmdir()
    home.cache.write_text("in the way")
    assert "aaaa2222" in jumpseat("search", "apache2", "--all").out


def test_a_live_session_is_searched_as_far_as_it_goes(jumpseat, home) -> None:
    with RecordingBuilder(home.recording("eeee6666")) as recording:
        recording.terminal(0.5)
        recording.output(1.0, b"needle\r\n")
        outcome = jumpseat("search", "needle", "eeee")
        assert "eeee6666" in outcome.out
        assert "still being recorded" in outcome.err


def test_a_long_line_is_cut_around_its_first_match(jumpseat, home, monkeypatch) -> None:
    session(home, "ffff7777", (1.0, "x" * 300 + " needle " + "y" * 300))
    monkeypatch.setattr(search_module, "_columns", lambda: 80)
    (line,) = jumpseat("search", "needle", "ffff").out.splitlines()
    assert "needle" in line
    assert len(line) <= 80
    assert line.endswith("…")


@pytest.mark.parametrize("before", [0, 5, 30, 40, 70, 200])
@pytest.mark.parametrize("character", ["x", "漢"])
@pytest.mark.parametrize("columns", [60, 80])
def test_a_line_that_is_cut_shows_its_match_however_wide_its_characters(
    before: int, character: str, columns: int
) -> None:
    text = f"{character * before} needle {character * 90}"
    line = SpokenLine(t=1.0, until=None, speaker=None, text=text, transcript=1, number=1)
    hit = SpokenHit(line=line, text=text, spans=((before + 1, before + 7),))
    (shown,) = hit_lines([("k7", hit)], columns)
    assert "needle" in click.unstyle(shown)
    assert cell_len(click.unstyle(shown)) <= columns
