"""Commands of sessions that were played on a real server, against what bash says that it ran.

bash leaves out immediate repeats, lines that begin with a blank and what ended its shell. What was
run inside a terminal multiplexer is not looked for yet: those shells are left out.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from analyzer.commands.detector import Detector
from analyzer.records import Command

RECALL = 0.99
PRECISION = 0.99
OUTCOMES = 0.95
_NEVER_KEPT = {"exit", "logout", "history -c"}


def _found(session: Any) -> list[Command]:
    detector = Detector()
    runs = {}
    for event in session.events():
        runs |= {run.command.id: run.command for run in detector.observe(event)}
    runs |= {run.command.id: run.command for run in detector.finish()}
    found = [command for command in runs.values() if command.kind == "command"]
    return sorted(found, key=lambda command: (command.t, command.id))


def _left_out(text: str) -> bool:
    """Whether bash leaves a command out of its history, whatever came before it."""
    return text.startswith(" ") or text in _NEVER_KEPT


def test_commands_are_those_that_bash_ran(corpus: Any) -> None:
    hits = found_all = ran_all = 0
    for session in corpus:
        found = _found(session)
        if any(command.text.startswith("tmux") for command in found):
            continue
        ran = Counter(text for *_, text in session.ran() if text)
        texts = Counter(command.text for command in found)
        hits += (texts & ran).total()
        # More of a text that was run is an immediate repeat: those are right.
        extra = Counter({t: n for t, n in texts.items() if t not in ran and not _left_out(t)})
        found_all += (texts & ran).total() + extra.total()
        ran_all += ran.total()
    assert ran_all > 150
    assert hits / ran_all >= RECALL
    assert hits / found_all >= PRECISION


def test_an_outcome_that_is_told_is_the_exit_status_that_bash_saw(corpus: Any) -> None:
    right = told = 0
    for session in corpus:
        found = [c for c in _found(session) if c.duration is not None]
        for t, _, _, status, _, text in session.ran():
            same = [c for c in found if c.text == text]
            if not same:
                continue
            nearest = min(same, key=lambda c: abs(c.t + (c.duration or 0) - t))
            if nearest.outcome in {"ok", "failed"}:
                told += 1
                right += (nearest.outcome == "ok") == (status == 0)
    assert told > 80
    assert right / told >= OUTCOMES
