"""The options of `jumpseat replay` that put another session beside the one that is named."""

from __future__ import annotations

import click

from tui.cli.given import complete_recording
from tui.cli.verbs import Decorator, together


def beside_options() -> Decorator:
    """Return the decorator that adds ``--beside`` and ``--step``."""
    return together(
        click.option(
            "--beside",
            metavar="SESSION|FILE|DIR",
            shell_complete=complete_recording,
            help="Another session, to compare them side by side.",
        ),
        click.option(
            "--step",
            type=click.Choice(("clock", "task", "free")),
            help="With --beside: both by the clock (so it is by default), by the tasks of the"
            " exercise, or each by itself; s changes it.",
        ),
    )
