"""An exercise printed as an interviewer uses it: what to say and when, to tell, to rate.

Only printing; `tui.cli.exercise` has the verbs.
"""

from __future__ import annotations

import shutil
import sys

import click

from analyzer.visible import plain
from recorder.exercise.loader import Loaded
from recorder.exercise.schema import Cards, Competency, Exercise, HttpProbe, Probe

_WIDTH, _LEAST = 96, 30
"""Columns of what is printed: in a narrower terminal as many as that has, within reason."""


def show_exercise(loaded: Loaded) -> None:
    """Print the whole of an exercise, in the order in which an interview needs it."""
    plan = loaded.plan
    click.echo(click.style(f"{loaded.name}: {plain(plan.title)}", bold=True))
    _paragraph(plan.summary)
    _script(plan)
    _heading("closing questions")
    for question in plan.closing_question:
        _paragraph(question.text, mark="- ")
    _information(plan)
    for competency in plan.competency:
        _competency(competency)
    _cards(plan.cards, bool(plan.competency))
    _rest(plan)


def _script(plan: Exercise) -> None:
    """Print what is said, each thing under the minute at which it is."""
    minute = 0
    if plan.say:
        _heading("before the clock starts")
        _paragraph(plan.say)
    announcements = {plan.clock.minutes - each.left: each for each in plan.clock.announcement}
    for phase in plan.clock.phase:
        _heading(f"minute {minute}: {phase.title} ({phase.minutes} minutes)")
        _paragraph(phase.say or "")
        if phase.tasks:
            _tasks(plan)
        for at in sorted(announcements):
            if minute <= at < minute + phase.minutes:
                _heading(f"minute {at}: {announcements[at].left} minutes left")
                _paragraph(announcements[at].say)
        minute += phase.minutes


def _tasks(plan: Exercise) -> None:
    for number, task in enumerate(plan.task, 1):
        _heading(f"task {number}: {task.title}")
        _paragraph(task.say)
        _paragraph(f"In writing, if they ask: {task.text}")


def _information(plan: Exercise) -> None:
    if plan.information:
        _heading("what they may be told when they ask")
    for each in plan.information:
        _paragraph(f"{each.title}:")
        _paragraph(each.text, indent=4)


def _competency(competency: Competency) -> None:
    """Print what is rated, and each level beside its figure."""
    _heading(f"rated: {competency.title}")
    _paragraph(competency.question)
    for level, words in enumerate(competency.levels):
        _paragraph(words, indent=4, mark=f"{level}  ")
    if competency.topics:
        _paragraph(f"Likely evidence: tags of {', '.join(competency.topics)}.")


def _cards(cards: Cards, rates: bool) -> None:
    _heading("recommendation" if rates else "recommendation (nothing else is rated)")
    for figure, words in enumerate(cards.recommendation, 1):
        _paragraph(words, indent=4, mark=f"{figure}  ")
    if cards.blind_to_tags:
        _paragraph("Nobody sees the machine's tags before their own card is in.")
    else:
        _paragraph("Each interviewer chooses whether to see the machine's tags before their card.")


def _rest(plan: Exercise) -> None:
    _heading("the candidate is told")
    _paragraph(plan.banner)
    _heading("looked at from outside")
    for probe in plan.probe:
        words = f"{probe.title}: {_probe_words(probe)}, every {probe.every} s"
        _paragraph(words, mark="- ")
    if not plan.probe:
        _paragraph("nothing")
    _heading("the server")
    _paragraph(_server_words(plan))
    _heading("kept")
    _paragraph(f"{plan.retention.days} days")


def _server_words(plan: Exercise) -> str:
    target = plan.target
    rights = "may become root" if target.sudo else "cannot become root"
    words = [f"They log in as {target.user} and {rights}."]
    if target.password:
        words.append(f"The password {target.password} is issued.")
    if target.page:
        words.append("A page is there before.")
    if target.prepare:
        words.append("The exercise prepares the server itself: `jumpseat target script` shows how.")
    return " ".join(words)


def _probe_words(probe: Probe) -> str:
    if not isinstance(probe, HttpProbe):
        return f"sshd's login methods for {probe.user}"
    words = f', with the words "{probe.contains}"' if probe.contains else ""
    return f"{probe.scheme}://{probe.host or 'TARGET'}:{probe.real_port}{probe.path}{words}"


def _heading(words: str) -> None:
    click.echo()
    click.echo(click.style(plain(words), bold=True))


def _paragraph(words: str, *, indent: int = 2, mark: str = "") -> None:
    """Print words in lines that fit, under each other behind a mark that stands before them."""
    if text := plain(" ".join(words.split())):
        first, later = " " * indent + mark, " " * (indent + len(mark))
        click.echo(
            click.wrap_text(text, width=_width(), initial_indent=first, subsequent_indent=later)
        )


def _width() -> int:
    if not sys.stdout.isatty():
        return _WIDTH
    return max(_LEAST, min(_WIDTH, shutil.get_terminal_size().columns))
