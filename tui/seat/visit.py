"""A seat over SSH: what the seat's port starts for an interviewer, ``python -m tui.seat.visit``.

Arguments: who it is, with their role, then the words of their request, which the port has checked
and this checks again. What they judge or note is theirs by that name; they see everything, and
steer nothing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from analyzer.visible import plain
from recorder.control.permission import give_no_orders
from recorder.errors import JumpseatError, SessionNotFoundError, UsageError
from recorder.seats.entry import take_terminal
from recorder.seats.requests import SIDEBAR, Visit, visit_of
from recorder.store.catalogue import find_session
from recorder.trace.roles import parted
from tui.cli.root import cli
from tui.cli.settings import Flags, Settings, resolve
from tui.cli.store import opened_store
from tui.main import write_log
from tui.person import sit_as
from tui.seat import run_replay

_STEERING = "over SSH sessions can be seen, not steered"


def main() -> NoReturn:
    """Show what was asked for and exit: 0 done, 1 could not, 2 wrong usage."""
    take_terminal()
    who, *words = sys.argv[1:]
    sit_as(*parted(who))
    give_no_orders(_STEERING)
    sys.exit(visit(words))


def visit(words: Sequence[str]) -> int:
    """Show it until the interviewer leaves; return the exit status."""
    try:
        _show(visit_of(words), resolve(Flags()))
    except JumpseatError as error:
        return _say(_words(error), 2 if isinstance(error, UsageError) else 1)
    except (KeyboardInterrupt, click.Abort):
        return 130
    except Exception as error:  # noqa: BLE001 - the last place where it can be logged
        where = "the reason is in the log of whoever runs `jumpseat serve`"
        try:
            write_log(resolve(Flags()).home, error, ("visit",))
        except (OSError, JumpseatError):
            where = "the reason could not be logged"
        return _say(f"this failed; {where}", 1)
    return 0


def _show(wanted: Visit, settings: Settings) -> None:
    """Open the view, as the command line does.

    Raises:
        JumpseatError: It is not to be had.

    """
    if wanted.verb == "trace":
        # Of a session that is gone, too. The verb is named: no word may become another.
        named = (wanted.session,) if wanted.session else ()
        cli.main(["trace", "list", *named], "jumpseat", standalone_mode=False, obj={})
        return
    # An id, never another word: elsewhere a word may be a file's name, or an option.
    session = wanted.session and find_session(settings.home, wanted.session).name
    if wanted.verb in {"replay", "card"} and session:
        with opened_store(settings) as engine:
            run_replay(settings.home.recording(session), engine, card=wanted.verb == "card")
        return
    verb = () if wanted.verb == "home" else (wanted.verb,)
    sidebar = (SIDEBAR,) if wanted.sidebar else ()
    words = [*verb, *sidebar, *((session,) if session else ())]
    cli.main(words, prog_name="jumpseat", standalone_mode=False, obj={})


def _words(error: JumpseatError) -> str:
    if isinstance(error, SessionNotFoundError):
        return f"{error.cause}; without a command you get the list of sessions"
    return str(error)


def _say(words: str, status: int) -> int:
    sys.stderr.write(f"jumpseat: {plain(' '.join(words.split()))}\n")
    return status


if __name__ == "__main__":
    os.umask(0o077)
    main()
