"""What `jumpseat exercise check` asks beyond the file itself: words of others, the shell's opinion.

A session does without: a topic that nobody knows is served by nothing, and does no harm.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches

from analyzer.models.words import TOPICS
from analyzer.signals.loader import active_rules
from recorder.exercise.loader import Loaded
from recorder.exercise.schema import Exercise
from recorder.toml_lines import Fault, Place, dotted, line_of, lines_of

_SHELL = "/bin/sh"
_BEFORE = 2
"""Lines that the shell is given before the script's first."""
_PATIENCE = 10
"""Seconds for a shell to read a script."""


def faults_beside(loaded: Loaded) -> list[Fault]:
    """Return what is wrong in an exercise that was read: topics, and the shell of its target.

    Raises:
        RulesError: The team's signals cannot be read, so nobody knows their topics.

    """
    lines = lines_of(loaded.path.read_text(encoding="utf-8"))
    found = [
        Fault(str(loaded.path), line_of(lines, place), dotted(place), words)
        for place, words in _unknown_topics(loaded.plan)
    ]
    found += _unreadable_shell(loaded, lines.get(("target", "prepare")))
    return sorted(found, key=lambda fault: fault.line or 0)


def _unknown_topics(plan: Exercise) -> Iterator[tuple[Place, str]]:
    for number, task in enumerate(plan.task):
        for place, words in _unknown(task.topics, TOPICS, "topic of work"):
            yield ("task", number, "topics", place), words
    signals = sorted({signal.topic for signal in active_rules().signal})
    for number, competency in enumerate(plan.competency):
        for place, words in _unknown(competency.topics, signals, "signal's topic"):
            yield ("competency", number, "topics", place), words


def _unknown(topics: Iterable[str], known: Sequence[str], kind: str) -> Iterator[tuple[int, str]]:
    for place, topic in enumerate(topics):
        if topic not in known:
            near = get_close_matches(topic, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
            yield place, f"{topic} is no {kind}; {hint}"


def _unreadable_shell(loaded: Loaded, line: int | None) -> list[Fault]:
    """Let a shell read what prepares the target, without running any of it."""
    script = loaded.plan.target.prepare
    said = _shell_says(script) if script else ""
    if not said:
        return []
    number, words = _taken_apart(said)
    if line is not None and number is not None:
        line = _line_in_file(loaded, line, number)
    return [Fault(str(loaded.path), line, "target.prepare", f"no shell script ({words})")]


def _shell_says(script: str) -> str:
    """Return a shell's complaint about a script, empty where it has none, or there is no shell."""
    # As it will stand: a function's body, which a brace too many would end.
    text = f"prepare_exercise() {{\n:\n{script}\n}}\n"
    try:
        done = subprocess.run(
            [_SHELL, "-n"], input=text, capture_output=True, text=True, timeout=_PATIENCE,
            check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return ""
    said = done.stderr.strip() or "a shell refuses it"
    return said.splitlines()[0] if done.returncode else ""


def _taken_apart(said: str) -> tuple[int | None, str]:
    """Return line and words of a complaint: ``sh: 12: Syntax error``, ``sh: line 12: syntax``."""
    match = re.match(r"\S+: (?:line )?(\d+): (.*)", said)
    return (int(match[1]), match[2]) if match else (None, said)


def _line_in_file(loaded: Loaded, line: int, number: int) -> int:
    """Return where a line of what the shell was given stands; ``line`` is the key's."""
    text = loaded.path.read_text(encoding="utf-8").splitlines()
    # TOML drops the newline right after the quotes that open a text of several lines.
    begins = line + bool(re.search(r"""("{3}|'{3})\s*$""", text[line - 1]))
    lines = (loaded.plan.target.prepare or "").count("\n")
    return begins + min(max(number - _BEFORE - 1, 0), lines)
