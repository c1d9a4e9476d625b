"""The root of the command line: the table of verbs, and what `jumpseat` alone does.

Imported at every start, so it imports nothing heavy: verbs are loaded when they are called.
"""

from __future__ import annotations

import os

import click

from tui.cli.verbs import Entry, VerbGroup

VERBS = (
    Entry("demo", "tui.cli.demo:demo", "The whole product in about a minute; nothing to set up."),
    Entry("serve", "tui.cli.serve:serve", "The jump host: relay and record a candidate's SSH."),
    Entry("watch", "tui.cli.watching:watch", "The live view of a session."),
    Entry("replay", "tui.cli.watching:replay", "Play a session again, and jump to its moments."),
    Entry("commands", "tui.cli.findings:commands", "The command lines that were run."),
    Entry("tags", "tui.cli.findings:tags", "What was noticed, when, and on what evidence."),
    Entry("phases", "tui.cli.phases:phases", "What was worked on when: tasks and activities."),
    Entry("notes", "tui.cli.notes:notes", "What interviewers noted; note something."),
    Entry("card", "tui.cli.cards:card", "Your scorecard, sealed until the debrief."),
    Entry("calibrate", "tui.cli.calibrate:calibrate", "How alike interviewers judge; training."),
    Entry(
        "transcript",
        "tui.cli.transcripts:transcript",
        "What was spoken: attach a call's transcript, show it, move it in time.",
    ),
    Entry("debrief", "tui.cli.debrief:debrief", "All cards side by side, talked over."),
    Entry("report", "tui.cli.report:report", "Tell a session to who was not there, in one file."),
    Entry("analyze", "tui.cli.analyze:analyze", "Compute commands and tags again."),
    Entry("search", "tui.cli.search:search", "Find text that was ever on a candidate's screen."),
    Entry(
        "session",
        "tui.cli.sessions:session",
        "Open and steer sessions; list, show, check, move, delete them.",
    ),
    Entry(
        "exercise",
        "tui.cli.exercise:exercise",
        "What a candidate is asked to do: list, show, check, new.",
    ),
    Entry(
        "signals",
        "tui.cli.signals:signals",
        "What is looked for: list, explain, check, test.",
    ),
    Entry(
        "model", "tui.cli.models:model", "What offers tags and phases: train, measure, describe."
    ),
    Entry("target", "tui.cli.target:target", "Prepare the server that a candidate works on."),
    Entry("trace", "tui.cli.trace:trace", "Who saw, judged, took out and deleted what, and when."),
    Entry("db", "tui.cli.database:db", "The store's schema."),
)


def _print_version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from importlib.metadata import version  # noqa: PLC0415 - it takes 20 ms, seldom needed

        click.echo(f"jumpseat {version('jumpseat')}")
        ctx.exit()


@click.command(
    cls=VerbGroup,
    entries=VERBS,
    invoke_without_command=True,
    no_args_is_help=False,
    examples=(
        ("jumpseat demo", "See everything at work; leave with q."),
        (
            "jumpseat serve --target 203.0.113.7 --listen 0.0.0.0:2222",
            "Record what a candidate does on a server; they connect with ssh -p 2222 to this host.",
        ),
        ("jumpseat replay latest", "Play the youngest session."),
    ),
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Print the version.",
)
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Sit behind the crew: record, tag and replay a live-server interview.

    Without a verb: the sessions, live ones first; in a terminal, choose one to watch or replay.
    """
    if os.environ.get("NO_COLOR"):
        # https://no-color.org: any value but the empty one.
        ctx.color = False
    if ctx.invoked_subcommand is None:
        ctx.invoke(Entry("", "tui.cli.home:seat", "").load())
