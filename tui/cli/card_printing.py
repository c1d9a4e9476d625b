"""A card, and how far everybody's are, printed: as a table for people, as JSON for programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

import click

from analyzer.visible import plain
from recorder.cards.card import Evidence, card_data
from recorder.cards.keeping import Kept
from recorder.cards.own import Own
from recorder.cards.progress import STATE_WORDS, Progress
from tui.cards.pointing import shown_evidence
from tui.cli.card_session import CardSession
from tui.cli.output import moment, print_table, say
from tui.person import person
from tui.wall_clock import local_time

shown = partial(shown_evidence, show_time=moment)


def _pointed_at(piece: Evidence) -> str:
    """Return evidence as one reads it: its moment, what kind of thing it is, what was seen."""
    kind = "" if piece.kind == "moment" else piece.kind
    return " ".join(filter(None, (moment(piece.t), kind, " ".join(plain(piece.text).split()))))


def print_card(at: CardSession, own: Own) -> None:
    """Print one's own card as a table, and what stands around it."""
    rows = []
    for each in at.book.competencies:
        rating = own.card.rating(each.id)
        level = "-" if rating.level is None else str(rating.level)
        pieces = "; ".join(map(_pointed_at, rating.evidence))
        rows.append((each.id, level, " ".join(rating.reason.split()), pieces))
    print_table(("competency", "level", "reason", "evidence"), rows)
    words = at.book.plan.cards.recommendation if at.book.plan else ()
    number = own.card.recommendation
    named = "-" if number is None else f"{number} {words[number - 1] if words else ''}".strip()
    for title, text in (
        ("recommendation", named),
        ("reason", own.card.reason),
        ("strengths", own.card.strengths),
        ("gaps", own.card.gaps),
    ):
        click.echo(f"{title}: {plain(' '.join(text.split())) or '-'}")
    click.echo(f"state: {_state(own)}")


def tell_lost(at: CardSession, own: Own) -> None:
    """Say which states of one's card cannot be opened, and what its author can do."""
    for each in own.lost:
        say(f"what you {each.kind} on {when(each.said)} cannot be opened with this home's key")
    if own.is_lost:
        say(
            f"restore `keys/cards`; or fill the card again, then `jumpseat card change {at.id}"
            " --reason WHY` puts it beside the lost one, which is kept"
        )


def _state(own: Own) -> str:
    words = [
        f"{each.kind} {when(each.said)}" + (f" ({plain(each.reason)})" if each.reason else "")
        for each in own.submitted
    ]
    words += [f"{each.kind} {when(each.said)} (cannot be opened)" for each in own.lost]
    if own.draft is not None:
        words.append(f"draft of {when(own.draft.said)}")
    return ", ".join(words) or "not begun"


def print_progress(progress: Sequence[Progress]) -> None:
    """Tell how far everybody's cards are, and nothing of what is in them."""
    for each in progress:
        asked = "asked" if each.asked else "excused" if each.excused else "not asked"
        say(f"{each.who}: {STATE_WORDS[each.state]} ({asked})")


def when(moment_: datetime) -> str:
    """Return a moment in the time of whoever reads it."""
    return f"{local_time(moment_):%Y-%m-%d %H:%M}"


def own_json(
    at: CardSession, own: Own, lacks: Sequence[str], progress: Sequence[Progress]
) -> dict[str, Any]:
    """Return one's own card as JSON has it; the fields are a contract."""
    return {
        "session": at.id,
        "who": person(),
        "card": card_data(own.card),
        "draft": None if own.draft is None else own.draft.said.isoformat(),
        "submitted": [_kept_json(each) for each in own.submitted],
        "lost": [{"kind": each.kind, "said": each.said.isoformat()} for each in own.lost],
        "missing": list(lacks),
        "progress": [progress_json(each) for each in progress],
    }


def _kept_json(kept: Kept) -> dict[str, Any]:
    return {
        "kind": kept.kind,
        "said": kept.said.isoformat(),
        "reason": kept.reason,
        "card": card_data(kept.card),
    }


def progress_json(progress: Progress) -> dict[str, Any]:
    """Return how far somebody's card is, as JSON has it; nothing of what is in it."""
    return {
        "who": progress.who,
        "state": progress.state,
        "asked": progress.asked,
        "excused": progress.excused,
        "submitted": None if progress.submitted is None else progress.submitted.isoformat(),
        "changes": progress.changes,
    }
