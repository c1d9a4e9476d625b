"""`jumpseat signals`: what is looked for, why it was found or not, and whether the rules hold."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from analyzer.contract import tags_json
from analyzer.signals.examples import results_of
from analyzer.signals.explaining import Explanation, explain
from analyzer.signals.lint import unnoticed
from analyzer.signals.loader import (
    RulesError,
    active_rules,
    check_team,
    load_rules,
    rules_with,
)
from analyzer.signals.places import rules_path, team_path
from analyzer.signals.schema import Rules, Signal
from analyzer.visible import plain
from recorder.errors import UsageError
from recorder.toml_lines import Fault
from tui.books import check_sees_tags
from tui.cli.given import given_recording
from tui.cli.output import moment, print_json, print_table, say
from tui.cli.precision import precision
from tui.cli.progress import progress
from tui.cli.settings import Settings
from tui.cli.store import opened_store
from tui.cli.traced import trace_reading
from tui.cli.verbs import Verb, VerbGroup, complete_session, pass_settings
from tui.person import person


@click.command(cls=VerbGroup)
def signals() -> None:
    """Signals: the behaviours that are looked for, as rules in a file that people can read.

    A team's own file adds, replaces and silences: see docs/signals.md.
    """


signals.add_command(precision)


def _rules_option() -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option(
        "--rules",
        "file",
        metavar="FILE",
        type=click.Path(),
        help="A team's own file, laid over those that ship; by default the settings' one.",
    )


def _rules(file: str | None) -> Rules:
    return active_rules() if file is None else rules_with(Path(file))


def complete_signal(
    _ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer the signals that there are."""
    known = (signal.id for signal in active_rules().signal)
    return [CompletionItem(name) for name in known if name.startswith(incomplete)]


def _one(rules: Rules, name: str) -> Signal:
    for signal in rules.signal:
        if signal.id == name:
            return signal
    raise UsageError(f"there is no signal {name!r}", "`jumpseat signals list` shows them")


@signals.command(
    "list",
    cls=Verb,
    examples=(
        ("jumpseat signals list", "What is looked for, by topic."),
        ("jumpseat signals list --json", "With reasons and questions, for programs."),
    ),
)
@_rules_option()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_settings
def list_command(_settings: Settings, file: str | None, as_json: bool) -> None:
    """Print the signals, by topic."""
    rules = _rules(file)
    if as_json:
        print_json([_as_json(signal) for signal in rules.signal])
        return
    rows = [(signal.topic, signal.id, plain(signal.title)) for signal in rules.signal]
    print_table(("topic", "signal", "what"), rows)


def _as_json(signal: Signal) -> dict[str, Any]:
    keys = {"id", "topic", "title", "reason", "question", "false_positives", "fires"}
    return signal.model_dump(mode="json", by_alias=True, include=keys)


@signals.command(
    "check",
    cls=Verb,
    examples=(
        ("jumpseat signals check", "The rules that hold here."),
        ("jumpseat signals check ./our-signals.toml", "A team's own file, before it is used."),
    ),
)
@click.argument(
    "files",
    metavar="[FILE]...",
    nargs=-1,
    type=click.Path(),
    help="Files of a team; without any, those that ship and the settings' one.",
)
@pass_settings
def check(_settings: Settings, files: tuple[str, ...]) -> None:
    """Print all that is wrong, a line each as FILE:LINE: KEY: WORDS; exit 1 if anything is."""
    paths = [Path(each) for each in files]
    if not paths and (team := team_path()) is not None:
        paths = [team]
    faults: list[Fault] = []
    if not files:
        faults += _faults(load_rules, rules_path())
    for path in paths:
        faults += _faults(check_team, path)
    for fault in faults:
        click.echo(plain(str(fault)))
    if faults:
        raise click.exceptions.Exit(1)
    say("nothing is wrong")


def _faults(read: Callable[[Path], object], path: Path) -> tuple[Fault, ...]:
    try:
        read(path)
    except RulesError as error:
        return error.faults
    return ()


@signals.command(
    "test",
    cls=Verb,
    examples=(
        ("jumpseat signals test", "Every example of every signal."),
        ("jumpseat signals test apache-stopped --lint", "And which of its clauses none needs."),
    ),
)
@click.argument(
    "names", metavar="[ID]...", nargs=-1, shell_complete=complete_signal, help="Signals; all."
)
@click.option("--lint", "with_lint", is_flag=True, help="Name clauses that no example needs.")
@click.option("--jobs", metavar="N", type=click.IntRange(1), help="Processes; one a core.")
@_rules_option()
@pass_settings
def test(
    _settings: Settings,
    names: tuple[str, ...],
    with_lint: bool,
    jobs: int | None,
    file: str | None,
) -> None:
    """Run the examples beside the rules; exit 1 if one gives other tags than it says."""
    rules = _rules(file)
    ids = [_one(rules, name).id for name in names] or [each.id for each in rules.signal]
    bad = _run_examples(rules, ids, jobs)
    if with_lint:
        bad += _run_lint(rules, ids, jobs)
    if bad:
        raise click.exceptions.Exit(1)


def _run_examples(rules: Rules, ids: list[str], jobs: int | None) -> int:
    bad = count = 0
    with progress("examples") as tell:
        for done, results in enumerate(results_of(rules, ids, jobs), 1):
            if tell is not None:
                tell(done / len(ids))
            count += len(results)
            for each in results:
                if each.fault is not None:
                    bad += 1
                    click.echo(f"{each.signal}: {plain(each.title)}: {each.fault}")
    say(f"{count} examples of {len(ids)} signals, {bad or 'none'} wrong")
    return bad


def _run_lint(rules: Rules, ids: list[str], jobs: int | None) -> int:
    missed = 0
    with progress("lint") as tell:
        for done, names in enumerate(unnoticed(rules, ids, jobs), 1):
            if tell is not None:
                tell(min(1.0, done / len(ids)))
            missed += len(names)
            for name in names:
                click.echo(f"no example needs {name}")
    say(f"{missed or 'no'} clauses without an example that needs them")
    return missed


@signals.command(
    "explain",
    cls=Verb,
    examples=(
        ("jumpseat signals explain apache-stopped", "What it means and asks."),
        (
            "jumpseat signals explain apache-stopped --session latest",
            "Why it fired there, or did not: what came near, and what was missing.",
        ),
    ),
)
@click.argument("name", metavar="ID", shell_complete=complete_signal, help="The signal.")
@click.option(
    "--session",
    "recording",
    metavar="SESSION|FILE|DIR",
    shell_complete=complete_session,
    help="Tell step by step what it made of this recording.",
)
@_rules_option()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_settings
def explain_command(
    settings: Settings, name: str, recording: str | None, file: str | None, as_json: bool
) -> None:
    """Print what a signal means; with a session, why it fired there or did not."""
    rules = _rules(file)
    signal = _one(rules, name)
    found: Explanation | None = None
    if recording is not None:
        with given_recording(settings, recording, None) as given:
            if not given.foreign:
                with opened_store(settings) as engine:
                    check_sees_tags(settings.home, engine, given.directory.name, person())
                    trace_reading(settings, engine, given.directory.name)
            found = explain(given.directory, rules, name)
    if as_json:
        print_json(_explained(signal, found))
        return
    click.echo(click.style(f"{signal.id}: {plain(signal.title)}", bold=True))
    for title, text in (("why", signal.reason), ("ask", signal.question)):
        click.echo(f"  {title}: {plain(text)}")
    for text in signal.false_positives:
        click.echo(f"  may mislead: {plain(text)}")
    if found is not None:
        _print_steps(found)


def _explained(signal: Signal, found: Explanation | None) -> dict[str, Any]:
    told = _as_json(signal)
    if found is not None:
        told["steps"] = [{"t": step.t, "words": step.words} for step in found.steps]
        told["tags"] = tags_json(found.tags, every=True)
    return told


def _print_steps(found: Explanation) -> None:
    for step in found.steps:
        click.echo(f"{moment(step.t)}  {plain(step.words)}")
    if found.more:
        say(f"{found.more} more steps are not shown")
    for tag in found.tags:
        click.echo(f"tag at {moment(tag.t)}: {tag.state}, outcome {tag.outcome}")
    if not found.steps:
        click.echo("nothing in this recording came near")
    elif not found.tags:
        click.echo("no tag")
