"""`jumpseat card`: one's own scorecard, filled and submitted alone; whose are asked for.

Options and printing. What a card is, and who may see one, is `recorder.cards`'; forms and evidence
in words are `tui.cards`'. Others' cards are the debrief's, never shown here.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import click

from recorder.cards.card import Card, Rating, check_competencies, checked, missing
from recorder.cards.keeping import Purpose
from recorder.errors import JumpseatError, UsageError
from tui.calibration.training import check_may_train
from tui.cards.carrying import carried_over
from tui.cards.form import FormError, read_form, write_form
from tui.cards.pointing import EVIDENCE_WORDS
from tui.cli.card_printing import own_json, print_card, print_progress, shown, tell_lost, when
from tui.cli.card_session import CardSession, card_session, complete_competency
from tui.cli.output import print_json, say
from tui.cli.settings import Settings
from tui.cli.terminal import is_terminal
from tui.cli.verbs import Decorator, Entry, Verb, VerbGroup, pass_settings, session_argument
from tui.person import person


@click.command(
    cls=VerbGroup,
    first=("fill", "show", "rate", "recommend", "submit", "change", "discard"),
    entries=(
        Entry("ask", "tui.cli.card_calls:ask", "Ask interviewers for their cards."),
        Entry("excuse", "tui.cli.card_calls:excuse", "Wait for a card no longer; it is noted."),
        Entry("blind", "tui.cli.card_calls:blind", "See no tags before your own card is in."),
        Entry("key", "tui.cli.card_calls:key", "What cards are sealed to here."),
    ),
)
def card() -> None:
    """Your scorecard of a session: filled alone, sealed until the debrief opens all together.

    Begin with `jumpseat card fill SESSION`. Nobody else sees a word of it before.
    """


def training_option() -> Decorator:
    """Return the decorator that adds ``--training`` as ``purpose``."""
    return click.option(
        "--training",
        "purpose",
        is_flag=True,
        flag_value="training",
        default="interview",
        help="A card for practice, of a session that others judged; it never counts.",
    )


@card.command(
    "show",
    cls=Verb,
    examples=(
        ("jumpseat card show latest", "Your own card, and what it still lacks."),
        ("jumpseat card show k7 --json", "The same for a program."),
    ),
)
@session_argument()
@training_option()
@click.option("--json", "as_json", is_flag=True, help="Print JSON; its fields are a contract.")
@pass_settings
def show(settings: Settings, session: str, purpose: Purpose, as_json: bool) -> None:
    """Print your own card, what is missing before you can submit it, and how far others are."""
    with card_session(settings, session) as at:
        own = at.book.own(person(), purpose)
        lacks = missing(own.card, at.book.competencies)
        progress = at.book.progress()
    if as_json:
        print_json(own_json(at, own, lacks, progress))
        return
    print_card(at, own)
    tell_lost(at, own)
    for each in lacks:
        say(f"missing: {each}")
    print_progress(progress)


@card.command(
    "fill",
    cls=Verb,
    examples=(
        ("jumpseat card fill latest", "Open your card in $EDITOR; saving keeps a draft."),
        ("jumpseat card fill k7 --form", "Print the form, with what each level means."),
        ("jumpseat card fill k7 card.toml --submit", "Take it from a file and submit it."),
    ),
)
@session_argument()
@click.argument(
    "file", metavar="[FILE|-]", required=False, help="A form that was filled; - is stdin."
)
@click.option("--form", is_flag=True, help="Print the form with what your card says so far.")
@click.option("--submit", is_flag=True, help="Submit it at once.")
@training_option()
@pass_settings
def fill(
    settings: Settings,
    session: str,
    file: str | None,
    form: bool,
    submit: bool,
    purpose: Purpose,
) -> None:
    """Fill your card: in your editor, or from a form that was filled elsewhere.

    What is kept is a draft until you submit it, and sealed from the beginning.
    """
    with card_session(settings, session) as at:
        own = at.book.own(person(), purpose)
        blank = write_form(own.card, at.book.plan, f"session {at.id}", shown)
        if form:
            click.echo(blank, nl=False)
            return
        # Before somebody writes, not after.
        _check_purpose(at, purpose)
        tell_lost(at, own)
        if file is not None:
            filled = _read(at, own.card, _content(file), file)
            _keep(at, partial(carried_over, own.card, filled), purpose, submit=submit)
        elif is_terminal():
            text, filled = _edited(at, own.card, blank)
            with _printed_unless_kept(text):
                if carried_over(own.card, filled, own.card) == own.card and not submit:
                    say("nothing was changed in the form")
                else:
                    # It may have been filled in a seat while the editor was open.
                    _keep(at, partial(carried_over, own.card, filled), purpose, submit=submit)
        else:
            raise UsageError("there is no terminal for an editor", "give FILE, or - for stdin")


@card.command(
    "rate",
    cls=Verb,
    examples=(
        (
            "jumpseat card rate k7 debugging 3 --reason 'reads logs first' --evidence 12:34",
            "Rate one competency, and point at a moment.",
        ),
        (
            "jumpseat card rate k7 web --evidence 'tag apache-stopped@31:02'",
            "Add evidence to a rating; `note 3` points at a note.",
        ),
    ),
)
@session_argument()
@click.argument(
    "competency",
    metavar="COMPETENCY",
    shell_complete=complete_competency,
    help="Its id, as `jumpseat card show` has it.",
)
@click.argument("level", metavar="[LEVEL]", required=False, type=click.IntRange(0, 4), help="0-4.")
@click.option("--reason", metavar="TEXT", help="Why.")
@click.option(
    "--evidence", metavar="WHAT", multiple=True, help=f"{EVIDENCE_WORDS}; may be repeated."
)
@training_option()
@pass_settings
def rate(
    settings: Settings,
    session: str,
    competency: str,
    level: int | None,
    reason: str | None,
    evidence: Sequence[str],
    purpose: Purpose,
) -> None:
    """Rate one competency in your card, and say why; evidence is added to what is there."""
    if level is None and reason is None and not evidence:
        raise UsageError("nothing was said", "give 0 to 4, --reason or --evidence")
    with card_session(settings, session) as at:
        named = Rating.model_construct(competency=competency)
        check_competencies(Card.model_construct(ratings=(named,)), at.book.competencies)
        before = at.book.own(person(), purpose).card.rating(competency)
        pieces = [at.evidence(words, before=before.evidence) for words in evidence]
        changes: dict[str, Any] = {}
        if level is not None:
            changes["level"] = level
        if reason is not None:
            changes["reason"] = reason.strip()

        def rated(card: Card) -> Card:
            old = card.rating(competency)
            more = {**changes, "evidence": (*old.evidence, *pieces)}
            return card.rated(Rating.model_construct(**(dict(old) | more)))

        _keep(at, rated, purpose, submit=False)


@card.command(
    "recommend",
    cls=Verb,
    examples=(("jumpseat card recommend k7 3 --reason 'careful, slow'", "1 to 4, and why."),),
)
@session_argument()
@click.argument(
    "recommendation", metavar="[1-4]", required=False, type=click.IntRange(1, 4), help="1 to 4."
)
@click.option("--reason", metavar="TEXT", help="Why.")
@click.option("--strengths", metavar="TEXT", help="What stood out.")
@click.option("--gaps", metavar="TEXT", help="What was missing.")
@training_option()
@pass_settings
def recommend(
    settings: Settings,
    /,
    session: str,
    recommendation: int | None,
    purpose: Purpose,
    **texts: str | None,
) -> None:
    """Say what you recommend, why, and what stood out."""
    given: dict[str, Any] = {name: text.strip() for name, text in texts.items() if text is not None}
    if recommendation is not None:
        given["recommendation"] = recommendation
    if not given:
        raise UsageError("nothing was said", "give 1 to 4, --reason, --strengths or --gaps")
    with card_session(settings, session) as at:
        _keep(at, lambda card: checked(card, **given), purpose, submit=False)


@card.command(
    "submit",
    cls=Verb,
    examples=(("jumpseat card submit k7", "Put your card in; whatever comes later is beside it."),),
)
@session_argument()
@training_option()
@pass_settings
def submit(settings: Settings, session: str, purpose: Purpose) -> None:
    """Put your card in; what you change later stands beside it."""
    with card_session(settings, session) as at:
        own = at.book.own(person(), purpose)
        if own.draft is None:
            raise UsageError(
                "your card is in already" if own.is_in else "you have no card to submit",
                "`jumpseat card change` keeps both" if own.is_in else "`jumpseat card fill` it",
            )
        _keep(at, lambda card: card, purpose, submit=True)


@card.command(
    "change",
    cls=Verb,
    examples=(
        (
            "jumpseat card change k7 --reason 'I had missed 31:02'",
            "Submit what you drafted after your card was in; the first one stays beside it.",
        ),
    ),
)
@session_argument()
@click.option("--reason", metavar="TEXT", required=True, help="What changed your mind.")
@training_option()
@pass_settings
def change(settings: Settings, session: str, reason: str, purpose: Purpose) -> None:
    """Change a card that is in: by what you drafted since, with a reason, beside the original."""
    with card_session(settings, session) as at:
        kept = at.book.change(None, person(), reason, purpose)
        say(f"changed; {when(kept.said)}, beside what you submitted")


@card.command(
    "discard",
    cls=Verb,
    examples=(("jumpseat card discard k7", "Delete your draft; what is in stays."),),
)
@session_argument()
@training_option()
@pass_settings
def discard(settings: Settings, session: str, purpose: Purpose) -> None:
    """Delete your draft."""
    with card_session(settings, session) as at:
        gone = at.book.discard_draft(person(), purpose)
    say("your draft is gone" if gone else "you had no draft")


def _keep(
    at: CardSession, change: Callable[[Card], Card], purpose: Purpose, *, submit: bool
) -> None:
    """Keep a card as a draft, or submit it, and say what came of it."""
    _check_purpose(at, purpose)
    first = at.book.own(person(), purpose).draft is None
    own = at.book.edit(person(), change, purpose)
    lacks = missing(own.card, at.book.competencies)
    if submit:
        at.book.submit(None, person(), purpose)
        told = "others see it when the debrief is opened"
        if purpose == "training":
            told = f"`jumpseat calibrate train {at.id}` shows how it was scored"
        say(f"your card is in; {told}")
    elif own.draft is None:
        say("nothing differs from the card that is in" if own.is_in else "the card is empty")
        return
    elif lacks:
        say(f"kept as a draft; {len(lacks)} to go: {lacks[0]}")
    else:
        option = " --training" if purpose == "training" else ""
        say(f"kept as a draft; it is whole: `jumpseat card submit {at.id}{option}` puts it in")
    if not at.elsewhere and (first or submit):
        say(
            "sealed; but whoever can read this home can read it too:"
            " others are kept out where they come by the seat's port, or by a shared database"
        )


def _check_purpose(at: CardSession, purpose: Purpose) -> None:
    # A training card hides the others' from its author: whoever judged would lose sight of them.
    if purpose == "training":
        check_may_train(at.book, person())


def _content(file: str) -> str:
    try:
        if file == "-":
            return sys.stdin.buffer.read().decode("utf-8")
        return Path(file).read_bytes().decode("utf-8")
    except OSError as error:
        raise UsageError(f"cannot read {file} ({error.strerror})", "check its path") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} is not UTF-8 text", "save it as UTF-8") from error


def _read(at: CardSession, card: Card, text: str, file: str) -> Card:
    try:
        return read_form(text, card, at.book.competencies, file, at.evidence)
    except FormError as error:
        for fault in error.faults[1:]:
            say(str(fault))
        raise


@contextmanager
def _printed_unless_kept(text: str) -> Iterator[None]:
    """Print what somebody wrote for half an hour, where the store is away when they are done."""
    try:
        yield
    except JumpseatError:
        click.echo(text, nl=False)
        raise


def _edited(at: CardSession, card: Card, text: str) -> tuple[str, Card]:
    """Let a person edit the form until it can be read, or they give up; nothing written is lost.

    Returns:
        What they wrote, and the card that it says.

    """
    while True:
        found = click.edit(text, extension=".toml", require_save=False)
        text = text if found is None else found
        try:
            return text, read_form(text, card, at.book.competencies, "form", at.evidence)
        except FormError as error:
            for fault in error.faults:
                say(str(fault))
            if not click.confirm("edit it again?", default=True, err=True):
                click.echo(text, nl=False)
                raise
