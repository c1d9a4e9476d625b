"""`jumpseat session new|allow|start|extend|close`: orders to the running `serve`, and answers.

Must never import Textual. What an order does is `recorder.steering`'s and `recorder.host`'s.
"""

from __future__ import annotations

from typing import Any, Unpack

import click
from pydantic import ValidationError

from recorder.clock import LONGEST_MINUTES
from recorder.control.messages import Allow, Close, Extend, NewSession, Request, StartClock
from recorder.errors import UsageError
from recorder.store.catalogue import find_session
from tui.cli.output import print_json, say
from tui.cli.session_options import Given, make_options, session_options
from tui.cli.settings import Settings
from tui.cli.verbs import NumberRange, Verb, pass_settings, session_argument
from tui.orders import done_words, give

_json = click.option(
    "--json", "as_json", is_flag=True, help="Print JSON; its fields are a contract."
)


@click.command(
    "new",
    cls=Verb,
    examples=(
        (
            "jumpseat session new --candidate 'A. Example' --target 203.0.113.7 --exercise ghost",
            "Open a session; nobody gets in before `jumpseat session allow`.",
        ),
        (
            "jumpseat session new --candidate 'B. Example' --target web01 --listen 0.0.0.0:2301",
            "On a port that the firewall lets through.",
        ),
    ),
)
@click.option(
    "--target",
    metavar="HOST[:PORT]|practice",
    required=True,
    help="The server that the candidate works on, or a practice server.",
)
@click.option(
    "--listen",
    metavar="ADDR:PORT",
    help="Where this candidate connects; by default the next free port of `serve`'s address.",
)
@session_options
@_json
@pass_settings
def new(
    settings: Settings, target: str, listen: str | None, as_json: bool, **given: Unpack[Given]
) -> None:
    """Open a session in the running `serve`, on a port of its own.

    Nobody is admitted until `session allow` names the candidate's address, and then only they are.
    The clock stands until `session start`.
    """
    options = make_options(target, listen, given)
    state = _order(settings, NewSession(options=options), as_json=as_json)
    if not as_json and state["gate"] == "named":
        say(f"nobody is admitted yet: `jumpseat session allow {state['id']} ADDRESS`")


@click.command(
    "allow",
    cls=Verb,
    examples=(
        ("jumpseat session allow k7 198.51.100.7", "The address that the candidate told you."),
        ("jumpseat session allow k7 2001:db8:7::/48", "All of their network."),
        ("jumpseat session allow k7 10.1.2.3 --force", "A private one, where you share a network."),
    ),
)
@session_argument()
@click.argument("address", metavar="IP|CIDR", help="An address, or a network as ADDR/BITS.")
@click.option("--force", is_flag=True, help="Admit it although it cannot be a candidate's.")
@_json
@pass_settings
def allow(settings: Settings, session: str, address: str, force: bool, as_json: bool) -> None:
    """Let an address in; from then on only those that were named get in.

    An address that cannot be a candidate's, such as a private one, is refused with the reason, and
    noted in the recording: not knowing one's own address says something.
    """
    try:
        request = Allow(session=_id(settings, session), address=address, force=force)
    except ValidationError as error:
        raise UsageError(
            f"not an address: {address[:40]!r}", "give an address, or a network as ADDR/BITS"
        ) from error
    _order(settings, request, as_json=as_json)


@click.command(
    "start",
    cls=Verb,
    examples=(("jumpseat session start latest", "The hour begins now."),),
)
@session_argument()
@_json
@pass_settings
def start(settings: Settings, session: str, as_json: bool) -> None:
    """Start a session's clock; when it has run out, the session is closed."""
    _order(settings, StartClock(session=_id(settings, session)), as_json=as_json)


@click.command(
    "extend",
    cls=Verb,
    examples=(("jumpseat session extend latest 10", "Ten minutes more."),),
)
@session_argument()
@click.argument(
    "minutes",
    type=NumberRange(0, LONGEST_MINUTES, min_open=True),
    help="Minutes, also 0.5.",
)
@_json
@pass_settings
def extend(settings: Settings, session: str, minutes: float, as_json: bool) -> None:
    """Give a session's clock more time, before it runs out or before it is started."""
    request = Extend(session=_id(settings, session), minutes=minutes)
    _order(settings, request, as_json=as_json)


@click.command(
    "close",
    cls=Verb,
    examples=(("jumpseat session close latest", "Close what is open, hash and sign it."),),
)
@session_argument()
@_json
@pass_settings
def close(settings: Settings, session: str, as_json: bool) -> None:
    """Close a session in order: its connections, its recording, the signature under it."""
    _order(settings, Close(session=_id(settings, session)), as_json=as_json)


def _id(settings: Settings, name: str) -> str:
    return find_session(settings.home, name).name


def _order(settings: Settings, request: Request, *, as_json: bool) -> dict[str, Any]:
    """Give an order, print how the session stands then, and return that."""
    state = give(settings.home, request)
    if as_json:
        print_json(state)
    else:
        click.echo(done_words(request, state))
    return state
