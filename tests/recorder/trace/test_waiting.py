"""What waits for the trace reaches it, once, whoever takes it in; nothing of it is lost."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from recorder.errors import StoreError, TraceError
from recorder.home import Home
from recorder.store.engine import open_engine
from recorder.store.migrations import prepare
from recorder.trace.actions import Action
from recorder.trace.entries import MOST_DETAIL, Actor
from recorder.trace.keeping import add, entries
from recorder.trace.taking import take_in
from recorder.trace.verifying import verify
from recorder.trace.waiting import put, read_waiting, waiting

ANNA = Actor("anna", "ssh")
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").ensure()


@pytest.fixture
def engine(store_url: str) -> Iterator[Engine]:
    engine = open_engine(store_url)
    prepare(engine)
    yield engine
    engine.dispose()


def test_what_waits_is_taken_in_once_in_its_order_and_with_its_own_time(
    home: Home, engine: Engine
) -> None:
    put(home, ANNA.doing(Action.WATCHED, "k7aaaaaa"), now=NOON)
    put(home, ANNA.doing(Action.NOTED, "k7aaaaaa", "mark 1"), now=NOON)
    add(engine, ANNA.doing(Action.REPLAYED, "m2bbbbbb"))
    assert take_in(home, engine) == 2
    assert take_in(home, engine) == 0
    assert waiting(home) == []
    found = entries(engine)
    assert [each.action for each in found] == ["replayed", "watched", "noted"]
    assert [each.said for each in found[1:]] == [NOON, NOON]
    assert found[2].detail == "mark 1"
    assert verify(engine).fault is None


def test_two_deeds_of_one_moment_are_both_told(home: Home, engine: Engine) -> None:
    for detail in ("mark 1", "mark 2"):
        put(home, ANNA.doing(Action.NOTED, "k7aaaaaa", detail), now=NOON)
    assert take_in(home, engine) == 2
    assert sorted(each.detail for each in entries(engine)) == ["mark 1", "mark 2"]


@pytest.mark.parametrize(
    ("about", "detail"), [("k7aaaaaa", ""), (None, "all"), ("s\0" * 40, "x" * (MOST_DETAIL + 1))]
)
def test_one_that_was_taken_in_by_whoever_was_killed_then_is_not_told_twice(
    home: Home, engine: Engine, about: str | None, detail: str
) -> None:
    path = put(home, ANNA.doing(Action.WATCHED, about, detail))
    content = path.read_bytes()
    assert take_in(home, engine) == 1
    path.write_bytes(content)
    assert take_in(home, engine) == 0
    assert waiting(home) == []
    assert len(entries(engine)) == 1


def test_several_take_in_at_once_and_each_entry_is_there_once(
    home: Home, engine: Engine, store_url: str
) -> None:
    for number in range(20):
        put(home, ANNA.doing(Action.NOTED, None, str(number)))
    code = (
        "import sys; from pathlib import Path; from recorder.home import Home;"
        " from recorder.store.engine import open_engine; from recorder.trace.taking import take_in;"
        f" engine = open_engine({store_url!r}); sys.stdin.read();"
        f" take_in(Home(Path({str(home.path)!r})), engine)"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(3)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.close()  # go
        process.stdin = None
    said = [process.communicate()[1] for process in processes]
    assert [(p.returncode, err) for p, err in zip(processes, said, strict=True)] == [(0, b"")] * 3
    assert sorted(int(each.detail) for each in entries(engine)) == list(range(20))
    assert verify(engine).fault is None


def test_a_store_that_cannot_be_written_leaves_it_waiting(home: Home, engine: Engine) -> None:
    put(home, ANNA.doing(Action.WATCHED, "k7aaaaaa"))
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE trace RENAME TO away")
    with pytest.raises(StoreError):
        take_in(home, engine)
    assert len(waiting(home)) == 1
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO trace")
    assert take_in(home, engine) == 1


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_what_cannot_be_read_stays_and_is_named_and_the_others_go_in(
    home: Home, engine: Engine
) -> None:
    put(home, ANNA.doing(Action.WATCHED, "k7aaaaaa"))
    torn = home.waiting / "0.json"
    torn.write_text('{"who": "an')
    with pytest.raises(TraceError, match=r"0\.json waits for the trace and cannot be read"):
        take_in(home, engine)
    assert waiting(home) == [torn]
    assert len(entries(engine)) == 1


def test_a_home_that_cannot_be_written_is_told(home: Home) -> None:
    home.waiting.write_text("a file in its place")
    with pytest.raises(TraceError, match="the trace cannot be written"):
        put(home, ANNA.doing(Action.WATCHED, "k7aaaaaa"))


def test_only_its_owner_may_read_it(home: Home) -> None:
    path = put(home, ANNA.doing(Action.WATCHED, "k7aaaaaa"))
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


_KEYS = st.sampled_from(["said", "who", "door", "action", "about", "detail"])
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just("watched"),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(_KEYS, each, max_size=6),
)


@given(_JSON.map(lambda each: json.dumps(each).encode()) | st.binary(max_size=40))
def test_any_file_is_read_or_refused_in_the_declared_ways(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_bytes(content)
    try:
        doing, said = read_waiting(path)
    except (ValueError, LookupError, TypeError):
        return
    assert said.tzinfo is not None
    assert doing.action in set(Action)
    assert isinstance(doing.about, str | None)


@pytest.mark.parametrize(
    "change",
    [
        {"said": "0001-01-01T00:00:00+23:00"}, {"said": "2026-06-01T12:00:00"}, {"said": "noon"},
        {"door": "window"}, {"door": None}, {"action": "stolen"}, {"action": ["watched"]},
        {"about": 7}, {"who": None}, {"detail": {}},
    ],
)  # fmt: skip
def test_what_no_program_of_ours_has_written_is_refused(
    home: Home, change: dict[str, object]
) -> None:
    path = put(home, ANNA.doing(Action.WATCHED, "k7aaaaaa"))
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises((ValueError, LookupError, TypeError)):
        read_waiting(path)
