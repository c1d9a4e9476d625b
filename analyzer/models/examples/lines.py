"""Command lines with what each is for, written for this project; the text is in `lines/*.lines`.

A line's topic is what it serves when nothing is known of the session around it: ``other`` where it
tells nothing (``ls``), or serves something else. Only reading the files belongs here.

A file holds groups. ``[program] topic activity intent`` begins one, each line below is a command;
a line that begins with a tab goes on with the one above; ``#`` and empty lines are for readers.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import get_args

from analyzer.models.intents import INTENTS
from analyzer.models.labels import LabelledLine
from analyzer.models.words import Activity, Topic
from recorder.errors import UsageError

_HEAD = re.compile(r"\[(\S+)\] (\S+) (\S+) (\S+)")
_WORDS = (get_args(Topic), get_args(Activity), INTENTS)


@cache
def labelled_lines() -> tuple[LabelledLine, ...]:
    """Return all shipped lines, in the order of their files.

    Raises:
        UsageError: A file has a group whose head has an unknown word, or none.

    """
    here = files(__package__) / "lines"
    found: list[LabelledLine] = []
    for file in sorted(here.iterdir(), key=lambda each: each.name):
        if file.name.endswith(".lines"):
            found += parse_lines(file.read_text("utf-8"), file.name)
    return tuple(found)


def parse_lines(text: str, name: str) -> list[LabelledLine]:
    """Return the lines of one file's text; ``name`` is named in errors.

    Raises:
        UsageError: A head has an unknown word, or a line stands in no group.

    """
    found: list[LabelledLine] = []
    head: re.Match[str] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if match := _HEAD.fullmatch(line):
            head = _checked(match, name, number)
        elif line.startswith("\t") and found and found[-1].text:
            found[-1] = _labelled(head, f"{found[-1].text}\n{line[1:]}", name, number)
        elif line.strip() and not line.startswith("#"):
            found.append(_labelled(head, line.strip(), name, number))
    return found


def _checked(head: re.Match[str], name: str, number: int) -> re.Match[str]:
    for word, known in zip(head.groups()[1:], _WORDS, strict=True):
        if word not in known:
            raise UsageError(
                f"{name}, line {number}: {word!r} is no word for this",
                f"use one of: {', '.join(known)}",
            )
    return head


def _labelled(head: re.Match[str] | None, text: str, name: str, number: int) -> LabelledLine:
    if head is None:
        raise UsageError(
            f"{name}, line {number}: a command before the first group",
            "begin a group with [program] topic activity intent",
        )
    program, topic, activity, intent = head.groups()
    return LabelledLine(
        text=text,
        topic=topic,  # type: ignore[arg-type] # was checked with its head
        activity=activity,  # type: ignore[arg-type] # was checked with its head
        intent=intent,
        program=program,
    )
