"""Orders to the running `serve`, for whoever gives them: the verbs of `session`, and home.

What an order is checked for before it goes, and what is said of it when it was done. Nothing is
printed or drawn, and neither click nor Textual belongs here.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from analyzer.visible import plain
from recorder.control.client import ask
from recorder.control.messages import Allow, Close, NewSession, Request
from recorder.control.options import SessionOptions
from recorder.errors import UsageError
from recorder.home import Home
from recorder.trace.actions import Action
from tui.cli.output import span
from tui.tracing import trace_look

_log = logging.getLogger(__name__)


class OptionError(UsageError):
    """An option of a session is out of range; ``field`` says which."""

    def __init__(self, field: str, cause: str, remedy: str) -> None:
        super().__init__(cause, remedy)
        self.field = field


def read_options(values: Mapping[str, Any]) -> SessionOptions:
    """Return a session's options as one value.

    Raises:
        OptionError: One of them is out of range.

    """
    try:
        return SessionOptions.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        raise OptionError(
            str(first["loc"][0]), first["msg"].lower(), "see `--help` for what is understood"
        ) from error


def give(home: Home, request: Request) -> dict[str, Any]:
    """Give an order, and return how the session stands then.

    Raises:
        JumpseatError: It could not be done, or no `serve` runs on this home.

    """
    state: dict[str, Any] = ask(home, request)
    session = str(getattr(request, "session", state.get("id", "")))
    trace_look(home, None, Action.STEERED, session, request.verb, warn=_log.warning)
    return state


def done_words(request: Request, state: Mapping[str, Any]) -> str:
    """Return what an order came to, for a person."""
    match request:
        case NewSession():
            return f"{state['id']} listens on {plain(state['listen'])}"
        case Allow():
            return f"{state['id']} admits {', '.join(state['admitted'])}"
        case Close():
            return f"{state['id']} is closed"
        case _:
            return f"{state['id']}: {left_words(state)}"


def left_words(state: Mapping[str, Any]) -> str:
    """Return how much time a session has, for a person."""
    ends = state["clock_ends"]
    if ends is None:
        return f"the clock has {span(state['clock_length'])} and is not started"
    return f"{span(max(0.0, ends - state['now']))} left of {span(state['clock_length'])}"
