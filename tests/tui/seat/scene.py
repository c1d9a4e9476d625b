"""A session of the shipped exercise in its fortieth minute, as a journal and findings."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

from analyzer.records import Phase
from recorder.exercise.loader import parse_exercise, shipped_directory
from recorder.recording.journal import (
    ChannelOpened,
    ClockStarted,
    ConnectionClosed,
    ConnectionOpened,
    ExerciseChosen,
    JournalEntry,
    LoginAttempt,
    Probe,
    SessionOpened,
)
from recorder.store.notes import Note
from tests.tui.seat.support import FakeFeed, make_command, make_tag
from tui.seat.feed import Findings, Overview, Terminal, TerminalKey

STARTED = "2026-11-20T13:00:00+00:00"
NOW = 2400.0
PEER = "198.51.100.7"


@cache
def plan() -> dict[str, Any]:
    """The shipped exercise as a journal has it."""
    text = (shipped_directory() / "ghost.toml").read_text()
    raw: dict[str, Any] = parse_exercise(text, "ghost.toml").model_dump(
        mode="json", by_alias=True, exclude={"target": {"password"}}, exclude_none=True
    )
    return raw


def opening() -> list[JournalEntry]:
    return [
        SessionOpened(
            t=0.0,
            program="jumpseat 0.1.0",
            session="s-1",
            started=STARTED,
            monotonic=0.0,
            boot="test",
            target="practice",
            candidate="Ada Example",
        ),
        ExerciseChosen(t=0.0, name="ghost", plan=plan()),
    ]


def attempt(t: float, connection: int = 1, **more: Any) -> LoginAttempt:
    values: dict[str, Any] = {
        "user": "candidate",
        "method": "password",
        "methods": ("publickey", "password"),
        "outcome": "accepted",
    }
    return LoginAttempt(t=t, connection=connection, **(values | more))


def page(t: float, **more: Any) -> Probe:
    values: dict[str, Any] = {
        "probe": "marketing-page",
        "kind": "http",
        "place": "http://web-1/",
        "outcome": "answered",
        "status": 200,
        "contains": True,
        "server": "Apache",
    }
    return Probe(t=t, **(values | more))


def journal() -> list[JournalEntry]:
    """The clock began at minute 2, the page went down at minute 31, a login failed at 39:20."""
    return [
        *opening(),
        page(12.0),
        Probe(
            t=14.0,
            probe="https",
            kind="http",
            place="https://web-1/",
            outcome="refused",
            cause=None,
        ),
        Probe(
            t=15.0, probe="ghost-port", kind="http", place="http://web-1:2368/", outcome="timeout"
        ),
        Probe(
            t=16.0,
            probe="ssh-logins",
            kind="logins",
            place="candidate@web-1:22",
            outcome="answered",
            methods=("password", "publickey"),
        ),
        ClockStarted(t=120.0, length=3600.0),
        ConnectionOpened(t=300.0, connection=1, peer=f"{PEER}:50000", client="OpenSSH_9.6"),
        attempt(301.0, method="none", outcome="refused"),
        attempt(306.0),
        ChannelOpened(t=307.0, connection=1, channel=1, kind="shell", user="candidate"),
        page(1860.0, outcome="refused", status=None, contains=None, server=None),
        Probe(
            t=2100.0,
            probe="ssh-logins",
            kind="logins",
            place="candidate@web-1:22",
            outcome="answered",
            methods=("publickey",),
        ),
        ConnectionOpened(t=2355.0, connection=2, peer=f"{PEER}:50002", client="OpenSSH_9.6"),
        attempt(2360.0, 2, method="password", outcome="refused", cause="refused"),
        ConnectionClosed(t=2365.0, connection=2, reason="the client left"),
    ]


def note(number: int, kind: Any, t: float, text: str = "", subject: str | None = None) -> Note:
    return Note(
        number=number,
        who="ivo",
        said=datetime(2026, 11, 20, 13, 30, tzinfo=UTC),
        kind=kind,
        t=t,
        text=text,
        subject=subject,
    )


def findings() -> Findings:
    return Findings(
        tags=(
            make_tag("t1", 420.0, signal="looked-at-release", topic="orientation"),
            make_tag("t2", 900.0, "failed", signal="node-too-old", topic="ghost"),
            make_tag("t3", 1858.0, signal="apache-stopped", topic="web"),
            make_tag("t4", 2098.0, "unknown", signal="password-logins-off", topic="ssh"),
        ),
        commands=(
            make_command("k1", 420.0, "cat /etc/os-release"),
            make_command("k2", 1857.0, "sudo systemctl stop apache2"),
            make_command("k3", 2090.0, "sudo systemctl reload ssh"),
        ),
        titles={
            "looked-at-release": "Looked at the release",
            "node-too-old": "Node.js does not fit Ghost",
            "apache-stopped": "Apache was stopped",
            "password-logins-off": "Password logins switched off",
        },
        questions={
            "apache-stopped": "What did you think would become of the page on port 80?",
            "password-logins-off": "How do you know that you can still get in?",
        },
        phases=(
            Phase(start=306.0, until=2000.0, topic="ghost", activity="installing", confidence=0.8),
            Phase(start=2000.0, until=NOW, topic="ssh", activity="configuring", confidence=0.8),
        ),
        notes=(
            note(1, "task", 250.0, subject="address"),
            note(2, "question", 1300.0, "May I restart the web server?"),
        ),
    )


def live_feed(now: float = NOW, **changes: Any) -> FakeFeed:
    """The session while it goes on."""
    key = TerminalKey(1, 1)
    values: dict[str, Any] = {
        "overview": Overview(
            session="s-1",
            candidate="Ada Example",
            target="practice",
            started=datetime.fromisoformat(STARTED),
            live=True,
            duration=now,
            terminals=(Terminal(key=key, opened=307.0, user="candidate"),),
        ),
        "outputs": [(float(t), key) for t in range(310, int(now), 10)],
        "found": findings(),
        "journal": journal(),
    }
    return FakeFeed(**(values | changes))
