"""`jumpseat notes`: what interviewers noted of a session, printed, added to and taken back.

The same notes as the seat's. What may be noted is `recorder.store.notes`' to say; which moment and
which task somebody means is told here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Engine, select

from recorder.errors import UsageError
from recorder.exercise.recorded import followed
from recorder.exercise.schema import Task
from recorder.recording.reader import RecordingReader
from recorder.store.engine import store_errors
from recorder.store.notes import Note, Noting, add_note, notes_of, standing
from recorder.store.sync import sync_session
from recorder.store.tables import SessionRow
from recorder.trace.actions import Action
from tui.cli.judging import session_directory
from tui.cli.output import moment, print_json, print_table, say
from tui.cli.settings import Settings
from tui.cli.store import opened_store
from tui.cli.times import TIME_WORDS, parse_time
from tui.cli.traced import trace_reading, trace_saying
from tui.cli.verbs import Verb, pass_settings, session_argument
from tui.person import person
from tui.tracing import noted_words

_NOW = "now"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """The options that note something, at most one of which is given."""

    add: str | None
    asked: str | None
    mark: bool
    tick: str | None
    withdraw: int | None

    @property
    def count(self) -> int:
        given = (self.add, self.asked, self.tick, self.withdraw, self.mark or None)
        return sum(each is not None for each in given)


@click.command(
    cls=Verb,
    examples=(
        ("jumpseat notes latest", "What interviewers noted, by time."),
        ("jumpseat notes latest --mark", "Mark this moment of the session that runs now."),
        ("jumpseat notes k7 --add 'reads the log first' --at 12:34", "A note about a moment."),
        ("jumpseat notes k7 --asked 'does the order matter?'", "What the candidate asked, now."),
        ("jumpseat notes k7 --tick 2", "The second task of its exercise was done, now."),
        ("jumpseat notes k7 --withdraw 5", "Take your note 5 back; --all still shows it."),
    ),
)
@session_argument()
@click.option("--add", metavar="TEXT", help="Note that.")
@click.option("--asked", metavar="TEXT", help="Note that the candidate asked that.")
@click.option("--mark", is_flag=True, help="Mark the moment, without words.")
@click.option("--tick", metavar="TASK", help="Note that a task was done: its number, or its id.")
@click.option("--at", metavar="TIME|now", help=f"The moment: {TIME_WORDS}, or now.")
@click.option("--withdraw", metavar="N", type=int, help="Take your note N back.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON; its fields are a contract.")
@click.option("--all", "every", is_flag=True, help="What was replaced or taken back, too.")
@pass_settings
def notes(
    settings: Settings,
    /,
    session: str,
    at: str | None,
    as_json: bool,
    every: bool,
    **options: Any,
) -> None:
    """Print what interviewers noted of a session, or note something.

    It is kept with who noted it and when, never changed, and travels with the session. A moment is
    needed where the session has ended; while it runs it is now unless --at says otherwise.
    """
    said = _Said(**options)
    _check(said, at, every=every)
    directory = session_directory(settings, session)
    with opened_store(settings) as engine:
        sync_session(engine, directory)
        if said.count:
            note = add_note(engine, directory.name, _noting(engine, directory, said, at), person())
            trace_saying(settings, engine, Action.NOTED, directory.name, noted_words(note))
            _tell(note, directory, as_json=as_json)
            return
        trace_reading(settings, engine, directory.name)
        found = notes_of(engine, directory.name)
    if as_json:
        print_json([note_json(each) for each in (found if every else standing(found))])
    else:
        _print(found, _tasks(directory), every=every)


def _check(said: _Said, at: str | None, *, every: bool) -> None:
    if said.count > 1:
        raise UsageError("that is more than one thing to note", "note one at a time")
    if at is not None and (not said.count or said.withdraw is not None):
        raise UsageError("--at of what?", "give it with --add, --asked, --mark or --tick")
    if every and said.count:
        raise UsageError("--all only prints", "note without it")


def _noting(engine: Engine, directory: Path, said: _Said, at: str | None) -> Noting:
    """Return what is to be noted.

    Raises:
        UsageError: The moment, the task or the note that is meant cannot be told.

    """
    if said.withdraw is not None:
        return _taken_back(engine, directory.name, said.withdraw)
    task = None if said.tick is None else find_task(_tasks(directory), said.tick)
    t = _moment(engine, directory, at)
    if task is not None:
        _check_unticked(engine, directory.name, task)
        return Noting(kind="task", t=t, subject=task.id)
    if said.mark:
        return Noting(kind="mark", t=t)
    if said.asked is not None:
        return Noting(kind="question", t=t, text=said.asked.strip())
    return Noting(kind="note", t=t, text=(said.add or "").strip())


def _taken_back(engine: Engine, session: str, number: int) -> Noting:
    for old in standing(notes_of(engine, session)):
        if old.number == number:
            return Noting(
                kind=old.kind,
                t=old.t,
                text=old.text,
                subject=old.subject,
                replaces=number,
                withdrawn=True,
            )
    return Noting(kind="mark", t=0.0, replaces=number, withdrawn=True)


def _check_unticked(engine: Engine, session: str, task: Task) -> None:
    for each in standing(notes_of(engine, session)):
        if (each.kind, each.subject, each.who) == ("task", task.id, person()):
            raise UsageError(
                f"you ticked {task.title!r} at {moment(each.t)}",
                f"--withdraw {each.number} takes that back",
            )


def find_task(tasks: Sequence[Task], words: str) -> Task:
    """Return the task that somebody means: its number from 1, its id or the beginning of that.

    Raises:
        UsageError: None, or more than one, answers to it.

    """
    if not tasks:
        raise UsageError("this session's exercise names no tasks", "note it with --add")
    numbered = {str(number): each for number, each in enumerate(tasks, start=1)}
    if words in numbered:
        return numbered[words]
    found = [each for each in tasks if each.id == words]
    found = found or [each for each in tasks if words and each.id.startswith(words)]
    if len(found) == 1:
        return found[0]
    named = ", ".join(f"{number} {each.id}" for number, each in numbered.items())
    raise UsageError(f"which task is {words!r}?", f"its tasks are {named}")


def _tasks(directory: Path) -> tuple[Task, ...]:
    chosen = followed(directory)
    return () if chosen is None or chosen.plan is None else tuple(chosen.plan.task)


def _moment(engine: Engine, directory: Path, at: str | None) -> float:
    """Return the moment that is meant, in seconds since the session's start.

    Raises:
        UsageError: It is no moment of the session's, or it has ended and none was given.

    """
    now = _present(directory)
    if at is None or at.strip() == _NOW:
        if now is None:
            raise UsageError(
                "the session has ended: it has no now", "give the moment, such as --at 12:34"
            )
        return now
    t, end = parse_time(at), now
    if end is None:
        with store_errors(engine), engine.connect() as connection:
            query = select(SessionRow.duration).where(SessionRow.id == directory.name)
            end = connection.scalar(query)
    if end is not None and t > end + 1.0:
        where = "after the session's end" if now is None else "yet to come"
        raise UsageError(f"{moment(t)} is {where}", f"the session has {moment(end)} so far")
    return t if end is None else min(t, end)


def _present(directory: Path) -> float | None:
    """Return a live session's present moment in seconds, None where it has ended."""
    with RecordingReader(directory) as reader:
        next(reader.poll(), None)
        return reader.now()


def note_json(note: Note) -> dict[str, object]:
    """Return a note as `jumpseat notes --json` prints it; a contract."""
    return {
        "number": note.number,
        "kind": note.kind,
        "t": note.t,
        "text": note.text,
        "subject": note.subject,
        "who": note.who,
        "said": note.said.isoformat(),
        "replaces": note.replaces,
        "withdrawn": note.withdrawn,
    }


def _tell(note: Note, directory: Path, *, as_json: bool) -> None:
    if as_json:
        print_json(note_json(note))
    elif note.withdrawn:
        click.echo(f"taken back: note {note.replaces}")
    else:
        words = _words(note, _tasks(directory))
        print_table(("n", "time", "kind", "note"), [_row(note, words)])


def _row(note: Note, words: str) -> tuple[str, str, str, str]:
    return str(note.number), moment(note.t), note.kind, words


def _words(note: Note, tasks: Sequence[Task]) -> str:
    match note.kind:
        case "task":
            title = next((each.title for each in tasks if each.id == note.subject), "")
            return f"{note.subject}: {title}" if title else str(note.subject)
        case "announced":
            return f"{note.subject} minutes left"
        case _:
            return " ".join(note.text.split())


def _print(found: Sequence[Note], tasks: Sequence[Task], *, every: bool) -> None:
    stands = standing(found)
    shown = found if every else stands
    if not shown:
        say("nothing was noted in this session")
        return
    states = _states(found)
    rows = []
    for each in shown:
        number, at, kind, words = _row(each, _words(each, tasks))
        state = (states.get(each.number, ""),) if every else ()
        rows.append((number, at, kind, each.who, *state, words))
    print_table(("n", "time", "kind", "who", *(("state",) if every else ()), "note"), rows)


def _states(found: Sequence[Note]) -> dict[int, str]:
    """Return what became of each that does not stand, and what took others back, as words."""
    states = {
        each.replaces: "taken back" if each.withdrawn else f"replaced by {each.number}"
        for each in found
        if each.replaces is not None
    }
    gone = {each.number: f"takes {each.replaces} back" for each in found if each.withdrawn}
    return states | gone
