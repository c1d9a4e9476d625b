"""Random mixes of what people do at a prompt, against what bash logged that it ran.

A seed that fails is printed with its act; ``JUMPSEAT_MIX_SEEDS=100-200`` plays others, at length.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from analyzer.commands.detector import Detector
from analyzer.records import Command
from recorder.recording.events import AnyEvent
from tests.support.mixes import PROMPTS, Mix, furnish
from tests.support.played_shell import PlayedShell, Ran

_FIRST, _, _LAST = os.environ.get("JUMPSEAT_MIX_SEEDS", "1001-1002").partition("-")
SEEDS = range(int(_FIRST), int(_LAST or _FIRST) + 1)
ACTS = 14
MOST_WRONG = 1
"""Lines of a mix that may be missed or too many: readline's own screen is wrong at times."""


def _commands(events: list[AnyEvent]) -> list[Command]:
    detector = Detector()
    runs = {}
    for event in events:
        runs |= {run.command.id: run.command for run in detector.observe(event)}
    runs |= {run.command.id: run.command for run in detector.finish()}
    return sorted(runs.values(), key=lambda command: (command.t, command.id))


def _lines(texts: list[str]) -> list[str]:
    """Return single lines without what a log by history cannot hold: exits and what they end."""
    lines = [line.strip() for text in texts for line in text.split("\n")]
    left_out = ("exit", "# ")
    return [
        line
        for line in lines
        if line
        and not line.startswith(left_out)
        and not line.endswith((" dash", " dash # x"))
        and "bash --norc" not in line
    ]


def _wrong_outcomes(ran: list[Ran], found: list[Command]) -> list[tuple[str, str]]:
    """Return what was judged otherwise than bash ended it, where a text always ended one way."""
    statuses: dict[str, set[int]] = {}
    for each in ran:
        if each.status is not None and "\n" not in each.text:
            statuses.setdefault(each.text.strip(), set()).add(each.status)
    right = {text: ends.pop() for text, ends in statuses.items() if len(ends) == 1}
    return [
        (command.text, command.outcome)
        for command in found
        if command.text.strip() in right
        and "bash --norc" not in command.text
        and command.outcome in {"ok", "failed"}
        and (command.outcome == "ok") != (right[command.text.strip()] == 0)
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_mix_is_read_as_bash_ran_it(seed: int, tmp_path: Path) -> None:
    choice = random.Random(seed)
    prompt = choice.choice(list(PROMPTS.values()))
    marks, columns = choice.random() < 0.6, choice.choice([40, 60, 80, 80, 100, 132])
    furnish(tmp_path)
    shell = PlayedShell(tmp_path, prompt, columns, 24, marks=marks)
    mix = Mix(shell, seed)
    try:
        mix.play(ACTS)
    finally:
        shell.close()
    found = _commands(shell.events)
    ran, read = (
        _lines([each.text for each in shell.ran()]),
        _lines([command.text for command in found if command.kind == "command"]),
    )
    same = sum(
        block.size
        for block in SequenceMatcher(None, ran, read, autojunk=False).get_matching_blocks()
    )
    differing = (Counter(ran) - Counter(read), Counter(read) - Counter(ran))
    said = f"seed {seed}: {differing}, acts {mix.done}"
    assert len(ran) - same <= MOST_WRONG, said
    assert len(read) - same <= MOST_WRONG, said
    assert _wrong_outcomes(shell.ran(), found) == [], said
