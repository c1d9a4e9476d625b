"""`jumpseat calibrate train`: score a past session blind, then see how it was scored; printed.

How a card is filled is `jumpseat card --training`'s, who may see what `tui.calibration.training`'s.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

import click

from analyzer.calibration.training import Compared, Told, Training
from analyzer.visible import plain
from recorder.cards.card import card_data, missing
from recorder.trace.actions import Action
from tui.calibration.gathering import decision_of
from tui.calibration.training import begin, compared, knew, stage
from tui.cli.card_printing import shown, when
from tui.cli.card_session import CardSession, card_session
from tui.cli.output import print_json, print_table, say
from tui.cli.settings import Settings
from tui.cli.traced import trace_saying
from tui.cli.verbs import Verb, pass_settings, session_argument
from tui.person import person


@click.command(
    "train",
    cls=Verb,
    examples=(
        ("jumpseat calibrate train k7", "Begin: from now on the session's cards are hidden."),
        ("jumpseat card fill k7 --training", "Score it, as in an interview."),
        ("jumpseat card submit k7 --training", "Put it in, once and for all."),
        ("jumpseat calibrate train k7 --json", "How it was scored, and where you differ."),
    ),
)
@session_argument()
@click.option("--json", "as_json", is_flag=True, help="Print JSON; its fields are a contract.")
@pass_settings
def train(settings: Settings, session: str, as_json: bool) -> None:
    """Score a past session for practice, blind; then see how it was scored.

    Begin before you look at anything of its debrief. Until your card is in, its cards are hidden
    from you everywhere. A training card counts nowhere.
    """
    with card_session(settings, session) as at:
        if stage(at.book, person()) == "none":
            begin(at.book, person())
            trace_saying(settings, at.engine, Action.TRAINED, at.id, "begun")
            say("from now on the cards of this session are hidden from you")
        if stage(at.book, person()) == "in":
            trace_saying(settings, at.engine, Action.TRAINED, at.id, "saw how it was scored")
            _show(at, as_json=as_json)
        else:
            _tell_begun(at, as_json=as_json)


def _tell_begun(at: CardSession, *, as_json: bool) -> None:
    """Say what the training card lacks; nothing of how the session was scored."""
    lacks = missing(at.book.own(person(), "training").card, at.book.competencies)
    earlier = knew(at.engine, at.id, person())
    if as_json:
        print_json({"session": at.id, "who": person(), "state": "begun", "missing": lacks,
                    "knew": _iso(earlier)})  # fmt: skip
        return
    if earlier is not None:
        say(f"the trace says that you may know its cards since {when(earlier)}: this is not blind")
    for each in lacks:
        say(f"missing: {each}")
    verb = "fill" if lacks else "submit"
    say(f"go on: `jumpseat card {verb} {at.id} --training`")


def _show(at: CardSession, *, as_json: bool) -> None:
    found = compared(at.book, person())
    decision = decision_of(at.engine, at.id)
    earlier = knew(at.engine, at.id, person(), at.book.own(person(), "training").submitted[0].said)
    if as_json:
        print_json(_json(at, found, decision, earlier))
        return
    _print_table(found)
    if decision is not None:
        words = at.book.plan.cards.recommendation if at.book.plan else ()
        named = plain(words[decision - 1]) if words else ""
        click.echo(f"decided: {decision} {named}".rstrip())
    _print_distance(found)
    for each in found.compared:
        if each.far:
            _print_far(each)
    if any(each.far for each in found.compared):
        say(f"look at the moments: `jumpseat replay {at.id}`, then : and the time")
    if earlier is not None:
        say(f"the trace says that you may have known its cards since {when(earlier)}")


def _print_table(found: Training) -> None:
    others = [plain(each.who) for each in found.compared[0].others]
    rows = [
        (
            each.name,
            _level(each.own),
            *(_level(told) for told in each.others),
            "-" if each.distance is None else f"{each.distance:+.1f}",
        )
        for each in found.compared
    ]
    print_table(("rated", "you", *others, "distance"), rows)
    if any(told.first != told.level for each in found.compared for told in each.others):
        say("2>3: changed from 2 to 3 after the cards were opened; distances are to what stands")


def _print_distance(found: Training) -> None:
    if found.apart is None or found.above is None:
        click.echo("no competency was rated by both sides")
        return
    way = "higher" if found.above > 0 else "lower"
    signed = f", {abs(found.above):.1f} {way} on the whole" if found.above else ""
    click.echo(f"you are {found.apart:.1f} levels from the others' mean on average{signed}")


def _print_far(found: Compared) -> None:
    """Print why each side gave what it gave, and the moments that they point at."""
    click.echo()
    click.echo(click.style(plain(found.name), bold=True))
    for each in (found.own, *found.others):
        reason = " ".join(each.reason.split()) or "-"
        click.echo(plain(f"  {each.who} {_level(each)}: {reason}"))
        for piece in each.evidence:
            click.echo(plain(f"    {shown(piece)}"))


def _level(told: Told) -> str:
    """Return a level, and what it was before a mind was changed."""
    now = "-" if told.level is None else str(told.level)
    return now if told.first == told.level else f"{told.first or '-'}>{now}"


def _json(
    at: CardSession, found: Training, decision: int | None, earlier: datetime | None
) -> dict[str, Any]:
    own = at.book.own(person(), "training").submitted[0]
    compared_ = []
    for each in found.compared:
        data = asdict(each)
        for told, source in zip((data["own"], *data["others"]), (each.own, *each.others),
                                strict=True):  # fmt: skip
            told["evidence"] = [piece.model_dump(mode="json") for piece in source.evidence]
        compared_.append(data)
    return {
        "session": at.id,
        "who": person(),
        "state": "in",
        "submitted": own.said.isoformat(),
        "card": card_data(own.card),
        "compared": compared_,
        "apart": found.apart,
        "above": found.above,
        "decision": decision,
        "knew": _iso(earlier),
    }


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
