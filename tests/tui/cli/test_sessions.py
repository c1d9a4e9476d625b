from __future__ import annotations

import json
from pathlib import Path

import pytest

from recorder.home import Home
from recorder.recording.journal import (
    JOURNAL_NAME,
    Flow,
    ForwardClosed,
    ForwardOpened,
    Probe,
    encode_entry,
)


def test_without_sessions_it_says_how_to_get_some(jumpseat) -> None:
    outcome = jumpseat()
    assert (outcome.status, outcome.out) == (0, "")
    assert "jumpseat demo" in outcome.err
    assert json.loads(jumpseat("session", "list", "--json").out) == []


def test_in_a_pipe_jumpseat_alone_prints_the_sessions_live_ones_first(jumpseat, record) -> None:
    record("old", minute=1)
    record("young", minute=3)
    record("running", minute=2, live=True)
    outcome = jumpseat()
    rows = [line.split() for line in outcome.out.splitlines()[1:]]
    assert [(row[0], row[1]) for row in rows] == [
        ("running", "live"),
        ("young", "closed"),
        ("old", "closed"),
    ]
    assert outcome.out == jumpseat("session", "list").out


def test_the_list_as_json_keeps_its_contract(jumpseat, record) -> None:
    record("abc")
    (row,) = json.loads(jumpseat("session", "list", "--json").out)
    assert row == {
        "id": "abc",
        "state": "closed",
        "start": "2026-03-04T10:00:00+00:00",
        "port": 2222,
        "candidate": "A. Example",
        "target": "203.0.113.7:22",
        "listen": "127.0.0.1:2222",
        "duration": 62.04,
        "exercise": None,
        "consent": None,
        "clock_started": None,
        "clock_length": None,
    }


def test_the_list_counts_no_tags_for_whom_judges_without_them(jumpseat, record) -> None:
    record("abc")
    assert "  0  " in jumpseat("session", "list").out.splitlines()[1]
    assert jumpseat("card", "blind", "abc").status == 0
    (row,) = jumpseat("session", "list").out.splitlines()[1:]
    assert "  -  " in row
    assert "  0  " not in row


def test_a_session_that_was_cut_off_shows_as_such(jumpseat, record) -> None:
    record("abc", closed=False)
    (row,) = json.loads(jumpseat("session", "list", "--json").out)
    assert (row["state"], row["duration"]) == ("cut-off", None)


def test_show_tells_connections_and_logins(jumpseat, record) -> None:
    directory = record("abc")
    shown = jumpseat("session", "show", "latest").out
    for words in ("abc", "1:02", str(directory), "203.0.113.9:50000", "refused", "candidate left"):
        assert words in shown
    data = json.loads(jumpseat("session", "show", "ab", "--json").out)
    assert data["id"] == "abc"
    assert data["logins"][0]["outcome"] == "refused"
    assert data["connections"][0]["closed"] == 3.5
    assert (data["channels"], data["problems"]) == ([], [])


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"status": 200, "contains": True}, "200, with its words"),
        ({"status": 200, "contains": False}, "200, without its words"),
        ({"status": 401, "auth": ("basic",)}, "401, asks for basic"),
        ({"status": 401, "auth": ()}, "401, asks for a login"),
        ({"status": 301, "location": "http://else.example/"}, "301, to http://else.example/"),
        ({"methods": ("password", "publickey")}, "password, publickey"),
        ({"methods": ()}, "nothing"),
        ({"outcome": "refused"}, "refused"),
        ({"outcome": "broken", "cause": "no TLS (x)"}, "broken (no TLS (x))"),
    ],
)
def test_show_tells_what_was_seen_from_outside(jumpseat, record, fields, words: str) -> None:
    directory = record("abc", closed=False)
    seen = Probe.model_validate(
        {"t": 4.5, "probe": "page", "kind": "http", "place": "http://web01/", "outcome": "answered"}
        | fields
    )
    with (directory / "session.jsonl").open("ab") as journal:
        journal.write(encode_entry(seen))
    outcome = jumpseat("session", "show", "abc")
    assert outcome.out.splitlines()[-1] == f"page   0:04.5  http://web01/  {words}"
    (shown,) = json.loads(jumpseat("session", "show", "abc", "--json").out)["probes"]
    assert (shown["probe"], shown["t"]) == ("page", 4.5)


def test_show_tells_what_was_forwarded(jumpseat, record) -> None:
    journal = record("abc", closed=False) / JOURNAL_NAME
    flow = Flow(stream="out", size=4711, digest="00")
    with journal.open("ab") as file:
        for entry in (
            ForwardOpened(t=2.0, connection=1, channel=1, kind="local", address="localhost:2368"),
            ForwardClosed(t=3.0, connection=1, channel=1, flows=(flow,)),
            ForwardOpened(t=2.0, connection=1, channel=2, kind="local", address="localhost:1"),
            ForwardClosed(t=3.0, connection=1, channel=2, refused="Connection refused"),
        ):
            file.write(encode_entry(entry))
    shown = jumpseat("session", "show", "abc").out
    for words in ("localhost:2368", "4711", "localhost:1 (Connection refused)"):
        assert words in shown
    data = json.loads(jumpseat("session", "show", "abc", "--json").out)
    assert [each["refused"] for each in data["forwards"]] == [None, "Connection refused"]
    assert data["forwards"][0]["flows"][0]["size"] == 4711


@pytest.mark.parametrize("verb", [("session", "show"), ("commands",), ("tags",)])
def test_an_unknown_session_is_an_error_that_teaches(jumpseat, record, verb) -> None:
    record("abc")
    outcome = jumpseat(*verb, "xyz")
    assert (outcome.status, outcome.out) == (1, "")
    assert "no session 'xyz'" in outcome.err
    assert "jumpseat session list" in outcome.err


def test_an_ambiguous_prefix_names_the_candidates(jumpseat, record) -> None:
    record("abc")
    record("abd")
    outcome = jumpseat("session", "show", "ab")
    assert outcome.status == 1
    assert "abc, abd" in outcome.err


@pytest.mark.parametrize("verb", ["replay", "watch"])
def test_views_need_a_terminal_and_say_so(jumpseat, record, verb: str) -> None:
    record("abc")
    outcome = jumpseat(verb, "abc")
    assert outcome.status == 1
    assert "terminal" in outcome.err
    assert "jumpseat tags abc" in outcome.err


def test_completion_offers_sessions_of_the_home_that_was_named_and_files(
    record, home: Home, capfd, tmp_path: Path
) -> None:
    for name in ("a.cast", "b.cast"):
        (tmp_path / name).touch()
    record("abc")
    record("xyz")
    from tui.main import main  # noqa: PLC0415 - as the shell starts it

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["jumpseat"])
        patch.setenv("_JUMPSEAT_COMPLETE", "bash_complete")
        patch.setenv("COMP_WORDS", f"jumpseat --home {home.path} tags a")
        patch.setenv("COMP_CWORD", "4")
        patch.chdir(tmp_path)
        with pytest.raises(SystemExit):
            main()
    assert capfd.readouterr().out.split() == ["plain,abc", "plain,a.cast"]


def test_a_torn_last_line_is_said_beside_the_data(jumpseat, record) -> None:
    directory = record("abc")
    with (directory / "session.jsonl").open("ab") as journal:
        journal.write(b'{"event":"connection-')
    for _ in range(2):  # also when the store has it all
        outcome = jumpseat("commands", "abc", "--json")
        assert (outcome.status, json.loads(outcome.out)) == (0, [])
        assert outcome.err.count("torn last line dropped") == 1


def test_without_findings_it_says_so_beside_the_data(jumpseat, record) -> None:
    record("abc")
    for verb in ("commands", "tags"):
        outcome = jumpseat(verb, "abc")
        assert (outcome.status, outcome.out) == (0, "")
        assert outcome.err.startswith("jumpseat: no")
        assert json.loads(jumpseat(verb, "abc", "--json").out) == []


@pytest.mark.parametrize(
    "words",
    [
        ("session", "extend", "s1", "nan"),
        ("session", "new", "--target", "practice", "--minutes", "nan"),
        ("session", "allow", "s1", "a" * 200),
        ("serve", "--max-hours", "nan"),
        ("serve", "--login-grace", "nan"),
    ],
)
def test_what_no_request_can_hold_is_said_before_one_is_made(
    jumpseat, record, words: tuple[str, ...]
) -> None:
    record("s1")
    outcome = jumpseat(*words)
    assert (outcome.status, "unexpected" in outcome.err) == (2, False)
    assert "not a" in outcome.err
