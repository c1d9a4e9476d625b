"""Where the program begins and ends: the only place that exits, and that prints errors.

An error that a user can do something about becomes one line; anything else becomes one line too,
with its traceback in the home's log. No verb belongs here.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click

from analyzer.visible import plain
from recorder.errors import JumpseatError, UsageError
from recorder.home import PRIVATE_FILE, Home, make_private_directory
from tui.cli.root import cli
from tui.cli.settings import resolve
from tui.cli.verbs import flags
from tui.quick_start import INTERRUPTED


def main() -> NoReturn:
    """Run the command line and exit: 0 done, 1 could not, 2 wrong usage, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character must not end the program.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))


def run(args: Sequence[str]) -> int:
    """Run one command line and return its exit status; errors are printed to stderr."""
    given: dict[str, str] = {}
    try:
        status = cli.main(list(args), prog_name="jumpseat", standalone_mode=False, obj=given)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output had enough of it. What is still buffered goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return 2
    except click.ClickException as error:
        return _say(_click_words(error), 2 if isinstance(error, click.UsageError) else 1)
    except JumpseatError as error:
        return _say(str(error), 2 if isinstance(error, UsageError) else 1)
    except Exception as error:  # noqa: BLE001 - the last place where it can be logged and said
        return _say(f"{_first_line(error)}; {_where_logged(error, args, given)}", 1)
    return status if isinstance(status, int) else 0


def _say(words: str, status: int) -> int:
    if os.environ.get("JUMPSEAT_DEBUG"):
        traceback.print_exc()
    # Names of files may hold what a terminal would act on.
    click.echo(f"jumpseat: {plain(' '.join(words.split()))}", err=True)
    return status


def _click_words(error: click.ClickException) -> str:
    message = error.format_message().rstrip(".")
    if isinstance(error, click.UsageError) and error.ctx is not None:
        return f"{message}; see `{error.ctx.command_path} --help`"
    return message


def _first_line(error: Exception) -> str:
    return next(iter(f"unexpected {type(error).__name__}: {error}".splitlines()))


def _where_logged(error: Exception, args: Sequence[str], given: dict[str, str]) -> str:
    try:
        return f"the details are in {write_log(resolve(flags(given)).home, error, args)}"
    except (OSError, JumpseatError):
        return "no log could be written, but JUMPSEAT_DEBUG=1 shows the details"


def write_log(home: Home, error: Exception, args: Sequence[str]) -> Path:
    """Append a traceback to the home's log, which only its owner may read; return its path.

    Of the arguments only the words that are no values are kept: a URL may hold a password.

    Raises:
        OSError: The log cannot be written.
        HomeError: Its directory cannot be made.

    """
    make_private_directory(home.logs)
    path = home.logs / "jumpseat.log"
    verb = " ".join(arg for arg in args[:2] if arg.isalpha())
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, PRIVATE_FILE)
    with os.fdopen(descriptor, "a", encoding="utf-8", errors="backslashreplace") as file:
        file.write(f"{datetime.now(UTC).isoformat(timespec='seconds')} jumpseat {verb}\n")
        file.writelines(traceback.format_exception(error))
    return path


if __name__ == "__main__":
    main()
