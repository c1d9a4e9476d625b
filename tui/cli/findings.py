"""`jumpseat commands` and `jumpseat tags`: what was run and what was noticed, printed.

What is missing is analysed first; how, is the analyzer's business.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import click

from analyzer.records import Command, Evidence, Tag
from analyzer.service import Analysis, analyse, commands_json, ensure_analysed, tags_json
from recorder.recording.reader import is_locked
from tui.books import blind_because, check_sees_tags
from tui.cli.given import given_recording, recording_argument
from tui.cli.intents import print_intents
from tui.cli.judging import is_said, judge_or_list, judging_options
from tui.cli.output import moment, print_json, print_table, say, span
from tui.cli.progress import progress
from tui.cli.settings import Settings
from tui.cli.store import opened_store
from tui.cli.traced import trace_reading
from tui.cli.verbs import Verb, pass_settings
from tui.person import person
from tui.unjudged import without_kinds

Shown = Literal["commands", "tags", "phases"]
"""What of an analysis is printed; what a model says of commands counts as tags."""


def analysis_of(
    settings: Settings,
    name: str,
    size: tuple[int, int] | None = None,
    *,
    shown: Shown = "commands",
) -> Analysis:
    """Return the commands, tags and phases of a session, a file or a directory of panes.

    They cover all that the recording holds now. ``shown`` is what of it is printed: to those who
    judge without the machine's tags, no tags, and of phases not what kind of work they were.

    Raises:
        BlindError: Tags are shown, and whoever asks is to judge without them first.
        SessionNotFoundError: It is no path, and no session, or more than one, answers to the name.
        StoreError: The store cannot be used.
        RecordingError: The recording cannot be read.

    """
    with given_recording(settings, name, size) as given:
        if given.foreign:
            with progress("analysing") as tell:
                analysis = analyse(given.directory, progress=tell)
            for each in analysis.problems:
                say(f"{each.place.file}: {each.words}, at byte {each.place.offset}")
            return analysis
        return _analysis_of_session(settings, given.directory, shown)


def _analysis_of_session(settings: Settings, directory: Path, shown: Shown) -> Analysis:
    with opened_store(settings) as engine:
        asking = settings.home, engine, directory.name, person()
        if shown == "tags":
            check_sees_tags(*asking)
        trace_reading(settings, engine, directory.name)
        analysis = ensure_analysed(directory, engine)
        if shown == "phases" and (why := blind_because(*asking)) is not None:
            say(f"what kind of work it was is left out: {why}")
            analysis = replace(analysis, phases=without_kinds(analysis.phases))
    problems = {p.place.file: f"{p.words}, at byte {p.place.offset}" for p in analysis.problems}
    # What was analysed before, perhaps by `serve`'s follower, no longer tells what was torn.
    torn = dict.fromkeys(_torn_files(directory), "torn last line dropped")
    for file, words in (torn | problems).items():
        say(f"{directory / file}: {words}")
    return analysis


def _torn_files(directory: Path) -> list[str]:
    """Return the files of a recording that has ended whose last line has no end."""
    if is_locked(directory):
        return []
    return [
        path.name
        for path in sorted(directory.iterdir())
        if path.suffix in {".jsonl", ".cast"} and not _ends_its_line(path)
    ]


def _ends_its_line(path: Path) -> bool:
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 1))
        return file.read(1) in {b"", b"\n"}


@click.command(
    cls=Verb,
    examples=(
        ("jumpseat commands latest", "A table for people."),
        ("jumpseat commands latest --json", "All that is known, for programs."),
        ("jumpseat commands demo.cast", "Of a recording that asciinema made."),
        ("jumpseat commands latest --intents", "And what each is for, as far as a model is sure."),
    ),
)
@recording_argument()
@click.option("--json", "as_json", is_flag=True, help="Print JSON; its fields are a contract.")
@click.option("--intents", is_flag=True, help="And what each is for, where a model is sure.")
@pass_settings
def commands(
    settings: Settings,
    recording: str,
    as_json: bool,
    intents: bool,
    size: tuple[int, int] | None,
) -> None:
    """Print the command lines that were run, with time, place and outcome."""
    shown: Shown = "tags" if intents else "commands"
    found = analysis_of(settings, recording, size, shown=shown).commands
    if intents:
        print_intents(found, as_json=as_json)
    elif as_json:
        print_json(commands_json(found))
    elif found:
        print_commands(found)
    else:
        say("no commands were run")


def _command_row(row: Command) -> tuple[str, ...]:
    place = f"{row.user}@{row.host}" if row.user and row.host else row.user or row.host or "-"
    where = f"c{row.connection}-{row.channel} {place}"
    outcome = row.outcome if row.exit_status is None else f"{row.outcome} {row.exit_status}"
    return moment(row.t), span(row.duration), where, outcome, row.text


@click.command(
    cls=Verb,
    examples=(
        ("jumpseat tags latest", "What was noticed, with its moment."),
        ("jumpseat tags latest --json --all", "For programs, withdrawn ones included."),
        ("jumpseat tags latest --reject stuck@12:03", "That tag is wrong; kept with who and when."),
        ("jumpseat tags ./interview/", "Of PANE.timing, PANE.out and PANE.in in a directory."),
    ),
)
@recording_argument()
@click.option("--json", "as_json", is_flag=True, help="Print JSON; its fields are a contract.")
@click.option("--all", "every", is_flag=True, help="Withdrawn and undetermined tags too.")
@judging_options()
@pass_settings
def tags(
    settings: Settings,
    /,
    recording: str,
    as_json: bool,
    every: bool,
    size: tuple[int, int] | None,
    **said: Any,
) -> None:
    """Print what was noticed: each signal's occurrences, their moments and what they rest on.

    A tag is an observation, never a verdict. Whether it is right, people say: it is kept with who
    said it and when, and neither changes the tags nor is shown beside them.
    """
    if is_said(said):
        judge_or_list(settings, recording, said, as_json=as_json)
        return
    found = analysis_of(settings, recording, size, shown="tags").tags
    if as_json:
        print_json(tags_json(found, every=every))
        return
    shown = [tag for tag in found if every or tag.state == "established"]
    if not shown:
        say("nothing was noticed")
        return
    print_tags(shown, every=every)


def print_tags(found: list[Tag] | tuple[Tag, ...], *, every: bool = False) -> None:
    """Print tags as a table; with ``every``, their state too."""
    titles = ("time", "signal", "outcome", "sure", *(("state",) if every else ()), "evidence")
    print_table(titles, [_tag_row(tag, every=every) for tag in found])


def print_commands(found: list[Command] | tuple[Command, ...]) -> None:
    """Print commands as a table."""
    print_table(
        ("time", "took", "where", "outcome", "command"), [_command_row(row) for row in found]
    )


def _tag_row(tag: Tag, *, every: bool) -> tuple[str, ...]:
    evidence = "; ".join(_evidence_words(item) for item in tag.evidence)
    state = (tag.state,) if every else ()
    return moment(tag.t), tag.signal, tag.outcome, f"{tag.confidence:.0%}", *state, evidence


def _evidence_words(item: Evidence) -> str:
    return f"{item.kind} {moment(item.t)}: {item.text}"
