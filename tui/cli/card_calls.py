"""`jumpseat card ask|excuse|blind|key`: whose cards are waited for, and what they are sealed to."""

from __future__ import annotations

from collections.abc import Sequence

import click

from recorder.cards.calls import CallKind, call
from recorder.cards.sealing import load_card_key
from tui.cli.card_printing import print_progress
from tui.cli.card_session import card_session
from tui.cli.settings import Settings
from tui.cli.verbs import Verb, pass_settings, session_argument
from tui.person import must_have, person


@click.command(
    cls=Verb,
    examples=(("jumpseat card ask k7 ada grace", "The debrief waits for these two cards."),),
)
@session_argument()
@click.argument("names", metavar="NAME...", nargs=-1, required=True, help="Interviewers.")
@pass_settings
def ask(settings: Settings, session: str, names: Sequence[str]) -> None:
    """Ask interviewers for their cards: the debrief opens when all of them are in."""
    _call(settings, session, "asked", names)


@click.command(
    cls=Verb,
    examples=(("jumpseat card excuse k7 grace", "Wait for this card no longer; it is noted."),),
)
@session_argument()
@click.argument("names", metavar="NAME...", nargs=-1, required=True, help="Interviewers.")
@pass_settings
def excuse(settings: Settings, session: str, names: Sequence[str]) -> None:
    """Wait for somebody's card no longer; that is noted."""
    _call(settings, session, "excused", names)


@click.command(
    cls=Verb,
    examples=(("jumpseat card blind k7", "See no tags of that session before your card is in."),),
)
@session_argument()
@click.option("--off", is_flag=True, help="See them after all; that is noted.")
@pass_settings
def blind(settings: Settings, session: str, off: bool) -> None:
    """Choose to judge without the machine's tags: they are shown when your own card is in."""
    _call(settings, session, "seeing" if off else "blind", (person(),))


@click.command(
    cls=Verb,
    examples=(("jumpseat card key", "For the settings of homes that share this database."),),
)
@pass_settings
def key(settings: Settings) -> None:
    """Print the key that cards are sealed to here, for `card_key` in others' settings files."""
    click.echo(load_card_key(settings.home.ensure()).public)


def _call(settings: Settings, session: str, kind: CallKind, names: Sequence[str]) -> None:
    if kind in {"asked", "excused"}:
        must_have("ask raters")
    with card_session(settings, session) as at:
        call(at.engine, at.id, kind, names, person())
        progress = at.book.progress()
    print_progress(progress)
