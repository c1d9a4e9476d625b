"""`jumpseat tags --confirm ...` and what follows: listed, counted, compared, moved, purged."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete

from analyzer.judgements import judge, judgements_of, of_tag
from analyzer.rows import stored_analysis
from analyzer.tables import TagRow
from recorder.home import Home
from tests.support.typed_session import session
from tui.person import person

Call = Callable[..., Any]
STOPPED = "sudo systemctl stop apache2"


@pytest.fixture
def tags(home: Home, jumpseat: Call) -> dict[str, dict[str, Any]]:
    """A session's tags by their signals."""
    session(home, "aaaa2222", STOPPED, "man sshd_config", "chmod 777 x", sealed=True)
    found = json.loads(jumpseat("tags", "aaaa2222", "--json").out)
    return {tag["signal"]: tag for tag in found}


def listed(jumpseat: Call) -> list[dict[str, Any]]:
    found = jumpseat("tags", "aaaa2222", "--judgements", "--json")
    assert found.status == 0, found.err
    return list(json.loads(found.out))


def test_several_things_are_said_at_once(jumpseat: Call, tags: dict[str, Any]) -> None:
    done = jumpseat(
        "tags", "aaaa2222", "--confirm", tags["apache-stopped"]["id"], "--reject",
        "world-writable", "--relabel", "read-docs@0:13=stuck", "--reason", "as it was shown",
    )  # fmt: skip
    assert (done.status, done.out.splitlines()) == (
        0,
        [
            "confirmed: apache-stopped@0:03.1",
            "rejected: world-writable@0:23.1",
            "relabelled: read-docs@0:13.1 is stuck",
        ],
    )
    said = listed(jumpseat)
    assert [(each["signal"], each["verdict"], each["label"]) for each in said] == [
        ("apache-stopped", "confirmed", None),
        ("world-writable", "rejected", None),
        ("read-docs", "relabelled", "stuck"),
    ]
    assert {each["who"] for each in said} == {person()}
    assert {each["reason"] for each in said} == {"as it was shown"}
    assert all(each["counts"] and not each["orphaned"] for each in said)
    assert set(said[0]) == {
        "number", "tag", "signal", "start", "until", "verdict", "label", "who", "said", "reason",
        "counts", "orphaned",
    }  # fmt: skip


def test_tags_themselves_are_printed_as_if_nobody_had_spoken(
    jumpseat: Call, tags: dict[str, Any]
) -> None:
    before = [jumpseat("tags", "aaaa2222", *more).out for more in ((), ("--json",), ("--all",))]
    jumpseat("tags", "aaaa2222", "--reject", "apache-stopped", "--reason", "hidden word")
    after = [jumpseat("tags", "aaaa2222", *more).out for more in ((), ("--json",), ("--all",))]
    assert before == after


def test_the_last_word_counts_and_a_withdrawn_one_does_not(
    jumpseat: Call, tags: dict[str, Any]
) -> None:
    for option in ("--confirm", "--reject", "--withdraw"):
        assert jumpseat("tags", "aaaa2222", option, "apache-stopped").status == 0
    assert [each["counts"] for each in listed(jumpseat)] == [False, False, False]
    shown = jumpseat("tags", "aaaa2222", "--judgements").out
    assert shown.count("no: replaced") == 2
    again = jumpseat("tags", "aaaa2222", "--withdraw", "apache-stopped")
    assert again.status == 2
    assert "there is no judgement to withdraw" in again.err


def test_a_judgement_survives_analysis_made_anew_and_outlives_its_tag(
    jumpseat: Call, tags: dict[str, Any], store: Engine
) -> None:
    jumpseat("tags", "aaaa2222", "--reject", "apache-stopped", "--confirm", "world-writable")
    assert jumpseat("analyze", "aaaa2222").status == 0
    assert [each["orphaned"] for each in listed(jumpseat)] == [False, False]
    # As after a change of rules: this one finds nothing any more.
    with store.begin() as connection:
        connection.execute(delete(TagRow).where(TagRow.signal == "apache-stopped"))
    assert {each["signal"]: each["orphaned"] for each in listed(jumpseat)} == {
        "apache-stopped": True,
        "world-writable": False,
    }
    assert "orphaned: the tag is gone" in jumpseat("tags", "aaaa2222", "--judgements").out
    assert jumpseat("analyze", "aaaa2222").status == 0
    assert [each["orphaned"] for each in listed(jumpseat)] == [False, False]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--reject", "apache-stoped@0:03"), "near it: apache-stopped@0:03.1 (apache-stopped-c1"),
        (("--reject", "nothing-like-it"), "no tag 'nothing-like-it'"),
        (("--reject", "apache-stopped@late"), "not a time: 'late'"),
        (("--relabel", "apache-stopped"), "not ID=SIGNAL"),
        (("--relabel", "apache-stopped=stuk"), "no signal 'stuk'; near it: stuck"),
        (("--relabel", "apache-stopped=apache-stopped"), "is apache-stopped already"),
        (("--confirm", "apache", "--reject", "apache-stopped"), "is named twice"),
        (("--reason", "because"), "--reason of what?"),
        (("--confirm", "apache", "--judgements"), "--judgements only prints"),
        (("--confirm", "apache", "--reason", "x" * 2001), "2001 characters"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_line_and_keeps_nothing(
    jumpseat: Call, tags: dict[str, Any], options: tuple[str, ...], said: str
) -> None:
    done = jumpseat("tags", "aaaa2222", *options)
    assert (done.status, done.out) == (2, "")
    assert said in done.err
    assert len(done.err.splitlines()) == 1
    assert listed(jumpseat) == []


def test_of_a_file_nothing_can_be_said(jumpseat: Call, tmp_path: Path) -> None:
    cast = tmp_path / "a.cast"
    cast.write_text('{"version": 2, "width": 80, "height": 24}\n[0.5, "o", "hello"]\n')
    done = jumpseat("tags", str(cast), "--confirm", "x")
    assert done.status == 2
    assert "`jumpseat session import` makes a session of it" in done.err


def test_what_is_said_cannot_draw_on_a_terminal(jumpseat: Call, tags: dict[str, Any]) -> None:
    jumpseat("tags", "aaaa2222", "--reject", "apache-stopped", "--reason", "a\x1b[2Jb\nc")
    shown = jumpseat("tags", "aaaa2222", "--judgements")
    assert "\x1b" not in shown.out
    assert len(shown.out.splitlines()) == 2


def test_precision_is_told_from_five_on(jumpseat: Call, home: Home) -> None:
    nobody = jumpseat("signals", "precision")
    assert "nobody said anything" in nobody.err
    for number in range(5):
        name = f"aaaa222{number}"
        session(home, name, STOPPED, "chmod 777 x", sealed=True)
        option = "--reject" if number == 0 else "--confirm"
        assert jumpseat("tags", name, option, "apache-stopped").status == 0
    jumpseat("tags", "aaaa2221", "--confirm", "world-writable")
    found = json.loads(jumpseat("signals", "precision", "--json").out)
    assert [(e["signal"], e["confirmed"], e["rejected"], e["precision"]) for e in found] == [
        ("apache-stopped", 4, 1, 0.8),
        ("world-writable", 1, 0, None),
    ]
    shown = jumpseat("signals", "precision")
    assert "80%" in shown.out
    assert "no share below 5" in shown.err


def test_sessions_that_went_alike_are_found_and_why(
    jumpseat: Call, home: Home, store: Engine
) -> None:
    session(home, "aaaa2222", STOPPED, "chmod 777 x", sealed=True)
    session(home, "bbbb3333", STOPPED, sealed=True)
    session(home, "cccc4444", "man sshd_config", sealed=True)
    assert jumpseat("analyze", "--all").status == 0
    found = json.loads(jumpseat("session", "like", "aaaa2222", "--json").out)
    assert found["like"][0]["session"] == "bbbb3333"
    assert "apache-stopped" in [part["name"] for part in found["like"][0]["alike"]]
    assert found["compared"] == 2
    shown = jumpseat("session", "like", "aaaa2222").out
    assert "alike: " in shown
    assert "(once here, once there)" in shown
    # What people called wrong makes nobody alike.
    before = found["like"][0]["likeness"]
    analysis = stored_analysis(store, "bbbb3333")
    assert analysis is not None
    judge(store, "bbbb3333", [of_tag(tag, "rejected") for tag in analysis.tags], "ada")
    found = json.loads(jumpseat("session", "like", "aaaa2222", "--json").out)
    now = next(each for each in found["like"] if each["session"] == "bbbb3333")
    assert now["likeness"] < before
    assert [part for part in now["alike"] if part["kind"] == "signal"] == []


def test_of_one_session_alone_nothing_is_alike(jumpseat: Call, tags: dict[str, Any]) -> None:
    done = jumpseat("session", "like", "aaaa2222")
    assert (done.status, done.out) == (0, "")
    assert "nothing to compare it with" in done.err


def test_judgements_travel_with_their_session_and_go_with_it(
    jumpseat: Call, home: Home, tags: dict[str, Any], tmp_path: Path, store: Engine
) -> None:
    jumpseat("tags", "aaaa2222", "--reject", "apache-stopped", "--reason", "for the journey")
    before = judgements_of(store, "aaaa2222")
    file = str(tmp_path / "a.tar.gz")
    assert jumpseat("session", "export", "aaaa2222", "--output", file).status == 0
    assert jumpseat("session", "purge", "aaaa2222", "--yes").status == 0
    assert judgements_of(store, "aaaa2222") == ()
    assert jumpseat("session", "import", file).status == 0
    assert judgements_of(store, "aaaa2222") == before
    assert [each["orphaned"] for each in listed(jumpseat)] == [False]


def test_stretches_are_named_and_taken_back(jumpseat: Call, tags: dict[str, Any]) -> None:
    done = jumpseat(
        "phases", "aaaa2222", "--relabel", "0:10-0:20=database/configuring",
        "--relabel", "20-40=stuck", "--reason", "I sat there",
    )  # fmt: skip
    assert (done.status, done.out.splitlines()) == (
        0,
        [
            "relabelled: 0:10.0-0:20.0 is database/configuring",
            "relabelled: 0:20.0-0:40.0 is stuck",
        ],
    )
    assert jumpseat("phases", "aaaa2222", "--withdraw", "0:20-0:40").status == 0
    said = listed(jumpseat)
    assert [(each["tag"], each["start"], each["label"], each["counts"]) for each in said] == [
        (None, 10.0, "database/configuring", True),
        (None, 20.0, "stuck", False),
        (None, 20.0, None, False),
    ]
    assert not any(each["orphaned"] for each in said)


def test_one_word_of_a_stretch_is_completed_by_what_was_shown(
    jumpseat: Call, tags: dict[str, Any]
) -> None:
    phases = json.loads(jumpseat("phases", "aaaa2222", "--json").out)
    assert phases
    assert jumpseat("phases", "aaaa2222", "--relabel", "0:00-1:39=database").status == 0
    (said,) = listed(jumpseat)
    topic, activity = said["label"].split("/")
    assert topic == "database"
    longest = max(phases, key=lambda each: each["until"] - each["from"])
    assert activity == longest["activity"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--relabel", "0:10-0:20=wbe"), "near it: web"),
        (("--relabel", "0:20-0:10=web"), "0:20 is not before 0:10"),
        (("--withdraw", "0:10-0:20"), "there is no judgement to withdraw"),
        (("--reason", "why"), "--reason of what?"),
    ],
)
def test_what_makes_no_sense_of_stretches_is_refused(
    jumpseat: Call, tags: dict[str, Any], options: tuple[str, ...], said: str
) -> None:
    done = jumpseat("phases", "aaaa2222", *options)
    assert (done.status, done.out) == (2, "")
    assert said in done.err
    assert listed(jumpseat) == []
