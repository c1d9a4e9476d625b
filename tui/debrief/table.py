"""Cards side by side, as a value: who gave what, why, on what evidence, and who changed their mind.

Pure: made of sheets that somebody may see already (`recorder.cards.book.Book.sheets`). Nothing is
averaged or added up, and neither wording nor drawing belongs here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Literal

from recorder.cards.card import Card, Evidence
from recorder.cards.keeping import Kept
from recorder.cards.opening import Sheet
from recorder.exercise.schema import Cards, Competency

RECOMMENDATION = ""
"""Stands where a competency's id would: no competency's is empty."""

Standing = Literal["differ", "unseen", "agree"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Somebody's change of mind about one matter; the levels may be the same, the reason not.

    Attributes:
        said: When (UTC).
        before: The level until then; None where there was none.
        after: The level from then on.
        why: What changed their mind, in their words.

    """

    said: datetime
    before: int | None
    after: int | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What one interviewer says of one matter.

    Attributes:
        who: Whose it is, and who attached the evidence.
        first: The level as it was submitted; None where it was left open.
        first_reason: The reason as it was submitted.
        level: The level as it stands.
        reason: The reason as it stands.
        evidence: What it points at, by time.
        changes: Each change of mind, the first one first.

    """

    who: str
    first: int | None
    first_reason: str
    level: int | None
    reason: str
    evidence: tuple[Evidence, ...] = ()
    changes: tuple[Change, ...] = ()

    @property
    def moved(self) -> bool:
        """Whether the level is another than the one that was submitted."""
        return self.first != self.level


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One thing that everybody judged: a competency, or the recommendation.

    Attributes:
        id: The competency's id, or `RECOMMENDATION`.
        title: What it is called.
        question: What was judged.
        levels: What each level is, in words, by level: of the recommendation there is no 0.
        opinions: One for each card, by name.

    """

    id: str
    title: str
    question: str
    levels: tuple[str, ...]
    opinions: tuple[Opinion, ...]

    @property
    def spread(self) -> int:
        """How far the lowest and the highest level are apart; 0, not enough to see, is none."""
        given = [each.level for each in self.opinions if each.level]
        return max(given) - min(given) if given else 0

    @property
    def unseen(self) -> tuple[str, ...]:
        """Who could not tell: level 0, or none."""
        return tuple(each.who for each in self.opinions if not each.level)

    @property
    def standing(self) -> Standing:
        """Whether people differ; else whether somebody could not tell; else they agree."""
        if self.spread:
            return "differ"
        return "unseen" if self.unseen else "agree"

    @property
    def changed(self) -> tuple[Opinion, ...]:
        """The opinions that somebody changed."""
        return tuple(each for each in self.opinions if each.changes)

    def given(self) -> tuple[tuple[int, tuple[Opinion, ...]], ...]:
        """Return the levels that were given, the lowest first, each with whose it is."""
        levels = sorted({each.level or 0 for each in self.opinions})
        return tuple(
            (level, tuple(each for each in self.opinions if (each.level or 0) == level))
            for level in levels
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """What somebody wrote of the candidate as a whole."""

    who: str
    strengths: str
    gaps: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """All cards, side by side.

    Attributes:
        raters: Whose cards they are, by name.
        matters: The competencies, in the order in which they are to be talked about.
        recommendation: What each recommends.
        voices: Strengths and gaps, by name; whoever wrote neither is left out.

    """

    raters: tuple[str, ...]
    matters: tuple[Matter, ...]
    recommendation: Matter
    voices: tuple[Voice, ...]

    @property
    def differing(self) -> int:
        """Over how many competencies people differ."""
        return sum(each.standing == "differ" for each in self.matters)

    def matter(self, id: str) -> Matter | None:  # noqa: A002 - the word of the exercise
        """Return the matter of an id, None where there is none."""
        return next((each for each in (*self.matters, self.recommendation) if each.id == id), None)


def make_table(
    sheets: Sequence[Sheet], competencies: Sequence[Competency], cards: Cards | None = None
) -> Table:
    """Lay cards side by side.

    Args:
        sheets: One for each interviewer.
        competencies: What the exercise rates. What a card rates beside them, as the exercise may
            be known no more, is shown under its id.
        cards: What recommendations are called; the usual words without it.

    """
    sheets = sorted(sheets, key=lambda each: each.who)
    known = [_matter(each.id, each.title, each.question, each.levels, sheets)
             for each in competencies]  # fmt: skip
    names = {each.id for each in competencies}
    rated = (r.competency for sheet in sheets for s in sheet.states for r in s.card.ratings)
    others = [_matter(name, name, "", (), sheets) for name in dict.fromkeys(rated)
              if name not in names]  # fmt: skip
    called = ("", *(cards or Cards()).recommendation)
    voices = [(sheet.who, sheet.latest.card) for sheet in sheets]
    return Table(
        raters=tuple(sheet.who for sheet in sheets),
        matters=in_order((*known, *others)),
        recommendation=Matter(
            id=RECOMMENDATION,
            title="Recommendation",
            question="What would you do?",
            levels=called,
            opinions=tuple(_opinion(sheet, _recommended) for sheet in sheets),
        ),
        voices=tuple(
            Voice(who=who, strengths=card.strengths, gaps=card.gaps)
            for who, card in voices
            if card.strengths.strip() or card.gaps.strip()
        ),
    )


_RANK: dict[Standing, int] = {"differ": 0, "unseen": 1, "agree": 2}


def in_order(matters: Sequence[Matter]) -> tuple[Matter, ...]:
    """Return the widest difference first, then where somebody could not tell, then agreement.

    Among equals they stay in the exercise's order.
    """
    return tuple(sorted(matters, key=lambda each: (_RANK[each.standing], -each.spread)))


_Stated = tuple[int | None, str, tuple[Evidence, ...]]
"""Level, reason and evidence of one matter, as one state of a card has them."""


def _matter(
    name: str, title: str, question: str, levels: Sequence[str], sheets: Sequence[Sheet]
) -> Matter:
    def stated(card: Card) -> _Stated:
        rating = card.rating(name)
        return rating.level, rating.reason, rating.evidence

    return Matter(
        id=name,
        title=title,
        question=question,
        levels=tuple(levels),
        opinions=tuple(_opinion(sheet, stated) for sheet in sheets),
    )


def _recommended(card: Card) -> _Stated:
    return card.recommendation, card.reason, ()


def _opinion(sheet: Sheet, stated: Callable[[Card], _Stated]) -> Opinion:
    first, first_reason, _ = stated(sheet.first.card)
    level, reason, evidence = stated(sheet.latest.card)
    return Opinion(
        who=sheet.who,
        first=first,
        first_reason=first_reason,
        level=level,
        reason=reason,
        evidence=tuple(sorted(evidence, key=lambda each: each.t)),
        changes=_changes(sheet.states, stated),
    )


def _changes(states: Sequence[Kept], stated: Callable[[Card], _Stated]) -> tuple[Change, ...]:
    """Return what changed about one matter; a state that changed another one is none."""
    found = []
    for old, new in pairwise(states):
        before, after = stated(old.card), stated(new.card)
        if before[:2] != after[:2]:
            found.append(Change(said=new.said, before=before[0], after=after[0], why=new.reason))
    return tuple(found)
