"""The options that say what a session is: the same for `serve --target` and for `session new`.

Must never import Textual. What an option means is said in `recorder.control.options`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypedDict

import click

from recorder.clock import LONGEST_MINUTES
from recorder.control.options import SessionOptions
from recorder.errors import UsageError
from recorder.planning import absolute_exercise
from tui.cli.verbs import NumberRange
from tui.orders import OptionError, read_options


class Given(TypedDict):
    """What the options below gave."""

    candidate: str | None
    exercise: str | None
    minutes: float | None
    consent: str | None
    consent_text: str | None
    relay: str | None
    unconfined: bool


def session_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say what a session is."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


_OPTIONS = (
    click.option("--candidate", metavar="NAME", help="Who sits; kept with the session."),
    click.option(
        "--exercise",
        metavar="NAME|FILE",
        help="The exercise: its words of consent, its clock; kept with the session.",
    ),
    click.option(
        "--minutes",
        type=NumberRange(0, LONGEST_MINUTES, min_open=True),
        help="What the clock has when it is started; by default the exercise's, or 60.",
    ),
    click.option(
        "--consent",
        type=click.Choice(["banner", "elsewhere"]),
        help="Tell candidates of the recording before they log in (banner, the default), or not,"
        " because they were told elsewhere; kept with the session.",
    ),
    click.option(
        "--consent-text",
        metavar="TEXT",
        help="In which words; by default the exercise's, or Jumpseat's own.",
    ),
    click.option(
        "--relay",
        metavar="PORT[:PORT],...",
        help="Pass these ports of the session's address on to the target, such as 80,443 for the"
        " candidate's browser; 8080:80 where low ports are not yours. Sizes and times are kept.",
    ),
    click.option(
        "--unconfined",
        is_flag=True,
        help="Let the practice server run where it cannot be walled off; it can then act on this"
        " machine with your rights.",
    ),
)


def make_options(target: str, listen: str | None, given: Given) -> SessionOptions:
    """Return the options as one value.

    Raises:
        UsageError: Some do not go together, or are out of range.

    """
    if given["consent"] == "elsewhere" and given["consent_text"] is not None:
        raise UsageError(
            "--consent elsewhere shows nothing, so --consent-text has no place", "leave one out"
        )
    exercise = given["exercise"]
    values = {
        "target": target,
        "listen": listen,
        "candidate": given["candidate"],
        "exercise": absolute_exercise(exercise) if exercise else None,
        "minutes": given["minutes"],
        "consent": given["consent"] or "banner",
        "consent_text": given["consent_text"],
        "relay": given["relay"],
        "unconfined": given["unconfined"],
    }
    try:
        return read_options(values)
    except OptionError as error:
        flag = error.field.replace("_", "-")
        raise UsageError(f"--{flag}: {error.cause}", error.remedy) from error
