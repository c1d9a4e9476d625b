"""Small things that people do in between, whatever they work on: for variety, out of the lines.

A program's lines go into the sessions of one split only. Steps come out; when they are played is
decided in `analyzer.models.examples.plot`.
"""

from __future__ import annotations

import random
from functools import cache
from zlib import crc32

from analyzer.models.examples.lines import labelled_lines
from analyzer.models.examples.scenes import Deed, Step
from analyzer.models.labels import LabelledLine
from analyzer.models.words import Topic

_LOOKS = frozenset({
    "look-at-system", "read-file", "network-check", "manage-service", "web-request", "help",
    "file-management", "user-and-rights", "install-package",
})  # fmt: skip
_HARMLESS = frozenset({"looking-around", "verifying", "debugging", "reading"})
_FULL_SCREEN = frozenset({
    "man", "less", "more", "most", "info", "top", "htop", "atop", "btop", "glances", "nmon", "ncdu",
    "mc", "ranger", "lnav", "multitail", "zless", "w3m", "lynx", "links", "elinks", "iftop",
    "nethogs", "tig", "slabtop",
})  # fmt: skip
_ENDLESS = (" -f", " -F", " +F", " -wH", "watch ", "tcpdump", "-l 9000", "ping ", "dstat")
_HABITS = ("ls", "ls -la", "pwd", "ls -l", "clear", "history", "ls -lah", "history | tail", "date")
_HELD_OUT_SHARE = 4
"""One program in so many is held out."""


def interlude(source: random.Random, topic: Topic, *, reads: float, held_out: bool) -> Step:
    """Return a step that serves ``topic``, or nothing in particular.

    ``reads`` is the chance that something is looked up.
    """
    lines = _lines(held_out).get(topic, ())
    looked_up = tuple(line for line in lines if line.activity == "reading")
    if looked_up and source.random() < reads / 2:
        lines = looked_up
    elif not lines or source.random() < 0.5:  # noqa: PLR2004 - one as likely as the other
        habit = source.choice(_HABITS)
        deeds = [Deed("%", "ls")] if habit.startswith("ls") else []
        return Step(habit, "looking-around", optional=False, deeds=deeds)
    line = source.choice(lines)
    return Step(line.text, line.activity, optional=False, deeds=_deeds(source, line))


def _deeds(source: random.Random, line: LabelledLine) -> list[Deed]:
    paged = line.program in _FULL_SCREEN or line.text.endswith(("| less", "| more", "help"))
    if paged:
        return [Deed("%", f"page {source.randint(10, 90)}")]
    if any(each in line.text for each in _ENDLESS):
        return [Deed("%", "log app 6"), Deed("~", str(source.randint(3, 12))), Deed("^", "")]
    name = "log app" if "log" in line.text else "prose"
    return [Deed("%", f"{name} {source.randint(1, 14)}")]


@cache
def _lines(held_out: bool) -> dict[Topic, tuple[LabelledLine, ...]]:
    found: dict[Topic, list[LabelledLine]] = {}
    for line in labelled_lines():
        if _is_held_out(line.program) is held_out and _fits(line):
            found.setdefault(line.topic, []).append(line)
    return {topic: tuple(lines) for topic, lines in found.items() if topic != "other"}


def _is_held_out(program: str) -> bool:
    return crc32(program.encode()) % _HELD_OUT_SHARE == 0


def _fits(line: LabelledLine) -> bool:
    """Whether a line only looks, and needs no answer."""
    return (
        line.intent in _LOOKS
        and line.activity in _HARMLESS
        and "\n" not in line.text
        and not line.text.startswith(("nmap -sS", "telnet", "nc -l"))
    )
