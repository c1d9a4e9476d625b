"""Somebody's own card, as far as this home's key opens it: nothing that was lost stops its author.

What may be kept or changed is the book's to say.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from recorder.cards.card import Card
from recorder.cards.keeping import Envelope, Kept, unsealed
from recorder.cards.sealing import CardKey, SealError


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """Somebody's own card: the draft, and all states that were submitted, the first one first.

    ``lost`` are submitted states that cannot be opened here: the key is another one, or they were
    altered. They stay where they are, and a change is put beside them.
    """

    draft: Kept | None
    submitted: tuple[Kept, ...]
    lost: tuple[Envelope, ...] = ()

    @property
    def card(self) -> Card:
        """What they would go on with: the draft, else what is in, else an empty card."""
        return self.standing if self.draft is None else self.draft.card

    @property
    def standing(self) -> Card:
        """What is in, as far as it can be opened; else an empty card."""
        return self.submitted[-1].card if self.submitted else Card()

    @property
    def is_in(self) -> bool:
        """Whether the card was submitted, be it one that cannot be opened any more."""
        return bool(self.submitted or self.lost)

    @property
    def is_lost(self) -> bool:
        """Whether the state that counts, the latest one, cannot be opened."""
        latest = self.submitted[-1].number if self.submitted else 0
        return any(each.number > latest for each in self.lost)


def own_of(key: CardKey, session: str, found: Iterable[Envelope]) -> Own:
    """Open all states of somebody's card.

    Raises:
        SealError: The draft cannot be opened: going on without it would overwrite it.

    """
    draft = None
    submitted: list[Kept] = []
    lost: list[Envelope] = []
    for each in found:
        try:
            kept = unsealed(key, session, each)
        except SealError as error:
            if each.kind == "draft":
                raise _lost_draft(error, each, session) from error
            lost.append(each)
            continue
        if each.kind == "draft":
            draft = kept
        else:
            submitted.append(kept)
    return Own(draft=draft, submitted=tuple(submitted), lost=tuple(lost))


def _lost_draft(error: SealError, draft: Envelope, session: str) -> SealError:
    option = " --training" if draft.purpose == "training" else ""
    return SealError(
        f"your draft cannot be read: {error.cause}",
        f"restore `keys/cards`, or give it up with `jumpseat card discard {session}{option}`",
    )
