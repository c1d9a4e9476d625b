"""How far one is with one's card: what is kept, what is on its way, which row is marked. Pure.

Keys become edits here, and the card is shown with them before they are kept. No widget, no thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from recorder.cards.card import Card, Evidence
from recorder.errors import UsageError
from recorder.exercise.schema import Competency
from tui.seat.card.edits import (
    Attach,
    Detach,
    Edit,
    Explain,
    Field,
    Rate,
    Recommend,
    Say,
    Step,
    edited,
)
from tui.seat.card.folder import Folder

RowKind = Literal["competency", "recommendation", "strengths", "gaps"]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the card; ``competency`` where it is one's."""

    kind: RowKind
    competency: Competency | None = None


class Filling:
    """One's card while it is filled.

    Attributes:
        folder: As it was read last; None before that.
        marked: The row that keys are about.
        trouble: Why what was said is not kept yet, empty where it is.
        last: The competency that something was attached to last.

    """

    def __init__(self, put: Callable[[Step], int]) -> None:
        """Take where steps go; it returns the serial by which they are answered."""
        self._put = put
        self._pending: list[tuple[int, Edit]] = []
        self.folder: Folder | None = None
        self.marked = 0
        self.trouble = ""
        self.last: str | None = None

    def take(self, folder: Folder, serial: int) -> None:
        """Take in how the card stands; steps up to ``serial`` are in it."""
        self.folder = folder
        self._pending = [each for each in self._pending if each[0] > serial]
        self.trouble = ""
        self.marked = min(self.marked, len(self.rows) - 1)

    def refuse(self, serial: int) -> None:
        """Forget an edit that makes no sense on the newest state of the card."""
        self._pending = [each for each in self._pending if each[0] != serial]

    @property
    def card(self) -> Card:
        """The card with all that was said."""
        card = Card() if self.folder is None else self.folder.own.card
        for _, edit in self._pending:
            try:
                card = edited(card, edit)
            except UsageError:
                # The card has become another meanwhile; the keeper says so.
                continue
        return card

    @property
    def is_waiting(self) -> bool:
        """Whether something that was said is not kept yet."""
        return bool(self._pending)

    @property
    def is_changed(self) -> bool:
        """Whether the card differs from the one that is in."""
        submitted = None if self.folder is None else self.folder.submitted
        return submitted is not None and self.card != submitted

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows, the competencies first."""
        competencies = () if self.folder is None else self.folder.competencies
        rest: tuple[RowKind, ...] = ("strengths", "gaps", "recommendation")
        return (*(Row("competency", each) for each in competencies), *map(Row, rest))

    @property
    def row(self) -> Row:
        """The marked row."""
        return self.rows[min(self.marked, len(self.rows) - 1)]

    @property
    def lacks(self) -> list[str]:
        """What keeps the card from being submitted."""
        return [] if self.folder is None else self.folder.lacks(self.card)

    def say(self, edit: Edit) -> None:
        """Change the card.

        Raises:
            UsageError: It makes no sense; nothing is changed.

        """
        edited(self.card, edit)
        self._pending.append((self._put(edit), edit))

    def order(self, step: Step) -> None:
        """Want something done with the card as a whole."""
        self._put(step)

    def rate(self, level: int | None) -> None:
        """Rate what the marked row is about; None takes the level back.

        Raises:
            UsageError: The row takes no such level.

        """
        row = self.row
        if row.competency is not None:
            if self.card.rating(row.competency.id).level != level:
                self.say(Rate(row.competency.id, level))
        elif row.kind == "recommendation":
            if level == 0:
                raise UsageError("a recommendation is 1, 2, 3 or 4", "leave it open until then")
            if self.card.recommendation != level:
                self.say(Recommend(level))
        else:
            raise UsageError(f"{row.kind} have no level", "press enter to write them")

    @property
    def text(self) -> str:
        """What is written in the marked row."""
        row = self.row
        if row.competency is not None:
            return self.card.rating(row.competency.id).reason
        return str(getattr(self.card, _field(row)))

    def write(self, text: str, row: Row | None = None) -> None:
        """Write it, in the marked row or another.

        Raises:
            UsageError: It is too long.

        """
        row = row or self.row
        if row.competency is not None:
            before = self.card.rating(row.competency.id).reason
            edit: Edit = Explain(row.competency.id, text)
        else:
            before = str(getattr(self.card, _field(row)))
            edit = Say(_field(row), text)
        if text != before:
            self.say(edit)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """What the marked competency points at."""
        competency = self.row.competency
        return () if competency is None else self.card.rating(competency.id).evidence

    def attach(self, competency: str, evidence: Evidence) -> None:
        """Point at something for a competency.

        Raises:
            UsageError: It is attached there already, or there are too many.

        """
        self.say(Attach(competency, evidence))
        self.last = competency

    def detach(self, index: int) -> Evidence | None:
        """Point at a piece no more; return it, None where there is none."""
        row, pieces = self.row, self.evidence
        if row.competency is None or not 0 <= index < len(pieces):
            return None
        self.say(Detach(row.competency.id, pieces[index]))
        return pieces[index]

    def proposed(self, topic: str | None) -> int:
        """Return which competency evidence is likely for: by its topic, else the last one used."""
        folder = self.folder
        if folder is None:
            return 0
        for index, each in enumerate(folder.competencies):
            if topic is not None and topic in each.topics:
                return index
        names = [each.id for each in folder.competencies]
        return names.index(self.last) if self.last in names else 0


def _field(row: Row) -> Field:
    match row.kind:
        case "strengths" | "gaps":
            return row.kind
        case _:
            return "reason"
