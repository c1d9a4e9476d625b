"""`jumpseat demo`: its options and its help. What is shown is in `tui.demo`."""

from __future__ import annotations

import shutil

import click

from tui.cli.errors import DemoError
from tui.cli.settings import Settings
from tui.cli.terminal import is_terminal
from tui.cli.verbs import Verb, pass_settings
from tui.demo.show import demo_settings, run_demo


@click.command(
    cls=Verb,
    examples=(
        ("jumpseat demo", "Watch live, then replay; ? shows the keys, q leaves."),
        ("jumpseat demo </dev/null", "Without a terminal: print commands and tags."),
    ),
)
@click.option(
    "--unconfined",
    is_flag=True,
    help="Run the practice server where it cannot be walled off from this machine.",
)
@pass_settings
def demo(settings: Settings, unconfined: bool) -> None:
    """Show the whole product in about a minute, without any set-up.

    A practice server, walled off from this machine; the jump host; a scripted candidate who types
    into a real ssh; the live view; then the replay. The recording is kept, in a home of its own
    beside the usual one unless --home names another.
    """
    if shutil.which("ssh") is None:
        raise DemoError("the demo needs OpenSSH's client", "install it: ssh must be on the PATH")
    run_demo(demo_settings(settings), unconfined=unconfined, terminal=is_terminal())
