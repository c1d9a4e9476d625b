"""`jumpseat debrief`: the shared screen in a terminal, text in a pipe; saying things by options.

Options and printing. What may be seen is asked in `tui.debrief.meeting`, what is said is kept by
`tui.debrief.saying`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click

from recorder.cards.book import Book
from recorder.cards.debriefing import Entering, Entry
from recorder.control.permission import may_order
from recorder.errors import UsageError
from recorder.trace.actions import Action
from recorder.trace.here import inside
from tui.cli.card_session import CardSession, card_session
from tui.cli.output import print_json, say
from tui.cli.settings import Settings
from tui.cli.terminal import is_terminal
from tui.cli.verbs import Verb, pass_settings, session_argument
from tui.debrief import run_debrief
from tui.debrief.contract import entry_data, meeting_data
from tui.debrief.feed import StoredDebrief
from tui.debrief.meeting import read_meeting
from tui.debrief.minutes import minutes as written
from tui.debrief.saying import open_debrief, withdraw
from tui.debrief.saying import say as keep
from tui.debrief.text import entry_line, text_lines
from tui.debrief.wording import kind_words
from tui.export.places import STDOUT, write_new
from tui.person import person
from tui.seat import run_found
from tui.tracing import must_trace

_NO_LEVEL = "-"
_WIDEST = 100
"""Columns of text: longer lines are hard to read aloud."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """The options that do something, at most one of which is given."""

    open_: bool
    question: str | None
    answer: tuple[int, str] | None
    decide: tuple[str, str] | None
    next_step: str | None
    minute: str | None
    withdraw: int | None
    close: bool

    @property
    def count(self) -> int:
        flags = (self.open_ or None, self.close or None)
        words = (self.question, self.answer, self.decide, self.next_step, self.minute)
        return sum(each is not None for each in (*flags, *words, self.withdraw))

    def entering(self, about: str | None) -> Entering:
        """Return what is said; only of the options that say something new."""
        if self.question is not None:
            return Entering(kind="question", text=self.question, subject=about)
        if self.answer is not None:
            return Entering(kind="answer", text=self.answer[1], subject=str(self.answer[0]))
        if self.decide is not None:
            level, text = self.decide
            return Entering(
                kind="decision", text=text, subject=None if level == _NO_LEVEL else level
            )
        if self.next_step is not None:
            return Entering(kind="next-step", text=self.next_step)
        if self.minute is not None:
            return Entering(kind="minute", text=self.minute, subject=about)
        return Entering(kind="closed")


@click.command(
    cls=Verb,
    examples=(
        ("jumpseat debrief latest", "The cards side by side, on a screen for all in the room."),
        ("jumpseat debrief k7 --open", "Open the cards together: all who were asked are in."),
        ("jumpseat debrief k7 --text", "The same as text, to read or to pipe."),
        ("jumpseat debrief k7 --question 'Did they know why it failed?'", "Note what is open."),
        ("jumpseat debrief k7 --answer 2 'They did: see 24:10'", "Answer question 2."),
        ("jumpseat debrief k7 --decide 3 'Hire, with a mentor'", "What it comes to, 1 to 4."),
        ("jumpseat debrief k7 --minutes debrief.md", "Write the minutes, as Markdown."),
    ),
)
@session_argument()
@click.option("--open", "open_", is_flag=True, help="Open all cards together.")
@click.option("--early", is_flag=True, help="With --open: although cards are missing; noted.")
@click.option("--question", metavar="TEXT", help="Note a question that is open.")
@click.option("--answer", metavar="N TEXT", type=(int, str), help="Answer question N.")
@click.option(
    "--decide",
    metavar="1-4 TEXT",
    type=(click.Choice(["1", "2", "3", "4", _NO_LEVEL]), str),
    help="Decide: a recommendation, - for none of them, and its words.",
)
@click.option("--next-step", metavar="TEXT", help="Note what is to be done.")
@click.option("--minute", metavar="TEXT", help="Note what was said.")
@click.option("--about", metavar="ID", help="The competency that a minute or question is about.")
@click.option("--withdraw", metavar="N", type=int, help="Take back what is numbered N.")
@click.option("--close", is_flag=True, help="Close the debrief; the cards stay open.")
@click.option("--text", "as_text", is_flag=True, help="Print text, in a terminal too.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON; its fields are a contract.")
@click.option("--minutes", metavar="FILE|-", help="Write the minutes, as Markdown.")
@pass_settings
def debrief(
    settings: Settings,
    /,
    session: str,
    early: bool,
    about: str | None,
    as_text: bool,
    as_json: bool,
    minutes: str | None,
    **options: Any,
) -> None:
    """Talk over a session with all cards on the table: where they differ, and why.

    Until the cards are opened it tells who is in and who is missing, and nothing else. Whoever was
    asked for a card sees the others' when their own is in.
    """
    said = _Said(**options)
    _check(said, early=early, about=about, prints=as_text or minutes is not None)
    if not (said.count or as_text or as_json or minutes) and is_terminal():
        show(settings, session)
        return
    with card_session(settings, session) as at:
        note = _noting(settings, at)
        if said.count:
            _tell(at.book, _do(at, said, early=early, about=about), as_json=as_json)
        elif minutes is not None:
            _write(at.book, Path(minutes), note)
        else:
            _print(at.book, note, as_json=as_json)


def show(settings: Settings, session: str) -> None:
    """Show the debrief of a session on the terminal until the person leaves.

    Raises:
        JumpseatError: The session, its cards or the store cannot be used.

    """
    with card_session(settings, session) as at:
        directory = settings.home.recording(at.id)
        feed = StoredDebrief(
            book=at.book,
            viewer=person(),
            replayable=directory.is_dir(),
            writes_files=may_order(),
            note=_noting(settings, at),
        )
        with inside("seat"):
            run_debrief(feed, lambda t: run_found(lambda: (directory, at.engine), at=t))


def _noting(settings: Settings, at: CardSession) -> Callable[[str], None]:
    """Return what notes in the trace that others' cards are seen; without that they are not."""
    return partial(must_trace, settings.home, at.engine, Action.CARDS_READ, at.id)


def _check(said: _Said, *, early: bool, about: str | None, prints: bool) -> None:
    if said.count > 1:
        raise UsageError("that is more than one thing to say", "say one at a time")
    if early and not said.open_:
        raise UsageError("--early of what?", "it goes with --open")
    if about is not None and said.minute is None and said.question is None:
        raise UsageError("--about of what?", "give it with --minute or --question")
    if said.count and prints:
        raise UsageError("--text and --minutes only print", "say what is to be said without them")


def _do(at: CardSession, said: _Said, *, early: bool, about: str | None) -> Entry:
    book, who = at.book, person()
    if said.open_:
        return open_debrief(book, who, early=early)
    if said.withdraw is not None:
        return withdraw(book, said.withdraw, who)
    if about is not None and all(each.id != about for each in book.competencies):
        known = ", ".join(each.id for each in book.competencies)
        raise UsageError(f"there is no competency {about!r}", f"there are {known or 'none'}")
    return keep(book, said.entering(about), who)


def _tell(book: Book, entry: Entry, *, as_json: bool) -> None:
    if as_json:
        print_json(entry_data(entry))
    elif entry.withdrawn:
        click.echo(f"taken back: {kind_words(entry)} {entry.replaces}")
    elif entry.kind == "opened":
        missing = f"; missing: {entry.text}" if entry.text else ""
        say(f"the cards are open{missing}; `jumpseat debrief {book.session}` shows them")
    elif entry.kind == "closed":
        say(f"the debrief is closed; `jumpseat debrief {book.session} --minutes FILE` writes it up")
    else:
        click.echo(entry_line(read_meeting(book, person()), entry))


def _print(book: Book, note: Callable[[str], None], *, as_json: bool) -> None:
    meeting = read_meeting(book, person())
    if meeting.table is not None:
        note("json" if as_json else "text")
    if as_json:
        print_json(meeting_data(meeting))
        return
    width = min(_WIDEST, shutil.get_terminal_size().columns)
    for line in text_lines(meeting, width):
        click.echo(line)


def _write(book: Book, path: Path, note: Callable[[str], None]) -> None:
    text = written(read_meeting(book, person()))
    if path != STDOUT and os.path.lexists(path):
        raise UsageError(f"{path} is already there", "name another file")
    note("minutes")
    write_new(path, [text.encode("utf-8", "replace")])
    if path != STDOUT:
        say(f"wrote {path}")
