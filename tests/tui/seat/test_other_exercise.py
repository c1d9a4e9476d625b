"""A seat at another exercise shows that one's words everywhere, and nothing of the first one's."""

from __future__ import annotations

from datetime import datetime

from analyzer.records import Phase
from recorder.exercise.loader import parse_exercise, shipped_directory
from recorder.recording.journal import (
    ChannelOpened,
    ClockStarted,
    ConnectionOpened,
    ExerciseChosen,
    JournalEntry,
    Probe,
    SessionOpened,
)
from tests.tui.seat.scene import PEER, STARTED
from tests.tui.seat.support import FakeFeed, run_replay
from tui.seat.feed import Findings, Overview, Terminal, TerminalKey
from tui.seat.reading_out import ReadOutScreen

NOW = 1500.0
PLAN = parse_exercise((shipped_directory() / "outage.toml").read_text("utf-8"), "outage.toml")


def journal() -> list[JournalEntry]:
    """The clock began at minute 1; the page is down, as it is meant to be."""
    plan = PLAN.model_dump(mode="json", by_alias=True, exclude_none=True)
    looks = {"kind": "http", "place": "http://web-1/", "outcome": "answered", "status": 502}
    return [
        SessionOpened(
            t=0.0, program="jumpseat 0.1.0", session="s-2", started=STARTED, monotonic=0.0,
            boot="test", target="web-1", candidate="Ada Example",
        ),
        ExerciseChosen(t=0.0, name="outage", plan=plan),
        Probe.model_validate({"t": 5.0, "probe": "timetable", "contains": False} | looks),
        ClockStarted(t=60.0, length=60.0 * PLAN.clock.minutes),
        ConnectionOpened(t=300.0, connection=1, peer=f"{PEER}:50000", client="OpenSSH_9.6"),
        ChannelOpened(t=307.0, connection=1, channel=1, kind="shell", user="oncall"),
    ]  # fmt: skip


def feed() -> FakeFeed:
    key = TerminalKey(1, 1)
    overview = Overview(
        session="s-2", candidate="Ada Example", target="web-1",
        started=datetime.fromisoformat(STARTED), live=True, duration=NOW,
        terminals=(Terminal(key=key, opened=307.0, user="oncall"),),
    )  # fmt: skip
    phases = (
        Phase(start=307.0, until=900.0, topic="diagnosis", activity="debugging", confidence=0.8),
        Phase(start=900.0, until=NOW, topic="web", activity="configuring", confidence=0.8),
    )
    outputs = [(float(t), key) for t in range(310, int(NOW), 10)]
    return FakeFeed(
        overview=overview, outputs=outputs, found=Findings(phases=phases), journal=journal()
    )


async def test_clock_tasks_and_everything_that_is_said_are_the_other_exercises() -> None:
    source = feed()
    async with run_replay(source, size=(200, 60), live=True) as seat:
        await seat.until(lambda: source.told == len(source.journal) and seat.app.desk.started)
        await seat.until(lambda: "Bring it back for good" in seat.text)
        assert "On call" in seat.text
        assert "timetable" in seat.text
        shown = [seat.text]
        await seat.press("e")
        await seat.until(lambda: isinstance(seat.app.screen, ReadOutScreen))
        await seat.until(lambda: "▸ now  On call" in seat.text)
        shown.append(seat.text)
        await seat.press("end")
        await seat.until(lambda: "Whether there is monitoring" in seat.text)
        assert "None that anybody looks at" in seat.text
        shown.append(seat.text)
        desk = seat.app.desk
        assert desk.clock.length == 45 * 60
        assert [task.id for task in desk.tasks] == ["find", "mend", "note"]
        assert desk.closing == tuple(each.text for each in PLAN.closing_question)
        assert not any("ghost" in each.casefold() for each in shown)
