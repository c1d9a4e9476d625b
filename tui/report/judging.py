"""What people judged, as a report tells it: cards, differences, changes of mind, the debrief.

Cards come out of `Book.sheets` alone, which refuses them to whoever may not see them yet; then only
names and states are told. Nothing is computed from levels but how far apart they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from recorder.cards.book import Book
from recorder.cards.card import Card as Judgement
from recorder.cards.card import Evidence
from recorder.cards.debriefing import (
    Entry,
    decided_level,
    decision_in,
    entries_of,
    standing_entries,
)
from recorder.cards.opening import Sheet
from recorder.cards.seeing import BlindError
from recorder.exercise.schema import Cards, Competency
from tui.report import values

Pointing = Callable[[Evidence], values.Piece]
"""Turns a card's evidence into a report's, with a quote of the screen where there is one."""


def judged_of(book: Book, viewer: str, pointing: Pointing) -> values.Judged:
    """Return what was judged, as far as the viewer may see it.

    Raises:
        SealError: What is stored was altered.
        StoreError: The store cannot be read.

    """
    try:
        sheets = book.sheets(viewer)
    except BlindError as error:
        waiting = tuple(
            values.Waiting(who=each.who, state=_state(each.state, excused=each.excused),
                           asked=each.asked)
            for each in book.progress()
        )  # fmt: skip
        return values.Judged(sealed=error.cause, waiting=waiting)
    every = entries_of(book.engine, book.session)
    opened = next((each for each in every if each.kind == "opened"), None)
    names = (book.plan.cards if book.plan else Cards()).recommendation
    recommended = [each.latest.card.recommendation for each in sheets]
    judged = values.Judged(
        sealed=None,
        recommendation_spread=_spread([each for each in recommended if each is not None]),
        missing=opened.text if opened else "",
        opened=_when(opened.said) if opened else None,
        cards=tuple(_card(each, names) for each in sheets),
        competencies=_competencies(sheets, book.competencies, pointing),
        changes=_changes(sheets, book.competencies, names, opened.said if opened else None),
    )
    return _with_debrief(judged, standing_entries(every), names, book.competencies)


def _state(state: str, *, excused: bool) -> str:
    if state == "submitted":
        return "submitted"
    return "excused" if excused else {"draft": "begun"}.get(state, "not begun")


def _when(said: datetime) -> str:
    return said.isoformat(timespec="seconds")


def _named(names: Sequence[str], recommendation: int | None) -> str:
    return "" if recommendation is None else names[recommendation - 1]


def _card(sheet: Sheet, names: Sequence[str]) -> values.Card:
    card, submitted = sheet.latest.card, sheet.first.card.recommendation
    first = submitted if submitted != card.recommendation else None
    return values.Card(
        who=sheet.who,
        submitted=_when(sheet.first.said),
        recommendation=card.recommendation,
        recommendation_words=_named(names, card.recommendation),
        first=first,
        first_words=_named(names, first),
        reason=card.reason,
        strengths=card.strengths,
        gaps=card.gaps,
    )


def _competencies(
    sheets: Sequence[Sheet], known: Sequence[Competency], pointing: Pointing
) -> tuple[values.Competency, ...]:
    found = []
    for each in known:
        ratings = tuple(_rating(sheet, each, pointing) for sheet in sheets)
        levels = [rating.level for rating in ratings if rating.level]
        found.append(
            values.Competency(
                id=each.id,
                title=each.title,
                question=each.question,
                levels=each.levels,
                spread=_spread(levels),
                ratings=ratings,
            )
        )
    return tuple(found)


def _spread(levels: Sequence[int]) -> int | None:
    return max(levels) - min(levels) if len(levels) > 1 else None


def _rating(sheet: Sheet, competency: Competency, pointing: Pointing) -> values.Rating:
    rating = sheet.latest.card.rating(competency.id)
    first = sheet.first.card.rating(competency.id).level
    return values.Rating(
        who=sheet.who,
        level=rating.level,
        words="" if rating.level is None else competency.levels[rating.level],
        first=first if first != rating.level else None,
        reason=rating.reason,
        evidence=tuple(pointing(each) for each in rating.evidence),
    )


def _changes(
    sheets: Sequence[Sheet],
    known: Sequence[Competency],
    names: Sequence[str],
    opened: datetime | None,
) -> tuple[values.Change, ...]:
    found: list[tuple[datetime, values.Change]] = []
    for sheet in sheets:
        for before, after in zip(sheet.states, sheet.states[1:], strict=False):
            change = values.Change(
                who=sheet.who,
                said=_when(after.said),
                reason=after.reason,
                opened=opened is not None and after.said >= opened,
                what=tuple(_differences(before.card, after.card, known, names)),
            )
            found.append((after.said, change))
    return tuple(change for _, change in sorted(found, key=lambda each: each[0]))


def _differences(
    before: Judgement, after: Judgement, known: Sequence[Competency], names: Sequence[str]
) -> list[str]:
    found = []
    if before.recommendation != after.recommendation:
        old, new = (_named(names, each.recommendation) for each in (before, after))
        found.append(f"Recommendation: {old} \N{RIGHTWARDS ARROW} {new}")
    for each in known:
        old_level, new_level = before.rating(each.id).level, after.rating(each.id).level
        if old_level != new_level:
            found.append(f"{each.title}: {old_level} \N{RIGHTWARDS ARROW} {new_level}")
    return found or ["words or evidence only"]


def _with_debrief(
    judged: values.Judged,
    entries: Sequence[Entry],
    names: Sequence[str],
    known: Sequence[Competency],
) -> values.Judged:
    titles = {each.id: each.title for each in known}

    def of(kind: str) -> tuple[values.Said, ...]:
        return tuple(_said(each, titles) for each in entries if each.kind == kind)

    decided = decision_in(entries)
    answers: dict[str | None, list[str]] = {}
    for each in entries:
        if each.kind == "answer":
            answers.setdefault(each.subject, []).append(f"{each.text} ({each.who})")
    questions = tuple(
        _said(each, titles, tuple(answers.get(str(each.number), ())))
        for each in entries
        if each.kind == "question"
    )
    return replace(
        judged,
        decision=None if decided is None else _said(decided, titles),
        decision_words=_named(names, decided_level(decided)),
        questions=questions,
        next_steps=of("next-step"),
        minutes=of("minute"),
    )


def _said(entry: Entry, titles: dict[str, str], answers: tuple[str, ...] = ()) -> values.Said:
    return values.Said(
        who=entry.who,
        said=_when(entry.said),
        text=entry.text,
        subject=titles.get(entry.subject or ""),
        answers=answers,
    )
