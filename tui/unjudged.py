"""What of the machine's findings somebody sees who judges without its tags: one rule for all doors.

What was done stays, as it can be read off the screen: commands, which task they serve, that nothing
happened. What the machine makes of it is left out, as that is what the card asks: tags, and what
kind of work a stretch was, which a model says. Who judges so is `recorder.cards.seeing`'s to say.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from analyzer.models.words import RESTS

if TYPE_CHECKING:
    from analyzer.records import Phase

UNTOLD = ""
"""Stands for the kind of work where it is not told."""


def without_kinds(phases: Iterable[Phase]) -> tuple[Phase, ...]:
    """Return stretches of work without what kind of work they were."""
    return tuple(
        each if each.activity in RESTS else replace(each, activity=UNTOLD) for each in phases
    )
