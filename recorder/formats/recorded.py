"""Foreign recordings as recordings of ours, for one look: a path in, a directory out.

Needs neither home nor store. Those that stay are `recorder.formats.importing`'s; what is said to a
person does not belong here.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from recorder.errors import RecordingError
from recorder.formats.asking import is_so
from recorder.formats.convert import Plan, convert
from recorder.formats.detect import identify
from recorder.formats.flaws import Flaws
from recorder.formats.opening import plain_text
from recorder.formats.panes import find_panes
from recorder.formats.temporary import private_place
from recorder.formats.tracks import Part
from recorder.home import Home, make_private_directory
from recorder.recording.journal import JOURNAL_NAME

_NAME = "recording"

Progress = Callable[[float], None] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a person says of a recording that it does not tell itself; as in `Plan`."""

    size: tuple[int, int] | None = None
    candidate: str | None = None
    patterns: tuple[str, ...] = ()


@contextlib.contextmanager
def looked_at(
    path: Path, flaws: Flaws, wishes: Wishes, progress: Progress = None
) -> Iterator[Path]:
    """Give the directory of a recording made from a file or a directory of panes, for one look.

    A directory that is a recording of ours is given as it is.

    Raises:
        RecordingError: Nothing can be read, or there is no room for it.
        KeyboardInterrupt: The process was told to end.

    """
    if is_so((path / JOURNAL_NAME).is_file):
        yield path
        return
    plan = plan_of(path, flaws, wishes, label_of(path))
    with contextlib.ExitStack() as stack:
        try:
            place = stack.enter_context(private_place())
        except OSError as error:
            raise RecordingError(
                f"there is no place for a temporary recording ({error.strerror})",
                "free space there, or name another with TMPDIR",
            ) from error
        # A home of its own, so that a cache made of it lies beside it and goes with it.
        home = Home(place)
        make_private_directory(home.recordings)
        directory = home.recording(_NAME)
        convert(plan, directory, flaws, progress)
        yield directory


def plan_of(path: Path, flaws: Flaws, wishes: Wishes, session: str) -> Plan:
    """Return what becomes of a file or a directory of panes.

    Raises:
        RecordingError: It is nothing that is known, or cannot be read.

    """
    parts = _parts(path, flaws)
    kind = parts[0].found.kind
    what = f"{kind}, {len(parts)} panes" if is_so(path.is_dir) else kind
    return Plan(
        parts=parts,
        session=session,
        target=f"{label_of(path)} ({what})",
        candidate=wishes.candidate,
        size=wishes.size,
        patterns=wishes.patterns,
    )


def _parts(path: Path, flaws: Flaws) -> list[Part]:
    if not is_so(path.is_dir):
        return [Part(found=identify(path))]
    return [
        Part(found=pane.found, started=pane.started, status=pane.status)
        for pane in find_panes(path, flaws)
    ]


def label_of(path: Path) -> str:
    """Return a path's last name, as text that can be written anywhere."""
    return plain_text(path.name or path.resolve().name)
