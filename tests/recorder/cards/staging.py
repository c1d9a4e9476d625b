"""What the tests of cards share: an exercise of two competencies, and a card of it."""

from __future__ import annotations

from recorder.cards.card import Card, Evidence, Rating
from recorder.exercise.loader import load_exercise
from recorder.exercise.schema import Competency, Exercise
from recorder.home import Home

LEVELS = ("nothing seen", "weak", "fair", "good", "exceptional")
SECRET = "zzQuartzOwl"


def exercise(home: Home) -> Exercise:
    plan = load_exercise(home, "ghost").plan
    known = tuple(
        Competency(id=name, title=name.title(), question="How?", levels=LEVELS)
        for name in ("debugging", "care")
    )
    return plan.model_copy(update={"competency": known})


def a_card(level: int = 3, words: str = SECRET) -> Card:
    return Card(
        ratings=(
            Rating(
                competency="debugging",
                level=level,
                reason=f"read the log first {words}",
                evidence=(Evidence(kind="tag", t=12.5, subject="abc", text="apache-stopped"),),
            ),
            Rating(competency="care", level=0),
        ),
        recommendation=level,
        reason=f"solid {words}",
        strengths=words,
    )
