"""`jumpseat serve`: its options, its signals and its words. Must never import Textual."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from recorder.errors import UsageError
from recorder.host import ServeOptions
from recorder.host import serve as run_host
from tui.cli.output import say
from tui.cli.settings import DEFAULT_LISTEN, Settings
from tui.cli.verbs import Verb, pass_settings

_EXAMPLES = (
    (
        "jumpseat serve --target 203.0.113.7 --listen 0.0.0.0:2222",
        "Relay and record; the candidate runs ssh -p 2222 USER@THIS-HOST, and logs in as there.",
    ),
    (
        "jumpseat serve --target practice",
        "A server to practise on: user candidate, password CHANGE_ME!, from this account only.",
    ),
    (
        "jumpseat serve --target [2001:db8::7]:2200 --listen [::]:2222 --candidate 'A. Example'",
        "IPv6 addresses go in brackets.",
    ),
)


@click.command(cls=Verb, examples=_EXAMPLES)
@click.option(
    "--target",
    metavar="HOST[:PORT]|practice",
    help="The server that the candidate works on, or a practice server.",
)
@click.option(
    "--listen",
    metavar="ADDR:PORT",
    help=f"Where candidates connect; port 0 takes a free one.  [default: {DEFAULT_LISTEN}]",
)
@click.option("--candidate", metavar="NAME", help="Who sits; kept with the session.")
@click.option(
    "--unconfined",
    is_flag=True,
    help="Let the practice server run where it cannot be walled off; it can then act on this"
    " machine with your rights.",
)
@pass_settings
def serve(
    settings: Settings,
    target: str | None,
    listen: str | None,
    candidate: str | None,
    unconfined: bool,
) -> None:
    """Relay a candidate's SSH to the target, and record it.

    Opens one session, which ends with this program (Ctrl-C or SIGTERM). Prints `listening on
    ADDR:PORT` when candidates can connect. Nothing that watches can slow down or touch the
    candidate; if the recording cannot be written, relaying stops.
    """
    target = target or settings.target
    if target is None:
        raise UsageError(
            "serve needs a target",
            "name one with --target HOST[:PORT], or --target practice to try it out",
        )
    options = ServeOptions(
        target=target,
        listen=listen or settings.listen,
        unconfined=unconfined,
        candidate=candidate,
        secret_patterns=settings.secret_patterns,
    )
    logging.basicConfig(stream=sys.stderr, format="jumpseat: %(message)s", level=logging.WARNING)
    for package in ("recorder", "analyzer", "tui"):
        logging.getLogger(package).setLevel(logging.INFO)
    asyncio.run(_until_stopped(settings, options))
    say("the session is closed; `jumpseat replay latest` plays it")


async def _until_stopped(settings: Settings, options: ServeOptions) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await run_host(
        settings.home.ensure(),
        options,
        database_url=settings.database_url,
        announce=announcer(options.target),
        follower=follower_command,
        stop=stop,
    )


def follower_command(directory: Path) -> Sequence[str]:
    """Return the command that analyses a recording while it grows.

    The store's URL reaches it through the environment: arguments can be read by everybody.
    """
    return [sys.executable, "-m", "analyzer.follower", str(directory)]


def announcer(target: str) -> Callable[[str], None]:
    """Return what prints the contract's line, and then says to a person what comes next.

    Only where a person reads it: the practice password has no place in a log.
    """

    def announce(line: str) -> None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
        if not sys.stderr.isatty():
            return
        address, _, port = line.removeprefix("listening on ").rpartition(":")
        if target == "practice":
            say(f"log in with `ssh -p {port} candidate@{address.strip('[]')}`, password CHANGE_ME!")
        say("`jumpseat watch` in another terminal shows the candidate; Ctrl-C ends the session")

    return announce
