"""A directory of panes: one session, each of its terminals recorded by `script`.

PANE.timing with PANE.out and PANE.in; PANE.start holds the Unix time at which it began, PANE.rc its
exit status. Links are not followed: who made the directory must not choose what else is read.
"""

from __future__ import annotations

import stat
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

from recorder.errors import RecordingError
from recorder.formats.detect import INPUTS, OUTPUTS, Found
from recorder.formats.flaws import Complaints, Flaws
from recorder.formats.source import Source

MOST_PANES = 200
"""Panes that are read; each takes up to four open files."""
_TIMING = ".timing"
_NUMBER = 64
"""Bytes of a file that holds a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pane:
    """One terminal of a directory; ``started`` is Unix time, ``status`` its exit status."""

    found: Found
    started: float | None
    status: int | None


def find_panes(directory: Path, flaws: Flaws) -> list[Pane]:
    """Return the panes of a directory by their names; what is no plain file is told.

    Raises:
        RecordingError: There is none, or the directory cannot be read.

    """
    try:
        names = {path.name: path for path in directory.iterdir()}
    except OSError as error:
        raise RecordingError(f"cannot read {directory} ({error.strerror})") from error
    stems = sorted(name.removesuffix(_TIMING) for name in names if name.endswith(_TIMING))
    if len(stems) > MOST_PANES:
        flaws.add(directory.name, "", f"{len(stems)} panes: the first {MOST_PANES} are taken")
    panes = [pane for stem in stems[:MOST_PANES] if (pane := _pane(names, stem, flaws)) is not None]
    if not panes:
        raise RecordingError(
            f"there is no recording in {directory}",
            "looked for PANE.timing with PANE.out beside it, as `script` writes them",
        )
    return panes


def _pane(names: dict[str, Path], stem: str, flaws: Flaws) -> Pane | None:
    timing = _plain(names.get(stem + _TIMING), flaws)
    output = _first(names, stem, OUTPUTS, flaws)
    if timing is None:
        return None
    if output is None:
        flaws.add(stem, "", "there is no PANE.out beside its timing: left out")
        return None
    typed = _first(names, stem, INPUTS, flaws) or (output if output.suffix == ".io" else None)
    status = _number(names.get(f"{stem}.rc"), flaws)
    return Pane(
        found=Found(kind="script", name=stem, main=timing, output=output, input=typed),
        started=_number(names.get(f"{stem}.start"), flaws),
        status=int(status) if status is not None and status in range(256) else None,
    )


def _first(
    names: dict[str, Path], stem: str, suffixes: tuple[str, ...], flaws: Flaws
) -> Path | None:
    paths = (_plain(names.get(stem + suffix), flaws) for suffix in suffixes)
    return next((path for path in paths if path is not None), None)


def _plain(path: Path | None, flaws: Flaws) -> Path | None:
    if path is None:
        return None
    try:
        if stat.S_ISREG(path.lstat().st_mode):
            return path
        flaws.add(path.name, "", "not a plain file: left out")
    except OSError as error:
        flaws.add(path.name, "", f"cannot be read ({error.strerror}): left out")
    return None


def _number(path: Path | None, flaws: Flaws) -> float | None:
    """Return the finite number that a file holds; None, and told, where it holds none."""
    plain = _plain(path, flaws)
    if plain is None:
        return None
    try:
        with Source(plain, Complaints(flaws, plain.name), follow=False) as source:
            number = float(source.read(_NUMBER))
        if isfinite(number):
            return number
    except (RecordingError, ValueError):
        pass
    flaws.add(plain.name, "", "holds no number: left out")
    return None
