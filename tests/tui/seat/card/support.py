"""The cards of a session as the seat is given them: in memory, by the same rules as the store's."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from recorder.cards.card import Card, missing
from recorder.cards.keeping import Kept
from recorder.cards.own import Own
from recorder.cards.progress import Progress
from recorder.cards.seeing import Standing
from recorder.errors import JumpseatError, UsageError
from recorder.exercise.schema import Competency
from tui.seat.card.edits import BeBlind, Discard, Look, Step, Submit, edited
from tui.seat.card.folder import Folder

SAID = datetime(2026, 11, 20, 13, 30, tzinfo=UTC)
NAMES = {
    "debugging": ("Debugging", "Do they look before they change?", ("web",)),
    "ssh": ("Securing SSH", "Are password logins really off?", ("ssh",)),
    "time": ("Tasks and time", "Do they spend the time where it counts?", ()),
}
LEVELS = (
    "Not enough seen: nothing broke.",
    "Changes things at random until something works.",
    "Reads the last line of the error, and searches for it.",
    "Looks at logs and state first, and changes one thing at a time.",
    "All of that, and says beforehand what each result would mean.",
)


def competencies() -> tuple[Competency, ...]:
    return tuple(
        Competency(id=name, title=title, question=question, levels=LEVELS, topics=topics)
        for name, (title, question, topics) in NAMES.items()
    )


@dataclass
class FakeCards:
    """What everybody has said; a test changes it while the app runs."""

    known: tuple[Competency, ...] = field(default_factory=competencies)
    owns: dict[str, Own] = field(default_factory=dict)
    asked: tuple[str, ...] = ()
    blind: set[str] = field(default_factory=set)
    required: bool = False
    opened: bool = False
    failure: JumpseatError | None = None
    gate: threading.Event | None = None
    taken: list[Step] = field(default_factory=list)

    def own(self, who: str) -> Own:
        return self.owns.get(who, Own(draft=None, submitted=()))

    def standing(self, who: str) -> Standing:
        own = self.own(who)
        state = "submitted" if own.submitted else "draft" if own.draft else "none"
        return Standing(
            who=who,
            state=state,  # type: ignore[arg-type]  # one of the three
            asked=who in self.asked,
            blind=who in self.blind,
            anybody_asked=bool(self.asked),
            required=self.required,
            opened=self.opened,
        )

    def take(self, who: str, steps: Sequence[Step]) -> Folder:
        if self.gate is not None:
            self.gate.wait(60)
        if self.failure is not None:
            raise self.failure
        before = dict(self.owns)
        try:
            for step in steps:
                self._step(who, step)
        except UsageError:
            self.owns = before
            raise
        self.taken += steps
        names = dict.fromkeys((*self.asked, *self.owns))
        return Folder(
            competencies=self.known,
            own=self.own(who),
            progress=tuple(self._progress(each) for each in names),
            standing=self.standing(who),
        )

    def _progress(self, who: str) -> Progress:
        return Progress(
            who=who,
            state=self.standing(who).state,
            asked=who in self.asked,
            excused=False,
            submitted=None,
            changes=0,
        )

    def _step(self, who: str, step: Step) -> None:
        own = self.own(who)
        match step:
            case Look():
                return
            case Submit(why=why):
                if missing(own.card, self.known):
                    raise UsageError("the card is not whole", "")
                kept = self._kept(who, own.card, why)
                self.owns[who] = Own(draft=None, submitted=(*own.submitted, kept))
            case Discard():
                self.owns[who] = replace(own, draft=None)
            case BeBlind(blind=blind):
                (self.blind.add if blind else self.blind.discard)(who)
            case _:
                draft = replace(self._kept(who, edited(own.card, step), ""), kind="draft")
                self.owns[who] = replace(own, draft=draft)

    def _kept(self, who: str, card: Card, why: str) -> Kept:
        return Kept(
            number=1,
            purpose="interview",
            kind="changed" if why else "submitted",
            who=who,
            said=SAID,
            card=card,
            reason=why,
        )
