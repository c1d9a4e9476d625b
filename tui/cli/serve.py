"""`jumpseat serve`: its options, its signals and its words. Must never import Textual."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Unpack

import click

from recorder.host import ServeOptions
from recorder.host import serve as run_host
from recorder.limits import Limits
from recorder.planning import PRACTICE
from tui.cli.interviewers_trace import keep_noting_interviewers
from tui.cli.output import say
from tui.cli.retention import keep_deleting_expired
from tui.cli.seat_options import seat_options
from tui.cli.session_options import Given, make_options, session_options
from tui.cli.settings import DEFAULT_LISTEN, Settings
from tui.cli.trace_memory import keep_remembering
from tui.cli.verbs import NumberRange, Verb, flags, pass_settings

_EXAMPLES = (
    (
        "jumpseat serve --listen 0.0.0.0:2222",
        "Keep sessions: open each with `jumpseat session new`, from another terminal.",
    ),
    (
        "jumpseat serve --target 203.0.113.7 --listen 0.0.0.0:2222",
        "Open one session at once; the candidate runs ssh -p 2222 USER@THIS-HOST.",
    ),
    (
        "jumpseat serve --target practice",
        "A server to practise on: user candidate, password CHANGE_ME!, from this account only.",
    ),
    (
        "jumpseat serve --target [2001:db8::7]:2200 --listen [::]:2222 --candidate 'A. Example'",
        "IPv6 addresses go in brackets.",
    ),
    (
        "jumpseat serve --listen 0.0.0.0:2222 --interviewers team.keys --seat-port 2200",
        "Interviewers in team.keys watch by ssh -p 2200 NAME@THIS-HOST, with nothing installed.",
    ),
)


def _limit(name: str, kind: click.IntRange | NumberRange, text: str) -> Callable[[Any], Any]:
    """Return the option of one limit; its name in the settings file is the field's."""
    field = Limits.model_fields[name]
    flag = "--login-grace" if name == "login_grace" else f"--max-{name}"
    return click.option(flag, name, type=kind, help=f"{text}  [default: {field.default:g}]")


@click.command(cls=Verb, examples=_EXAMPLES)
@click.option(
    "--target",
    metavar="HOST[:PORT]|practice",
    help="The server that the candidate works on, or a practice server; opens a session at once.",
)
@click.option(
    "--listen",
    metavar="ADDR:PORT",
    help="Where candidates connect; port 0 takes a free one, further sessions take the next"
    f" ports.  [default: {DEFAULT_LISTEN}]",
)
@session_options
@click.option(
    "--interviewers",
    metavar="FILE",
    help="Who gets a seat over SSH: lines of NAME KEYTYPE BASE64, as in docs/seat.md.",
)
@click.option(
    "--seat-port",
    type=click.IntRange(0, 65535),
    help="The port at which they log in, on the address of --listen; 0 takes a free one.",
)
@click.option("--seat-listen", metavar="ADDR:PORT", help="The same, with an address of its own.")
@_limit("login_grace", NumberRange(1, 3600), "Seconds that a login may take.")
@_limit("startups", click.IntRange(1, 10_000), "Logins that a session may have under way.")
@_limit("tries", click.IntRange(1, 1000), "Tries to log in on one connection.")
@_limit("hours", NumberRange(0, 744, min_open=True), "Hours that a session may last.")
@_limit("size", click.IntRange(1), "Mebibytes that a recording may take.")
@pass_settings
def serve(
    settings: Settings, target: str | None, listen: str | None, **given: Unpack[_Given]
) -> None:
    """Relay candidates' SSH to their targets, and record it.

    Keeps the sessions that `jumpseat session new` opens, each in a process of its own, until Ctrl-C
    or SIGTERM closes them. With --target it opens one at once, to everybody, and ends with it.
    Prints `listening on ADDR:PORT` when candidates of a session can connect. Nothing that watches
    can slow down or touch the candidate; if the recording cannot be written, relaying stops.
    """
    target = settings.target if target is None else target
    listen = listen or settings.listen
    limits = {name: given.pop(name) for name in Limits.model_fields}  # type: ignore[misc]  # the rest is Given
    seat = seat_options(
        settings,
        listen,
        interviewers=given.pop("interviewers"),  # type: ignore[misc]  # likewise
        port=given.pop("seat_port"),  # type: ignore[misc]  # likewise
        address=given.pop("seat_listen"),  # type: ignore[misc]  # likewise
        config=flags(click.get_current_context().ensure_object(dict)).config,
    )
    chosen = {name: value for name, value in limits.items() if value is not None}
    options = ServeOptions(
        at_once=None if target is None else make_options(target, listen, given),
        listen=listen,
        limits=Limits.model_validate({**settings.limits, **chosen}),
        secret_patterns=settings.secret_patterns,
        seat=seat,
    )
    if settings.signals_file is not None:
        from analyzer.signals.loader import rules_with  # noqa: PLC0415 - heavy, and hardly used

        # Better now than in each session's analysis.
        rules_with(settings.signals_file)
    logging.basicConfig(stream=sys.stderr, format="jumpseat: %(message)s", level=logging.WARNING)
    for package in ("recorder", "analyzer", "tui"):
        logging.getLogger(package).setLevel(logging.INFO)
    asyncio.run(_until_stopped(settings, options))
    if target is not None:
        say("the session is closed; `jumpseat replay latest` plays it")


class _Given(Given):
    login_grace: float | None
    startups: int | None
    tries: int | None
    hours: float | None
    size: int | None
    interviewers: str | None
    seat_port: int | None
    seat_listen: str | None


async def _until_stopped(settings: Settings, options: ServeOptions) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    tasks = [
        loop.create_task(keep_deleting_expired(settings), name="retention"),
        loop.create_task(keep_remembering(settings), name="trace"),
    ]
    if options.seat is not None:
        noting = keep_noting_interviewers(settings, options.seat.interviewers)
        tasks.append(loop.create_task(noting, name="interviewers"))
    try:
        await run_host(
            settings.home.ensure(),
            options,
            database_url=settings.database_url,
            announce=announcer(options.at_once.target if options.at_once else None),
            follower=follower_command,
            stop=stop,
        )
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


def follower_command(directory: Path) -> Sequence[str]:
    """Return the command that analyses a recording while it grows.

    The store's URL reaches it through the environment: arguments can be read by everybody.
    """
    return [sys.executable, "-P", "-m", "analyzer.follower", str(directory)]


def announcer(target: str | None) -> Callable[[str], None]:
    """Return what prints the contract's line, and then says to a person what comes next.

    Only where a person reads it: the practice password has no place in a log.
    """

    def announce(line: str) -> None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
        if not sys.stderr.isatty():
            return
        if line.startswith("seat listening on "):
            address, _, port = line.removeprefix("seat listening on ").rpartition(":")
            say(f"interviewers: `ssh -p {port} NAME@{address.strip('[]')}`")
            return
        if target is None:
            if not line.startswith("listening on "):
                say("`jumpseat session new` in another terminal opens a session; Ctrl-C ends all")
            return
        address, _, port = line.removeprefix("listening on ").rpartition(":")
        if target == PRACTICE:
            say(f"log in with `ssh -p {port} candidate@{address.strip('[]')}`, password CHANGE_ME!")
        say("`jumpseat watch` in another terminal shows the candidate; Ctrl-C ends the session")

    return announce
