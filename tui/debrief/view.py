"""What somebody looks at in the debrief, so that it is the same again after the replay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tui.debrief.asking import Draft
from tui.debrief.pages import OVERVIEW, Spot


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A place in the debrief.

    Attributes:
        page: Which page.
        marked: The number of the marked spot on it.
        top: The first row of the page that is shown.
        drafts: What was typed and not kept, by the names of forms.

    """

    page: str = OVERVIEW
    marked: int = 0
    top: int = 0
    drafts: Mapping[str, Draft] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Jump:
    """Leaving for the replay: the moment in seconds, and where to come back to."""

    t: float
    view: View


def same_spot(before: Sequence[Spot], after: Sequence[Spot], marked: int) -> int:
    """Return the number of the spot that was marked, where a page was drawn anew."""
    if 0 <= marked < len(before):
        old = before[marked]
        alike = [
            number for number, each in enumerate(after) if (each.t, each.page) == (old.t, old.page)
        ]
        if alike:
            return min(alike, key=lambda number: abs(number - marked))
    return max(0, min(marked, len(after) - 1))
