"""Scenes that made-up sessions are put together from; the text is in `scenes/*.scenes`.

A file is a family: no split has half of one. ``== KIND TOPIC NAME`` begins a scene. In it:

- ``: activity`` what kind of work the steps below are;
- ``$ command`` a step; ``$? command`` one that some leave out;
- lines with two blanks before them: what it prints; ``~ 40`` it takes about so many seconds first;
- ``% name words`` prints at length, as `analyzer.models.examples.outputs` says;
- ``@ PATH +added -removed`` it is an editor, and writes (without changes: looks and leaves);
- ``< text`` answers a question; ``* 9`` so many hidden keys; ``> text`` a line typed into a REPL;
- ``^`` it is interrupted.

``{{one¦another}}`` is chosen anew each time, ``{{name}}`` once a session. Only reading files
belongs here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Literal, cast, get_args

from analyzer.models.words import ACTIVITIES, TOPICS, Activity, Topic
from recorder.errors import UsageError

Kind = Literal["work", "stuck", "rabbit-hole", "aside"]
"""``work`` serves its topic; ``aside`` is a short look elsewhere, or a failure soon overcome."""

_HEAD = re.compile(r"== (\S+) (\S+) (\S+)")
_DEED = re.compile(r"(?:([~%@<*>]) (.*)|(\^))")
_KINDS: tuple[str, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that happens while a command runs: ``sign`` as above, a blank for output."""

    sign: str
    text: str


@dataclass(slots=True)
class Step:
    """A command and what happens while it runs."""

    command: str
    activity: Activity
    optional: bool
    deeds: list[Deed] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Scene:
    """Steps that belong together."""

    kind: Kind
    topic: Topic
    name: str
    steps: list[Step]


@cache
def families() -> dict[str, tuple[Scene, ...]]:
    """Return the shipped scenes by family.

    Raises:
        UsageError: A file has a line that means nothing.

    """
    here = files(__package__) / "scenes"
    found = sorted((each for each in here.iterdir()), key=lambda each: each.name)
    return {
        file.name.removesuffix(".scenes"): tuple(parse_scenes(file.read_text("utf-8"), file.name))
        for file in found
        if file.name.endswith(".scenes")
    }


def parse_scenes(text: str, name: str) -> list[Scene]:
    """Return the scenes of one file's text; ``name`` is named in errors.

    Raises:
        UsageError: A line means nothing where it stands.

    """
    scenes: list[Scene] = []
    activity: Activity = "looking-around"
    for number, line in enumerate(text.splitlines(), 1):
        if match := _HEAD.fullmatch(line):
            kind, topic, title = match.groups()
            if kind not in _KINDS or topic not in TOPICS:
                raise _wrong(name, number, line)
            scenes.append(Scene(cast("Kind", kind), cast("Topic", topic), title, []))
        elif line.startswith(": ") and line[2:] in ACTIVITIES:
            activity = cast("Activity", line[2:])
        elif line.startswith(("$ ", "$? ")) and scenes:
            sign, _, command = line.partition(" ")
            scenes[-1].steps.append(Step(command, activity, sign == "$?"))
        elif (deed := _deed(line)) and scenes and scenes[-1].steps:
            scenes[-1].steps[-1].deeds.append(deed)
        elif line.strip() and not line.startswith("# "):
            raise _wrong(name, number, line)
    return scenes


def _deed(line: str) -> Deed | None:
    if line.startswith("  "):
        return Deed(" ", line[2:])
    match = _DEED.fullmatch(line)
    return Deed(match[1] or match[3], match[2] or "") if match else None


def _wrong(name: str, number: int, line: str) -> UsageError:
    return UsageError(
        f"{name}, line {number}: {line[:60]!r} means nothing here",
        "see analyzer/models/examples/scenes.py for what lines mean",
    )
