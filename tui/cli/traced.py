"""The trace for verbs: a line where one prints, takes out, deletes or says something of a session.

What a verb prints is told by its name alone, never by what was asked for: a search's words may be
a candidate's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from recorder.trace.actions import Action
from tui.cli.output import say
from tui.cli.settings import Settings
from tui.tracing import trace_look

if TYPE_CHECKING:
    from sqlalchemy import Engine


def trace_reading(settings: Settings, engine: Engine | None, session: str) -> None:
    """Note that the verb at hand prints something of a session; a failure is only said."""
    verb = click.get_current_context().command_path.partition(" ")[2]
    trace_saying(settings, engine, Action.READ, session, verb)


def trace_saying(
    settings: Settings, engine: Engine | None, action: Action, session: str, detail: str
) -> None:
    """Note what was looked at or said, and is kept already; a failure is only said."""
    trace_look(settings.home, engine, action, session, detail, warn=say)
