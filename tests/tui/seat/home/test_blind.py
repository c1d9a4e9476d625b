"""Whose tags home does not show, as their exercises ask for."""

from __future__ import annotations

from sqlalchemy import Engine

from recorder.exercise.loader import load_exercise
from recorder.home import Home
from recorder.recording.journal import JOURNAL_NAME, ExerciseChosen
from recorder.store.sync import sync_session
from tests.tui.seat.recordings import RecordingBuilder
from tui.seat.home.blind import Blindness


def recorded(home: Home, engine: Engine, *, blind: bool) -> Blindness:
    """Record a session of an exercise whose cards are filled without tags, or with them."""
    plan = load_exercise(home, "ghost").plan
    plan = plan.model_copy(update={"cards": plan.cards.model_copy(update={"blind_to_tags": blind})})
    with RecordingBuilder(home.recording("s1")) as recording:
        chosen = plan.model_dump(mode="json", by_alias=True, exclude_none=True)
        recording.write(ExerciseChosen(t=0, name="ghost", plan=chosen))
        recording.close(40.0)
    sync_session(engine, home.recording("s1"))
    return Blindness(home, "ada")


def test_an_exercise_may_hide_them(home: Home, engine: Engine) -> None:
    assert recorded(home, engine, blind=True).hidden(engine, ["s1"]) == {"s1"}


def test_most_do_not(home: Home, engine: Engine) -> None:
    assert recorded(home, engine, blind=False).hidden(engine, ["s1"]) == set()


def test_they_are_hidden_while_nobody_can_tell_and_no_longer(home: Home, engine: Engine) -> None:
    blindness = recorded(home, engine, blind=False)
    journal = home.recording("s1") / JOURNAL_NAME
    aside = journal.rename(journal.with_name("aside"))
    journal.mkdir()
    assert blindness.hidden(engine, ["s1"]) == {"s1"}
    journal.rmdir()
    aside.rename(journal)
    assert blindness.hidden(engine, ["s1"]) == set()


def test_a_recording_that_is_gone_asks_for_nothing(home: Home, engine: Engine) -> None:
    blindness = recorded(home, engine, blind=True)
    (home.recording("s1") / JOURNAL_NAME).unlink()
    assert blindness.hidden(engine, ["s1"]) == set()
