"""What calibration rests on is asked of every session's book, in either kind of store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from recorder.cards.calls import call
from recorder.cards.debriefing import Entering, add_entry
from recorder.cards.sealing import load_card_key
from recorder.home import Home
from recorder.store.engine import open_engine
from recorder.store.migrations import prepare
from recorder.trace.actions import Action
from recorder.trace.entries import Doing
from recorder.trace.keeping import add
from tests.support.judged_sessions import a_card, add_session, add_tags
from tui.calibration.gathering import ELSEWHERE, NO_CARDS, NOT_OPEN, gather, sessions_with_cards
from tui.calibration.training import begin, compared, knew, stage
from tui.cli.settings import Flags, Settings, resolve


@pytest.fixture
def engine(store_url: str) -> Iterator[Engine]:
    made = open_engine(store_url)
    prepare(made)
    yield made
    made.dispose()


@pytest.fixture
def settings(home: Home, store_url: str) -> Settings:
    return resolve(Flags(home=str(home.path), database_url=store_url, config=None))


BOTH = {"ada": a_card([1, 2, 0], 2), "grace": a_card([2, 2, 3], 3)}


def test_sessions_are_gathered_with_decision_and_tags(
    home: Home, engine: Engine, settings: Settings
) -> None:
    book = add_session(engine, home, "s1", BOTH, exercise="outage")
    add_session(engine, home, "s2", BOTH, opened=False)
    add_tags(engine, "s1", ["tested-config", "tested-config"])
    add_entry(engine, "s1", Entering(kind="decision", text="no", subject="2"), "lead")
    add_entry(engine, "s1", Entering(kind="decision", text="yes", subject="3"), "lead")
    book.change(a_card([4, 2, 0], 2), "ada", "saw it")
    assert sessions_with_cards(engine) == {"s1": "outage", "s2": "ours"}
    told: list[float] = []
    found = gather(settings, engine, ["s1", "s2", "s9"], "lead", told.append)
    assert found.left_out == {NOT_OPEN: 1, NO_CARDS: 1}
    (only,) = found.sessions
    assert (only.session, only.exercise, only.decision) == ("s1", "outage", 3)
    assert only.signals == {"tested-config"}
    assert only.first["ada"]["debugging"] == 1
    assert only.latest["ada"] == {"debugging": 4, "care": 2, "talking": 0, "recommendation": 2}
    assert told[-1] == 1


def test_a_card_counts_unless_its_author_could_see_the_others(
    home: Home, engine: Engine, settings: Settings
) -> None:
    book = add_session(engine, home, "s1", BOTH, opened=False)
    call(engine, "s1", "asked", ["ada", "heidi"], "lead")
    book.open("lead", early=True)
    book.submit(a_card([3, 3, 3], 3), "heidi")
    book.submit(a_card([4, 4, 4], 4), "ivan")
    found = gather(settings, engine, ["s1"], "lead")
    assert sorted(found.sessions[0].first) == ["ada", "grace", "heidi"]
    assert found.late == 1


def test_a_card_does_not_count_whose_author_was_excused_after_the_opening(
    home: Home, engine: Engine, settings: Settings
) -> None:
    book = add_session(engine, home, "s1", BOTH, opened=False)
    call(engine, "s1", "asked", ["ada", "heidi", "ivan"], "lead")
    book.open("lead", early=True)
    call(engine, "s1", "excused", ["heidi"], "lead")
    assert len(book.sheets("heidi")) == len(BOTH)
    call(engine, "s1", "asked", ["heidi"], "lead")
    for name in ("heidi", "ivan"):
        book.submit(a_card([3, 3, 3], 3), name)
    # What is said of a card that is in makes it no other.
    call(engine, "s1", "excused", ["ivan"], "lead")
    found = gather(settings, engine, ["s1"], "lead")
    assert sorted(found.sessions[0].first) == ["ada", "grace", "ivan"]
    assert found.late == 1


def test_a_session_of_another_home_needs_that_homes_key(
    home: Home, engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    add_session(engine, home, "s1", BOTH)
    mine = replace(settings, home=Home(tmp_path / "mine").ensure())
    assert gather(mine, engine, ["s1"], "lead").left_out == {ELSEWHERE: 1}
    knowing = replace(mine, card_key=load_card_key(home).public)
    assert len(gather(knowing, engine, ["s1"], "lead").sessions) == 1


def test_what_was_seen_after_ones_card_was_in_is_no_matter(home: Home, engine: Engine) -> None:
    book = add_session(engine, home, "s1", BOTH)
    begin(book, "ivan")
    assert stage(book, "ivan") == "begun"
    kept = book.submit(a_card([1, 1, 1], 1), "ivan", "training")
    assert knew(engine, "s1", "ivan") is None
    compared(book, "ivan")
    add(engine, Doing("ivan", "command-line", Action.CARDS_READ, "s1"))
    assert knew(engine, "s1", "ivan") is not None
    assert knew(engine, "s1", "ivan", kept.said) is None
    assert knew(engine, "s1", "lead") is not None
