"""Several interviewers in one debrief, each by stock ssh: open, see, say, and what stays hidden."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from recorder.cards.debriefing import entries_of
from recorder.home import Home
from recorder.store.engine import open_engine
from recorder.store.migrations import prepare
from tests.end_to_end.conftest import OpenTerminal
from tests.end_to_end.support.host import Host
from tests.end_to_end.support.team import Team, seat_port
from tests.tui.debrief.support import SECRET, asked, recorded_book, submit

pytestmark = pytest.mark.end_to_end


@pytest.fixture
def team(tmp_path: Path) -> Team:
    """Ada leads; Bo and Cleo are interviewers."""
    made = Team(tmp_path / "team")
    made.enlist("ada", "bo", "cleo")
    made.file.write_text(made.file.read_text().replace("ada ", "ada:facilitator ", 1))
    return made


@pytest.fixture
def host(tmp_path: Path, team: Team) -> Iterator[Host]:
    """A host with a judged session: all were asked, Cleo's card is missing."""
    made = Host(tmp_path / "host", *team.options)
    home = Home(made.home).ensure()
    engine = open_engine(home.database_url)
    prepare(engine)
    book = recorded_book(home, engine)
    asked(book, "ada", "bo", "cleo")
    submit(book, "ada", "bo")
    engine.dispose()
    made.start()
    yield made
    made.stop()


def test_three_sit_in_one_debrief_and_each_sees_what_they_may(
    team: Team, host: Host, open_terminal: OpenTerminal
) -> None:
    port = seat_port(host.out.read_text)
    seats = {name: open_terminal(100, 40) for name in ("ada", "bo", "cleo")}
    for name, seat in seats.items():
        argv = team.client(name, port).argv("debrief", "s1")
        seat.start([argv[0], "-tt", *argv[1:]], term="xterm-256color")
        seat.wait_for("Waiting for cleo")
        assert SECRET not in seat.screen()
    # An interviewer may not open while somebody is missing; who leads may, and that is noted.
    seats["bo"].key("o")
    seats["bo"].wait_for("card of cleo is missing")
    seats["bo"].key("Enter")
    seats["bo"].wait_for("may not open the debrief early")
    seats["bo"].key("Escape")
    seats["ada"].key("o")
    seats["ada"].wait_for("card of cleo is missing")
    seats["ada"].key("Enter")
    seats["ada"].wait_for("missing: cleo")
    seats["bo"].wait_for("differ")
    seats["cleo"].wait_for("yours is not in")
    # What one says, the other sees; whose card is owed sees none of it.
    seats["bo"].key("n")
    seats["bo"].wait_for("left Apache alone")
    seats["bo"].key("w")
    seats["bo"].wait_for("What was said about")
    seats["bo"].type("heron")
    seats["bo"].key("Enter")
    seats["ada"].key("n")
    seats["ada"].wait_for(r"minute \(bo, .*heron")
    assert not re.search(f"heron|{SECRET}|left Apache", seats["cleo"].screen())
    # The replay at the moment of a piece of evidence, and back at the same place.
    seats["ada"].key("Enter")
    seats["ada"].wait_for("PLAYING|ENDED")
    seats["ada"].key("q")
    seats["ada"].wait_for(r"minute \(bo, .*heron")
    for seat in seats.values():
        seat.key("q")
        assert seat.await_exit() == 0
    engine = open_engine(Home(host.home).database_url)
    try:
        kept = [(each.kind, each.who, each.text) for each in entries_of(engine, "s1")]
    finally:
        engine.dispose()
    assert kept == [("opened", "ada", "cleo"), ("minute", "bo", "heron")]
    trace = host.json("trace", "s1")
    assert {(e["who"], e["door"]) for e in trace if e["action"] == "cards-read"} == {
        ("ada", "ssh"),
        ("bo", "ssh"),
    }
