"""`jumpseat report`: of which session, in which form, for whom, and into which file.

What is in a report is `tui.report`'s.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, assert_never

import click

from recorder.errors import UsageError
from recorder.store.catalogue import find_session
from recorder.trace.actions import Action
from tui.cli.output import say
from tui.cli.progress import progress
from tui.cli.settings import Settings
from tui.cli.store import opened_store
from tui.cli.verbs import Verb, pass_settings, session_argument
from tui.export.places import STDOUT, refuse_existing, write_new
from tui.person import must_have, person
from tui.report.gathering import Asked, Progress, gather, gather_for_candidate
from tui.report.values import Report
from tui.tracing import must_trace

Form = Literal["html", "md", "json"]

_GATHERED = 0.8
"""The share of the work that gathering is."""


@click.command(
    cls=Verb,
    examples=(
        ("jumpseat report latest", "One HTML file that plays the session, here."),
        ("jumpseat report latest --to md -o -", "Read it in the terminal, or pipe it on."),
        ("jumpseat report abcd2345 --to json -o report.json", "All of it, for programs."),
        (
            "jumpseat report abcd2345 --candidate",
            "A copy for the candidate: replay, commands and tasks; nothing of what was judged.",
        ),
    ),
)
@session_argument()
@click.option(
    "--to",
    "form",
    type=click.Choice(("html", "md", "json")),
    default="html",
    show_default=True,
    help="The form: a page with the replay in it, Markdown, or JSON, whose fields are a contract.",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="The file, which must not exist; - is standard output. By default a name made of the"
    " session's.",
)
@click.option("--candidate", is_flag=True, help="The candidate's copy: nothing that was judged.")
@click.option("--no-replay", is_flag=True, help="html: pictures of moments instead of the replay.")
@pass_settings
def report(
    settings: Settings,
    session: str,
    form: Form,
    output: str | None,
    candidate: bool,
    no_replay: bool,
) -> None:
    """Tell a session to somebody who was not there, in one file.

    What was seen, with times, evidence and quotes of the screen; what was not reached; what people
    judged and where they differ, once the cards are open and yours is in; how it was recorded. It
    holds what you may see: give it only to people who may see the same.
    """
    if no_replay and form != "html":
        raise UsageError(f"--no-replay means nothing with --to {form}", "leave one of them out")
    must_have("report")
    directory = find_session(settings.home, session)
    kind = "copy" if candidate else "report"
    path = Path(output or f"{directory.name}-{kind}.{form}")
    refuse_existing([path])
    _refuse_terminal(path, form)
    with opened_store(settings) as engine, progress("making the report") as tell:
        asked = Asked(
            home=settings.home,
            engine=engine,
            directory=directory,
            viewer=person(),
            team_key=settings.card_key,
        )
        make = gather_for_candidate if candidate else gather
        made = make(asked, _share(tell, 0.0, _GATHERED))
        _trace(asked, form, made)
        lines = _lines(made, form, directory, _share(tell, _GATHERED, 1.0), replay=not no_replay)
        write_new(path, lines)
    if path != STDOUT:
        click.echo(path)
    _tell(made)


def _lines(
    made: Report, form: Form, directory: Path, tell: Progress | None, *, replay: bool
) -> Iterable[bytes]:
    # Each form brings what it is made with.
    match form:
        case "json":
            from tui.report.as_json import json_lines  # noqa: PLC0415 - as above

            return json_lines(made)
        case "md":
            from tui.report.as_markdown import markdown_lines  # noqa: PLC0415 - as above

            return markdown_lines(made)
        case "html":
            from tui.report.as_html import html_lines  # noqa: PLC0415 - as above

            return html_lines(made, directory, tell, replay=replay, say=say)
        case _:
            assert_never(form)


def _trace(asked: Asked, form: Form, made: Report) -> None:
    """Note that a report is made, and that cards are read with it.

    Raises:
        TraceError: It cannot be noted: there is no report then.

    """
    session = made.session.id
    detail = f"{form} for the {made.copy}"
    must_trace(asked.home, asked.engine, Action.REPORTED, session, detail)
    if made.judged is not None and made.judged.cards:
        must_trace(asked.home, asked.engine, Action.CARDS_READ, session, "report")


def _refuse_terminal(path: Path, form: Form) -> None:
    if path == STDOUT and form == "html" and sys.stdout.isatty():
        raise UsageError("a page is nothing to read in a terminal", "name a file, or use --to md")


def _tell(made: Report) -> None:
    """Say what the report does not tell, and why."""
    if made.judged is not None and made.judged.sealed is not None and made.judged.waiting:
        say(f"the cards stay sealed: {made.judged.sealed}")
    if made.blind is not None:
        say(f"the machine's tags are left out: {made.blind}")


def _share(tell: Progress | None, start: float, end: float) -> Progress | None:
    """Return what is told of a part of the work, from 0 to 1."""
    return None if tell is None else lambda done: tell(start + done * (end - start))
