"""What `bench.seat` measures, each in a home of its own; milliseconds, or percent of a core.

How things are started is `bench.support.seat_host`'s, how they are read `bench.support.seat_pty`'s.
"""

from __future__ import annotations

import random
import re
import time
from bisect import bisect_left
from functools import partial
from pathlib import Path

from sqlalchemy import Engine, insert, select

from analyzer.index.build import ensure_indexed
from analyzer.service import ensure_analysed
from analyzer.tables import TagRow
from bench.support.hour import write_hour
from bench.support.seat_host import Played, played, seat, words
from bench.support.seat_pty import Program, processor_seconds, run_for, run_until
from bench.terminal import KINDS
from recorder.home import Home
from recorder.store.engine import open_engine
from recorder.store.migrations import upgrade
from recorder.store.tables import SessionRow

Rows = list[tuple[str, list[float]]]

_LINE = 40
"""Keys on a line before it is thrown away."""

_PAUSE = (0.12, 0.3)
"""Seconds between two keys, so that none meets the seat in step with it."""

_FLOOD = 6_000_000
"""Lines of a flood: 50 MB."""

_FLOODS = 4

_IDLE_SECONDS = 20.0
_SETTLED = 3.0


def screen(place: Path, samples: int) -> Rows:
    """Measure from a byte on the candidate's terminal to the changed cell in the seat."""
    with played(place) as running, seat(running.home, "watch") as viewer:
        run_until([viewer], lambda: "LIVE" in viewer.text and "$" in viewer.text, "the live seat")
        run_for([viewer, running.candidate], _SETTLED)
        return [("key's echo at the candidate to the seat, ms", _echoes(running, viewer, samples))]


def _echoes(running: Played, viewer: Program, samples: int) -> list[float]:
    candidate, source = running.candidate, random.Random(7)
    both = (viewer, candidate)
    found: list[float] = []
    line = "#"
    candidate.type(line)
    for letter in words(7, samples):
        if len(line) > _LINE:
            candidate.type("\x15#")
            line = "#"
            run_until(both, lambda: candidate.row.endswith("$ #"), "an empty line")
        run_for(both, source.uniform(*_PAUSE))
        line += letter
        wanted = line
        candidate.type(letter)
        run_until(both, lambda wanted=wanted: wanted in candidate.text, "the echo")
        echoed = candidate.read_at
        run_until(both, lambda wanted=wanted: wanted in viewer.text, "the echo in the seat")
        found.append(1e3 * (viewer.read_at - echoed))
    return found


def idle(place: Path, samples: int) -> Rows:
    """Measure what a live seat costs while nobody does anything, and while somebody types."""
    del samples
    with played(place) as running, seat(running.home, "watch") as viewer:
        both = (viewer, running.candidate)
        run_until([viewer], lambda: "LIVE" in viewer.text and "$" in viewer.text, "the live seat")
        run_for(both, _SETTLED)
        quiet = _load(viewer, lambda: run_for(both, _IDLE_SECONDS))
        typing = _load(viewer, lambda: _echoes(running, viewer, 60))
        return [("idle live seat, % of a core", [quiet]), ("while somebody types, %", [typing])]


def _load(viewer: Program, do: object) -> float:
    before, began = processor_seconds(viewer.process.pid), time.monotonic()
    do()
    spent = processor_seconds(viewer.process.pid) - before
    return 100 * spent / (time.monotonic() - began)


def start(place: Path, samples: int) -> Rows:
    """Measure from the start of the process to the first picture, and to what was asked for."""
    rows: Rows = []
    with played(place) as running:
        for verb, mark in ((["watch"], "$ "), (["replay", "latest"], "$ "), ([], "live")):
            name = " ".join(["jumpseat", *verb[:1]])
            stages = {"all that was asked for": (mark,)}
            rows += _starts(name, running.home, verb, stages, max(3, samples // 4))
    return rows


def _starts(
    name: str, home: Path, verb: list[str], stages: dict[str, tuple[str, ...]], runs: int
) -> Rows:
    """Return milliseconds; the first run, which compiles and reads the disk, is left out.

    Processor time is told beside: it hardly depends on what else the machine does.

    Args:
        name: What starts, for the rows.
        home: Its home.
        verb: Its words.
        stages: What comes after the first picture, in order, and the words that tell it is there.
        runs: How many starts.

    """
    rows: Rows = [
        (f"{name}: start to {what}, ms{unit}", [])
        for what in ("first picture", *stages)
        for unit in ("", " of a processor")
    ]
    for _ in range(runs + 1):
        with seat(home, *verb) as viewer:
            seen = []
            for marks in ((), *stages.values()):
                at = run_until([viewer], partial(_shows, viewer, marks), "a picture")
                seen += [at - viewer.started, processor_seconds(viewer.process.pid)]
            for (_, values), value in zip(rows, seen, strict=True):
                values.append(1e3 * value)
    return [(title, values[1:]) for title, values in rows]


def _shows(viewer: Program, marks: tuple[str, ...]) -> bool:
    """Whether all marks are there; without any, whether anything is."""
    return bool(viewer.text.strip()) and all(mark in viewer.text for mark in marks)


def hour(place: Path, samples: int) -> Rows:
    """Measure opening the replay of an hour of 5 MB, analysed and indexed, lists and screen."""
    home = Home(place / "home").ensure()
    directory = home.recordings / "hour0001"
    write_hour(directory, KINDS, size=5_000_000)
    engine = open_engine(home.database_url)
    upgrade(engine)
    found = ensure_analysed(directory, engine)
    engine.dispose()
    ensure_indexed(directory)
    # Not the prompt: that comes when it came in the recording, which plays from its beginning.
    lists = ("Tags ", f"Commands {len(found.commands)}")
    stages = {"the session plays": ("PLAYING",), "its lists are there": lists}
    verb = ["replay", directory.name]
    return _starts("an hour's replay", home.path, verb, stages, max(3, samples // 4))


def tag(place: Path, samples: int) -> Rows:
    """Measure from a tag's row in the store to the tag in the seat's list."""
    count = max(10, samples // 4)
    with played(place) as running, seat(running.home, "watch") as viewer:
        run_until([viewer], lambda: "LIVE" in viewer.text and "$" in viewer.text, "the live seat")
        run_for([viewer, running.candidate], _SETTLED)
        engine = open_engine(Home(running.home).database_url)
        try:
            return [("row committed to tag in the seat, ms", _tags(engine, viewer, count))]
        finally:
            engine.dispose()


def _tags(engine: Engine, viewer: Program, count: int) -> list[float]:
    found: list[float] = []
    source = random.Random(7)
    with engine.connect() as connection:
        session = connection.scalars(select(SessionRow.id)).one()
    for number in range(count):
        run_for([viewer], source.uniform(*_PAUSE))
        row = {
            "session": session, "id": f"bench-{number}", "signal": "world-writable", "topic": "x",
            "t": 1.0 + number / 100, "until": None, "outcome": "ok", "confidence": 1.0,
            "detector": "rule", "state": "established", "evidence": [],
        }  # fmt: skip
        with engine.begin() as connection:
            connection.execute(insert(TagRow).values(row))
        committed = time.monotonic()
        wanted = f"Tags {number + 1}"
        shown = run_until([viewer], lambda wanted=wanted: wanted in viewer.text, wanted)
        found.append(1e3 * (shown - committed))
    return found


class Flood:
    """Output that is a rising number a line: when was each there at the candidate."""

    def __init__(self, candidate: Program) -> None:
        self._candidate = candidate
        self.goes_on = True
        self._there: list[tuple[int, float]] = []
        candidate.listen = self._hear
        candidate.type(f"seq 1 {_FLOOD}; echo flood''ed\r")

    def _hear(self, data: bytes) -> None:
        lines = data.rsplit(b"\r\n", 2)
        if len(lines) > 2 and lines[1].isdigit():  # noqa: PLR2004 - a whole line and what follows
            self._there.append((int(lines[1]), self._candidate.read_at))
        self.goes_on = self.goes_on and b"flooded" not in data

    def age(self, number: int, now: float) -> float:
        """Return how long ago a number was there."""
        index = bisect_left(self._there, (number, 0.0))
        return now - self._there[min(index, len(self._there) - 1)][1]


def flood(place: Path, samples: int) -> Rows:
    """Measure the seat while output floods: how soon a key acts, how old the screen is."""
    keys: list[float] = []
    ages: list[float] = []
    ends: list[float] = []
    with played(place) as running, seat(running.home, "watch") as viewer:
        run_until([viewer], lambda: "LIVE" in viewer.text and "$" in viewer.text, "the live seat")
        both = (viewer, running.candidate)
        # One flood is over before there are enough keys to tell of the slow ones.
        for _ in range(_FLOODS):
            output = Flood(running.candidate)
            run_for(both, _SETTLED)
            while output.goes_on and len(keys) < samples:
                keys.append(_press(both, " ", "BEHIND", shown=True))
                _press(both, "\x1b[F", "BEHIND", shown=False)
                run_for(both, 0.1)
                numbers = [int(each) for each in re.findall(r"(?m)^\W*(\d{4,})\b", viewer.text)]
                if numbers and output.goes_on:
                    ages.append(1e3 * output.age(max(numbers), time.monotonic()))
            ended = run_until(both, lambda output=output: not output.goes_on, "the flood's end")
            caught = run_until(both, lambda: "flooded" in viewer.text, "the end in the seat")
            ends.append(1e3 * (caught - ended))
            running.candidate.type("clear\r")
            run_until(both, lambda: "flooded" not in viewer.text, "a screen without it")
    return [
        ("flood: key to what it does, ms", keys),
        ("flood: age of the screen that is shown, ms", ages),
        ("flood: its end to its end in the seat, ms", ends),
    ]


def _press(both: tuple[Program, Program], key: str, words: str, *, shown: bool) -> float:
    """Press a key in the seat; return the milliseconds until words are shown, or gone."""
    viewer = both[0]
    pressed = time.monotonic()
    viewer.type(key)
    seen = run_until(both, lambda: (words in viewer.text) == shown, words)
    return 1e3 * (seen - pressed)
