"""A session of an hour with all that a report tells: tasks, probes, notes, cards, a debrief.

It is the one that the README's pictures show, slowed down to an hour.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from analyzer.judgements import judge, of_tag
from analyzer.service import ensure_analysed
from recorder.cards.book import Book
from recorder.cards.calls import call
from recorder.cards.card import Card, Evidence, Rating
from recorder.cards.debriefing import Entering, add_entry
from recorder.home import Home
from recorder.keys import load_keys
from recorder.recording.manifest import write_manifest
from recorder.store.noted import Noting
from recorder.store.notes import add_note
from tui.books import book_of
from tui.report.gathering import Asked

SESSION = "kettle01"
HOUR = 3600.0
STOPPED = 1379.0
"""When Apache was stopped, in seconds; the page was down after that."""
DOWN, UP = 1400.0, 2000.0

_DEMO = Path(__file__).parents[3] / "bench" / "pictures" / "demo"
_LONG = 2468.88108
_SLOWER = HOUR / _LONG
_LEVELS = ["Nothing to see.", "Hopes.", "Looks late.", "Looks first.", "Predicts."]
_COMPETENCIES = [
    {"id": name, "title": title, "question": f"How is their {title}?", "levels": _LEVELS}
    for name, title in (("debugging", "debugging"), ("care", "care for production"))
]


@dataclass(frozen=True, slots=True)
class Stage:
    """A home with the session, and its store."""

    home: Home
    engine: Engine

    @property
    def directory(self) -> Path:
        return self.home.recording(SESSION)

    @property
    def book(self) -> Book:
        return book_of(self.home, self.engine, SESSION)

    def asked(self, viewer: str = "ada") -> Asked:
        return Asked(home=self.home, engine=self.engine, directory=self.directory, viewer=viewer)


def staged(home: Home, engine: Engine, **plan: Any) -> Stage:
    """Lay out the session, signed and analysed; ``plan`` changes keys of its exercise."""
    stage = Stage(home, engine)
    stage.directory.mkdir()
    _write_journal(stage.directory, plan)
    header, *events = (_DEMO / "c1-1.cast").read_text().splitlines()
    cast = [header]
    for line in events:
        passed, code, data = json.loads(line)
        cast.append(json.dumps([round(passed * _SLOWER, 6), code, data]))
    (stage.directory / "c1-1.cast").write_text("\n".join(cast) + "\n")
    write_manifest(stage.directory, SESSION, load_keys(home).sign)
    ensure_analysed(stage.directory, engine)
    return stage


def _write_journal(directory: Path, plan: dict[str, Any]) -> None:
    entries = []
    for line in (_DEMO / "session.jsonl").read_text().splitlines():
        entry = json.loads(line)
        entry["t"] = round(entry["t"] * _SLOWER, 6)
        if entry["event"] == "exercise":
            entry["plan"] |= {"competency": _COMPETENCIES, **plan}
        entries.append(entry)
    page = {"event": "probe", "probe": "marketing-page", "kind": "http", "place": "http://web01/"}
    good = {"outcome": "answered", "status": 200, "contains": True}
    entries += [
        {"t": 130.0, **page, **good},
        {"t": DOWN, **page, "outcome": "refused"},
        {"t": UP, **page, **good},
    ]
    entries.sort(key=lambda entry: entry["t"])
    (directory / "session.jsonl").write_text("".join(json.dumps(e) + "\n" for e in entries))


def a_card(debugging: int, care: int, recommendation: int, words: str) -> Card:
    return Card(
        ratings=(
            Rating(
                competency="debugging",
                level=debugging,
                reason=f"listed the ports first, {words}",
                evidence=(Evidence(kind="moment", t=STOPPED + 1.0, text=f"stopped it {words}"),),
            ),
            Rating(competency="care", level=care, reason=f"the notice was there, {words}"),
        ),
        recommendation=recommendation,
        reason=f"all in all {words}",
        strengths=f"calm {words}",
        gaps=f"asks late {words}",
    )


def submit(stage: Stage, words: str = "") -> None:
    """Put three cards in; grace sees one competency otherwise, linus saw too little of it."""
    call(stage.engine, SESSION, "asked", ("ada", "grace", "linus"), "ada")
    stage.book.submit(a_card(3, 1, 3, f"{words}ada"), "ada")
    stage.book.submit(a_card(3, 4, 2, f"{words}grace"), "grace")
    stage.book.submit(a_card(3, 0, 3, f"{words}linus"), "linus")


def debrief(stage: Stage, words: str = "") -> None:
    """Open the cards, let grace change her mind, and decide."""
    stage.book.open("ada")
    changed = a_card(3, 2, 3, f"{words}again")
    stage.book.change(changed, "grace", f"saw it at 23:00 {words}why")
    for entering in (
        Entering(kind="question", text=f"did they know? {words}question"),
        Entering(kind="answer", text=f"they did {words}answer", subject="2"),
        Entering(kind="next-step", text=f"call them {words}step"),
        Entering(kind="minute", text=f"we talked {words}minute"),
        Entering(kind="decision", text=f"with a mentor {words}decision", subject="3"),
    ):
        add_entry(stage.engine, SESSION, entering, f"{words}facilitator")


def note(stage: Stage, words: str = "") -> None:
    """Note something, ask something, tick a task, and judge a tag."""
    for noting in (
        Noting(kind="note", t=900.0, text=f"about to stop it {words}note"),
        Noting(kind="question", t=350.0, text=f"does order matter? {words}asked"),
        Noting(kind="mark", t=400.0, text=f"{words}mark"),
        Noting(kind="task", t=120.0, subject="address"),
    ):
        add_note(stage.engine, SESSION, noting, f"{words}noter")
    tag = ensure_analysed(stage.directory, stage.engine).tags[0]
    said = of_tag(tag, "rejected", reason=f"not so {words}judged")
    judge(stage.engine, SESSION, [said], f"{words}judge")
