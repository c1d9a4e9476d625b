"""Finds exercises and reads them: every fault at once, each with file, line and key.

An exercise is named by its file's name without ``.toml``. A team's own lie in ``<home>/exercises``
and win over those that ship, which lie in the package's data, else at the top of the source tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from recorder.errors import JumpseatError
from recorder.exercise.checks import together, unseen
from recorder.exercise.schema import Exercise
from recorder.exercise.wording import words_of
from recorder.home import Home
from recorder.toml_lines import (
    Fault,
    Place,
    dotted,
    line_of,
    lines_of,
    read_toml,
    real_place,
    toml_fault,
)

_NAME = re.compile(r"[a-z][a-z0-9-]{0,62}")
_SUFFIX = ".toml"
_BYTE_ORDER_MARK = "\ufeff"

MOST_BYTES = 512 * 1024
"""Of an exercise's file; the shipped ones have less than 20 KiB."""

DEFAULT = "ghost"
"""The exercise that is meant where one is needed and none is named."""


class ExerciseError(JumpseatError):
    """An exercise cannot be used; ``faults`` holds all that is wrong with its file."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        super().__init__(f"{faults[0]}{more}", "`jumpseat exercise check` shows all that is wrong")
        self.faults = faults


class ExerciseNotFoundError(JumpseatError):
    """There is no exercise of that name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """An exercise that was read: ``name`` is its file's, ``origin`` who brought it."""

    name: str
    origin: str
    path: Path
    plan: Exercise


def shipped_directory() -> Path:
    """Return where the shipped exercises are: the wheel's own, else the source tree's."""
    package = Path(__file__).resolve().parent.parent
    packed = package / "_exercises"
    return packed if packed.is_dir() else package.parent / "exercises"


def exercise_files(home: Home) -> dict[str, Path]:
    """Return the exercises that have a name, by name; nothing is read."""
    found: dict[str, Path] = {}
    for directory in (shipped_directory(), home.exercises):
        found |= {path.stem: path for path in sorted(_toml_files(directory))}
    return dict(sorted(found.items()))


def _toml_files(directory: Path) -> Iterator[Path]:
    try:
        yield from (path for path in directory.iterdir() if path.suffix == _SUFFIX)
    except FileNotFoundError:
        return
    except OSError as error:
        fault = Fault(str(directory), None, "", f"cannot be read ({error.strerror})")
        raise ExerciseError((fault,)) from error


def find_exercise(home: Home, name: str) -> Path:
    """Return the file of an exercise, given by name, or by a path with a slash or ``.toml``.

    Raises:
        ExerciseNotFoundError: There is none.

    """
    if "/" in name or name.endswith(_SUFFIX):
        path = Path(name)
        # A home directory of nobody stays as it was written, and is not there.
        with suppress(RuntimeError):
            path = path.expanduser()
        if path.is_file():
            return path
        raise ExerciseNotFoundError(f"there is no file {name}", "check its path")
    known = exercise_files(home)
    if name in known:
        return known[name]
    raise ExerciseNotFoundError(
        f"there is no exercise {name!r}",
        f"known are {', '.join(known)}; a file of your own can be given by its path",
    )


def load_exercise(home: Home, name: str) -> Loaded:
    """Find an exercise and read it.

    Raises:
        ExerciseNotFoundError: There is none of that name.
        ExerciseError: It cannot be read, or something in it is wrong.

    """
    return read_exercise(home, find_exercise(home, name))


def read_exercise(home: Home, path: Path) -> Loaded:
    """Read the file of an exercise.

    Raises:
        ExerciseError: It cannot be read, or something in it is wrong.

    """
    if not is_exercise_name(path.stem):
        words = "an exercise's file is named in small letters, digits and hyphens, NAME.toml"
        raise ExerciseError((Fault(str(path), None, "", words),))
    text = _text_of(path)
    origins = {shipped_directory(): "shipped", home.exercises: "own"}
    plan = parse_exercise(text, str(path))
    origin = origins.get(path.parent, "file")
    return Loaded(name=path.stem, origin=origin, path=path, plan=plan)


def is_exercise_name(name: str) -> bool:
    """Return whether a name can be an exercise's."""
    return _NAME.fullmatch(name) is not None


def parse_exercise(text: str, file: str) -> Exercise:
    """Read the text of an exercise; ``file`` is named in faults.

    Raises:
        ExerciseError: Something in it is wrong.

    """
    if text.startswith(_BYTE_ORDER_MARK):
        words = "begins with a byte order mark: save it as UTF-8 without one"
        raise ExerciseError((Fault(file, 1, "", words),))
    try:
        raw = read_toml(text)
    except (ValueError, RecursionError) as error:
        raise ExerciseError((toml_fault(file, error, text),)) from error
    lines = lines_of(text)
    found = [_at(file, lines, place, words) for place, words in unseen(raw)]
    try:
        plan = Exercise.model_validate(raw)
    except ValidationError as error:
        malformed = [_fault(file, lines, raw, each) for each in error.errors() if not _echoes(each)]
        raise ExerciseError(_in_order([*malformed, *found])) from error
    found += [_at(file, lines, place, words) for place, words in together(plan)]
    if found:
        raise ExerciseError(_in_order(found))
    return plan


def _text_of(path: Path) -> str:
    """Read a file that a person named, which may be anything."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        fault = Fault(str(path), None, "", f"cannot be read ({error.strerror})")
        raise ExerciseError((fault,)) from error
    if len(content) > MOST_BYTES:
        words = f"is larger than {MOST_BYTES // 1024} KiB, too large for an exercise"
        raise ExerciseError((Fault(str(path), None, "", words),))
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        words = f"not UTF-8 (byte 0x{content[error.start]:02x})"
        raise ExerciseError((Fault(str(path), line, "", words),)) from error


def _in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    return tuple(sorted(faults, key=lambda fault: fault.line or 0))


def _at(file: str, lines: Mapping[Place, int], place: Place, words: str) -> Fault:
    # What the file as a whole lacks is told at its first line, so that editors can go somewhere.
    return Fault(file, line_of(lines, place) or 1, dotted(place), words)


def _echoes(item: ErrorDetails) -> bool:
    """Whether a list is called too short only because something in it was refused."""
    given = item.get("input")
    least = item.get("ctx", {}).get("min_length", 0)
    return item["type"] == "too_short" and isinstance(given, list) and len(given) >= least


def _fault(file: str, lines: Mapping[Place, int], raw: object, item: ErrorDetails) -> Fault:
    place = real_place(raw, item["loc"])
    if item["type"] in {"union_tag_not_found", "union_tag_invalid"}:
        place = (*place, "kind")
    return _at(file, lines, place, words_of(item))
