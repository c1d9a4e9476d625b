"""SESSION|FILE|DIR: what a verb that only reads was given, as the directory of a recording.

A path is another tool's recording, made into one of ours for as long as the verb runs; it needs no
home and no store. All else names a session. The formats are `recorder.formats`'s.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from recorder.errors import SessionNotFoundError, UsageError
from recorder.formats.asking import is_so
from tui.cli.output import say
from tui.cli.progress import progress
from tui.cli.settings import Settings
from tui.cli.verbs import complete_session


@dataclass(frozen=True, slots=True)
class Given:
    """A recording's directory; ``foreign``: it was given as a path, and is in no store."""

    directory: Path
    foreign: bool


@contextmanager
def given_recording(settings: Settings, name: str, size: tuple[int, int] | None) -> Iterator[Given]:
    """Give the recording that a person named, and say what of it could not be read.

    Raises:
        SessionNotFoundError: It is neither a session nor a path.
        RecordingError: The path holds no recording that is known.
        UsageError: A size was given for a session.

    """
    path = path_or_session(settings, name)
    with ExitStack() as stack:
        if isinstance(path, Given):
            if size is not None:
                raise UsageError("--size is for files", "a session's recording tells its size")
            yield path
            return
        # Slow to import, and the seat wants its first picture before.
        from recorder.formats.flaws import Flaws  # noqa: PLC0415
        from recorder.formats.recorded import Wishes, looked_at  # noqa: PLC0415

        flaws = Flaws()
        wishes = Wishes(size=size, patterns=settings.secret_patterns)
        with progress(f"reading {path.name}") as tell:
            directory = stack.enter_context(looked_at(path, flaws, wishes, tell))
        for line in flaws.lines():
            say(line)
        yield Given(directory, foreign=True)


def is_path(name: str) -> bool:
    """Tell whether a file or a directory is called so, or files of `script` begin so.

    What reads other tools' formats is loaded only where some file here begins with the name.
    """
    path = Path(name)
    if os.sep in name or is_so(path.exists):
        return True
    try:
        near = any(each.startswith(path.stem) for each in os.listdir())  # noqa: PTH208 - names
    except OSError:
        return False
    return near and _is_script(path)


def _is_script(path: Path) -> bool:
    from recorder.formats.detect import find_script  # noqa: PLC0415 - as above

    return find_script(path) is not None


def path_or_session(settings: Settings, name: str) -> Path | Given:
    """Tell a path from a session.

    Whatever has a separator, or is a file, is a path; a session's name comes before a directory's.
    The path of a session of this home is the session: it is traced, and its tags are kept from whom
    they are to be kept from.

    Raises:
        SessionNotFoundError: It is neither, or may be more than one session.

    """
    from recorder.store.directories import find_session  # noqa: PLC0415 - as above

    path = Path(name)
    if os.sep in name or (is_so(path.exists) and not is_so(path.is_dir)):
        if is_so(path.exists) or _is_script(path):
            return _own(settings, path) or path
        raise SessionNotFoundError(
            f"there is no file or directory {name!r}, and no session is called that",
            "`jumpseat session list` shows the sessions",
        )
    try:
        return Given(find_session(settings.home, name), foreign=False)
    except SessionNotFoundError as error:
        if name and (is_so(path.is_dir) or _is_script(path)):
            return _own(settings, path) or path
        raise SessionNotFoundError(
            f"{error.cause}, and no file or directory {name!r} either", error.remedy
        ) from error


def _own(settings: Settings, path: Path) -> Given | None:
    """Return the session of this home whose directory a path is."""
    from recorder.store.directories import has_journal  # noqa: PLC0415 - as above

    try:
        real, recordings = path.resolve(), settings.home.recordings.resolve()
    except (OSError, RuntimeError):
        return None
    if real.parent != recordings or not has_journal(real):
        return None
    return Given(settings.home.recording(real.name), foreign=False)


def recording_argument() -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the decorator that adds SESSION|FILE|DIR as ``recording``, and ``--size``."""
    argument = click.argument(
        "recording",
        metavar="SESSION|FILE|DIR",
        shell_complete=complete_recording,
        help="A session (an id, the beginning of one, `latest`), or another tool's recording:"
        " asciicast, ttyrec, `script` with timing, a directory of these.",
    )
    size = size_option()
    return lambda function: argument(size(function))


def size_option() -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the decorator that adds ``--size``."""
    return click.option(
        "--size",
        metavar="COLUMNSxLINES",
        callback=_parse_size,
        help="How large the terminal was, for a FILE that does not tell; by default 80x24.",
    )


def _parse_size(
    _ctx: click.Context, _param: click.Parameter, value: str | None
) -> tuple[int, int] | None:
    if value is None:
        return None
    from recorder.formats.events import size_of  # noqa: PLC0415 - as above

    size = size_of(value)
    if size is None:
        raise click.BadParameter(f"{value!r} is not a size such as 80x24")
    return size


def complete_recording(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer sessions and the files here; behind a separator the shell completes paths itself."""
    sessions = [] if os.sep in incomplete else complete_session(ctx, param, incomplete)
    if not sessions:
        return [CompletionItem(incomplete, type="file")]
    here = sorted(name for name in _names_here() if name.startswith(incomplete))
    known = {item.value for item in sessions}
    return [*sessions, *(CompletionItem(name) for name in here if name not in known)]


def _names_here() -> list[str]:
    try:
        return [path.name for path in Path().iterdir() if not path.name.startswith(".")]
    except OSError:
        return []
