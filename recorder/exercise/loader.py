"""Finds exercises and reads them: every fault at once, each with file, line and key.

An exercise is named by its file's name without ``.toml``. A team's own lie in ``<home>/exercises``
and win over those that ship, which lie in the package's data, else at the top of the source tree.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from recorder.errors import JumpseatError
from recorder.exercise.schema import Exercise, HttpProbe, LoginProbe, Named
from recorder.home import Home
from recorder.toml_lines import (
    Fault,
    Place,
    dotted,
    line_of,
    lines_of,
    real_place,
    toml_fault,
)

_NAME = re.compile(r"[a-z][a-z0-9-]{0,62}")
_SUFFIX = ".toml"


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
        path = Path(name).expanduser()
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
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise ExerciseError((Fault(str(path), None, "", f"cannot be read ({reason})"),)) from error
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
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ExerciseError((toml_fault(file, error),)) from error
    lines = lines_of(text)
    try:
        plan = Exercise.model_validate(raw)
    except ValidationError as error:
        faults = tuple(_fault(file, lines, raw, item) for item in error.errors())
        raise ExerciseError(faults) from error
    found = [
        Fault(file, line_of(lines, place), dotted(place), words)
        for place, words in _beyond_types(plan)
    ]
    if found:
        raise ExerciseError(tuple(found))
    return plan


def _fault(file: str, lines: dict[Place, int], raw: object, item: ErrorDetails) -> Fault:
    place = real_place(raw, item["loc"])
    words = item["msg"].removeprefix("Value error, ")
    match item["type"]:
        case "extra_forbidden":
            words = "unknown key"
        case "missing":
            words = "is missing"
        case "union_tag_not_found":
            place, words = (*place, "kind"), "is missing"
        case "union_tag_invalid":
            place, words = (*place, "kind"), f"must be one of {item['ctx']['expected_tags']}"
        case _:
            pass
    return Fault(file, line_of(lines, place), dotted(place), words)


def _beyond_types(plan: Exercise) -> Iterator[tuple[Place, str]]:
    """Find what is well-formed part by part and wrong together."""
    named: dict[Place, Sequence[Named]] = {
        ("task",): plan.task,
        ("probe",): plan.probe,
        ("closing-question",): plan.closing_question,
        ("clock", "phase"): plan.clock.phase,
    }
    for place, parts in named.items():
        seen: set[str] = set()
        for number, part in enumerate(parts):
            if part.id in seen:
                yield (*place, number, "id"), f"{part.id} is there twice"
            seen.add(part.id)
    for number, each in enumerate(plan.clock.announcement):
        if each.left >= plan.clock.minutes:
            words = f"the whole exercise has only {plan.clock.minutes} minutes"
            yield ("clock", "announcement", number, "left"), words
    if sum(phase.tasks for phase in plan.clock.phase) != 1:
        yield ("clock", "phase"), "one phase, and only one, has tasks = true"
    yield from _unfitting_probes(plan)


def _unfitting_probes(plan: Exercise) -> Iterator[tuple[Place, str]]:
    page = plan.target.page
    for number, probe in enumerate(plan.probe):
        if isinstance(probe, LoginProbe):
            if probe.user != plan.target.user:
                words = f"must be the target's own user, {plan.target.user}"
                yield ("probe", number, "user"), words
        elif not (probe.contains and page):
            continue
        elif _is_front_page(probe) and probe.contains not in page.html:
            yield ("probe", number, "contains"), "these words are not in target.page.html"


def _is_front_page(probe: HttpProbe) -> bool:
    return (probe.scheme, probe.real_port, probe.path, probe.host) == ("http", 80, "/", None)
