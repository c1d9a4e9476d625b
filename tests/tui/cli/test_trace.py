"""`jumpseat trace`: what verbs leave in it, who may see it, and whether it is whole."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError

from recorder.errors import RoleError, UsageError
from recorder.home import Home
from recorder.trace.actions import Action
from recorder.trace.entries import Actor
from recorder.trace.keeping import add, entries
from recorder.trace.roles import Role
from recorder.trace.waiting import waiting
from tests.recorder.samples import make_older, record_session
from tui.cli.trace import _moment
from tui.person import must_have, person, sit_as

Call = Callable[..., Any]
WORD = "zq7secret"
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def session(home: Home) -> str:
    return record_session(home, shows=WORD).name


def told(jumpseat: Call, *args: str) -> list[dict[str, Any]]:
    found = jumpseat("trace", *args, "--json")
    assert found.status == 0, found.err
    return [each for each in json.loads(found.out) if each["action"] != "trace-read"]


@pytest.mark.parametrize(
    ("verb", "action", "detail"),
    [
        (("commands",), "read", "commands"),
        (("tags", "--json"), "read", "tags"),
        (("phases",), "read", "phases"),
        (("notes",), "read", "notes"),
        (("notes", "--mark", "--at", "0"), "noted", "mark 1"),
        (("session", "show"), "read", "session show"),
        (("session", "like"), "read", "session like"),
        (("tags", "--judgements"), "read", "tags"),
    ],
)
def test_a_verb_that_shows_or_says_something_leaves_an_entry(
    jumpseat: Call, session: str, verb: tuple[str, ...], action: str, detail: str
) -> None:
    at = 2 if verb[0] == "session" else 1
    done = jumpseat(*verb[:at], session, *verb[at:])
    assert done.status == 0, done.err
    (entry,) = told(jumpseat, session)
    assert (entry["who"], entry["door"]) == (person(), "command-line")
    assert (entry["action"], entry["about"], entry["detail"]) == (action, session, detail)


def test_a_search_is_told_and_what_was_looked_for_is_not(jumpseat: Call, session: str) -> None:
    assert WORD in jumpseat("search", WORD, session).out
    (entry,) = told(jumpseat)
    assert (entry["action"], entry["about"], entry["detail"]) == ("read", session, "search")


def test_judgements_exports_and_imports_are_told_without_their_content(
    jumpseat: Call, home: Home, session: str, store: Engine, tmp_path: Path
) -> None:
    out = tmp_path / "out.tar.gz"
    assert jumpseat("session", "export", session, "-o", str(out)).status == 0
    text = jumpseat("session", "export", session, "--to", "txt", "-o", "-")
    assert WORD in text.out
    assert jumpseat("phases", session, "--relabel", "0-0.1=database").status == 0
    assert jumpseat("session", "purge", session, "--yes").status == 0
    assert jumpseat("session", "import", str(out)).status == 0
    found = [(each["action"], each["detail"]) for each in told(jumpseat, session)]
    assert found == [
        ("exported", "archive"),
        ("exported", "txt c1-1"),
        ("judged", "judgement 1"),
        ("purge-begun", "named"),
        ("purged", "begun by entry 4"),
        ("imported", "archive"),
    ]
    assert WORD not in json.dumps(told(jumpseat))
    assert "A. Example" not in json.dumps(told(jumpseat))


def test_an_order_to_a_running_session_is_told_without_the_candidates_address(
    jumpseat: Call, session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = {"id": session, "admitted": ["198.51.100.7"], "listen": "127.0.0.1:1"}
    monkeypatch.setattr("tui.orders.ask", lambda *_: state)
    assert jumpseat("session", "allow", session, "198.51.100.7").status == 0
    assert jumpseat("session", "close", session).status == 0
    found = told(jumpseat, session)
    assert [(each["action"], each["detail"]) for each in found] == [
        ("steered", "allow"), ("steered", "close"),
    ]  # fmt: skip
    assert "198.51.100.7" not in str(found)


def test_who_looked_before_it_went_is_told_before(jumpseat: Call, session: str) -> None:
    assert jumpseat("search", WORD, session).status == 0  # opens no store
    assert jumpseat("session", "purge", session, "--yes").status == 0
    found = [each["action"] for each in told(jumpseat, session)]
    assert found == ["read", "purge-begun", "purged"]


def test_a_purge_leaves_the_guards_of_the_trace_as_they_were(
    jumpseat: Call, session: str, store: Engine
) -> None:
    assert jumpseat("session", "purge", session, "--yes").status == 0
    for statement in ("UPDATE trace SET who = 'ben'", "DELETE FROM trace"):
        with pytest.raises(DatabaseError, match="never changed"), store.begin() as connection:
            connection.exec_driver_sql(statement)


def test_a_file_that_is_no_session_is_not_told(jumpseat: Call, tmp_path: Path) -> None:
    cast = tmp_path / "demo.cast"
    cast.write_text('{"version": 2, "width": 80, "height": 24}\n[0.5, "o", "$ ls\\r\\n"]\n')
    assert jumpseat("commands", str(cast)).status == 0
    assert jumpseat("search", "ls", str(cast)).status == 0
    assert told(jumpseat) == []


def test_what_expired_is_told_with_its_age(jumpseat: Call, home: Home, session: str) -> None:
    make_older(home, home.recording(session), datetime.now(UTC) - timedelta(days=91))
    assert jumpseat("session", "purge", "--older-than", "90d", "--yes").status == 0
    found = [(each["action"], each["detail"]) for each in told(jumpseat)]
    assert found == [("purge-begun", "older than 90d"), ("purged", "begun by entry 1")]


@pytest.mark.parametrize(
    "verb",
    [
        ("session", "export", "SESSION", "-o", "OUT"),
        ("session", "export", "SESSION", "--to", "txt", "-o", "OUT"),
        ("session", "purge", "SESSION", "--yes"),
    ],
)
def test_what_hands_out_or_deletes_is_refused_where_it_cannot_be_told(
    jumpseat: Call, home: Home, session: str, store: Engine, tmp_path: Path, verb: tuple[str, ...]
) -> None:
    with store.begin() as connection:
        connection.exec_driver_sql("DROP TABLE trace")
    out = tmp_path / "out"
    words = [{"SESSION": session, "OUT": str(out)}.get(word, word) for word in verb]
    done = jumpseat(*words)
    assert done.status == 1
    assert "could not be noted in the trace, and is not done" in done.err
    assert "Traceback" not in done.err
    assert not out.exists()
    assert home.recording(session).is_dir()


def test_who_only_looks_is_warned_and_told_of_later(
    jumpseat: Call, home: Home, session: str, store: Engine
) -> None:
    with store.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE trace RENAME TO away")
    done = jumpseat("commands", session, "--json")
    assert done.status == 0
    assert "not in the trace yet" in done.err
    assert len(waiting(home)) == 1
    with store.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO trace")
    assert [each["detail"] for each in told(jumpseat)] == ["commands"]


def test_entries_are_chosen_and_a_session_that_is_gone_is_still_found(
    jumpseat: Call, store: Engine
) -> None:
    add(store, Actor("anna", "ssh").doing(Action.WATCHED, "k7aaaaaa"), now=NOW)
    add(store, Actor("ben", "seat").doing(Action.PURGED, "k7aaaaaa"), now=NOW + timedelta(days=2))
    add(store, Actor("ben", "seat").doing(Action.WATCHED, "m2bbbbbb"), now=NOW + timedelta(days=5))

    def numbers(*args: str) -> list[int]:
        return [each["number"] for each in told(jumpseat, *args)]

    assert numbers("k7") == [1, 2]
    assert numbers("--who", "ben") == [2, 3]
    assert numbers("--action", "watched", "--who", "ben") == [3]
    # Dates are local: wherever on Earth, the second is before this day and the third behind it.
    assert numbers("--since", "2026-06-05") == [3]
    assert numbers("list", "m2bbbbbb") == [3]
    missing = jumpseat("trace", "x9")
    assert (missing.status, "there are no sessions" in missing.err) == (1, True)


def test_the_table_reads_well(jumpseat: Call, store: Engine) -> None:
    add(store, Actor("anna", "ssh").doing(Action.NOTED, "k7aaaaaa", "mark 1"), now=NOW)
    shown = jumpseat("trace").out.splitlines()
    assert shown[0].split() == ["n", "when", "who", "door", "action", "session", "detail"]
    assert shown[1].split()[-6:] == ["anna", "ssh", "noted", "k7aaaaaa", "mark", "1"]
    assert shown[2].split()[-2:] == ["trace-read", "-"]


def test_an_entry_from_the_end_of_the_calendar_hides_no_other(
    jumpseat: Call, store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Etc/GMT-14")
    time.tzset()
    try:
        for year in (1, 9999):
            then = datetime(year, 12, 31, 23, tzinfo=UTC)
            add(store, Actor("anna", "ssh").doing(Action.NOTED, "k7aaaaaa", "mark 1"), now=then)
        shown = jumpseat("trace")
    finally:
        monkeypatch.undo()
        time.tzset()
    assert shown.status == 0
    assert "9999-12-31 23:00:00  anna" in shown.out


def test_verify_prints_the_head_and_finds_it_again(jumpseat: Call, store: Engine) -> None:
    add(store, Actor("anna", "ssh").doing(Action.WATCHED, "k7aaaaaa"))
    first = jumpseat("trace", "verify")
    assert first.status == 0
    assert first.out.splitlines()[0] == "the trace is whole: 1 entries"
    head = first.out.splitlines()[1].removeprefix("head ")
    assert jumpseat("trace").status == 0  # one entry more
    again = jumpseat("trace", "verify", "--head", head)
    assert (again.status, "the head that you noted is entry 1" in again.out) == (0, True)
    other = jumpseat("trace", "verify", "--head", "f" * 64)
    assert (other.status, "NOT in it" in other.out) == (1, True)
    assert jumpseat("trace", "verify", "--head", "3f9c").status == 2


def test_a_trace_that_was_made_anew_is_not_the_one_that_the_home_remembers(
    jumpseat: Call, store: Engine
) -> None:
    for _ in range(3):
        assert jumpseat("trace").status == 0
    assert "entry 3 is the one that this home remembers" in jumpseat("trace", "verify").out
    with store.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER trace_never_shrinks")
        connection.exec_driver_sql("DELETE FROM trace WHERE number > 1")
    for _ in range(5):
        assert jumpseat("trace").status == 0
    found = jumpseat("trace", "verify")
    assert found.status == 1
    assert "the trace is whole: 6 entries" in found.out
    assert "entry 3 is NOT the one that this home remembers" in found.out
    as_json = json.loads(jumpseat("trace", "verify", "--json").out)
    assert (as_json["whole"], as_json["remembered"]["found"]) == (True, False)


def test_verify_names_the_entry_that_was_changed(jumpseat: Call, store: Engine) -> None:
    for number in range(3):
        add(store, Actor("anna", "ssh").doing(Action.NOTED, None, str(number)))
    with store.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER trace_never_changes")
        connection.exec_driver_sql("UPDATE trace SET who = 'ben' WHERE number = 2")
    found = jumpseat("trace", "verify")
    assert found.status == 1
    assert "the trace is NOT whole; entry 2: it was changed" in found.out
    as_json = json.loads(jumpseat("trace", "verify", "--json").out)
    assert (as_json["whole"], as_json["entries"], as_json["fault"]["number"]) == (False, 1, 2)


@pytest.mark.parametrize(
    ("role", "args", "status"),
    [
        ("interviewer", ("trace",), 1),
        ("interviewer", ("trace", "k7aaaaaa"), 1),
        ("facilitator", ("trace",), 1),
        ("facilitator", ("trace", "k7aaaaaa"), 0),
        ("facilitator", ("trace", "verify"), 1),
        ("facilitator", ("session", "purge", "--older-than", "90d"), 1),
        ("facilitator", ("session", "export", "k7aaaaaa"), 1),
        ("interviewer", ("card", "ask", "SESSION", "ben"), 1),
        ("facilitator", ("card", "ask", "SESSION", "ben"), 0),
        ("admin", ("trace",), 0),
        ("admin", ("session", "purge", "--older-than", "90d"), 0),
    ],
)
def test_a_role_may_what_it_may(
    jumpseat: Call, store: Engine, session: str,
    role: Role, args: tuple[str, ...], status: int,
) -> None:  # fmt: skip
    add(store, Actor("anna", "ssh").doing(Action.WATCHED, "k7aaaaaa"))
    sit_as("carla", role)
    done = jumpseat(*(session if word == "SESSION" else word for word in args))
    assert done.status == status, done.err
    if status:
        assert f"{role} may not" in done.err
    elif args[0] == "trace":
        assert entries(store)[-1].who == "carla"


def test_whoever_sits_at_the_machine_is_admin() -> None:
    must_have("purge")


def test_an_interviewer_over_ssh_may_not_what_only_others_may() -> None:
    sit_as("anna", "interviewer")
    with pytest.raises(RoleError, match="an interviewer may not open the debrief early"):
        must_have("open the debrief early")


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("36h", NOW - timedelta(hours=36)),
        ("2026-05-01T10:00+00:00", datetime(2026, 5, 1, 10, tzinfo=UTC)),
        ("2026-05-01", datetime(2026, 5, 1).astimezone(UTC)),
    ],
)
def test_a_time_is_an_age_or_a_date(words: str, moment: datetime) -> None:
    assert _moment(words, NOW) == moment


@pytest.mark.parametrize("words", ["", "yesterday", "0d", "2026-13-01", "9" * 400, "-1d"])
def test_what_is_no_time_is_wrong_usage(words: str) -> None:
    with pytest.raises(UsageError, match="since when"):
        _moment(words, NOW)


def test_every_action_is_documented(root: Path) -> None:
    text = (root / "docs" / "trace.md").read_text()
    assert [each.value for each in Action if f"`{each.value}`" not in text] == []
