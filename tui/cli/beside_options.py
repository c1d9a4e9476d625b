"""The options of `jumpseat replay` that put another session beside the one that is named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from tui.cli.given import complete_recording


def beside_options() -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the decorator that adds ``--beside`` and ``--step``."""
    options = (
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

    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            function = option(function)
        return function

    return add
