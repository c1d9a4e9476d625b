"""How good the alarms of stuck and rabbit-hole are: model, rules and both, beside saying nothing.

Sessions that were made up from scenes that no training saw, and sessions that somebody played on a
real server (folders with a ``truth.json``) stand apart: only the second count. For each kind:
PR-AUC of what is believed at each look, troubles that were found, median seconds until that, false
alarms an hour. Stretches that an observer was not sure of are left out. Run with
`python -m bench.trouble [DIRECTORY...] [--made-up N]` from the repository's root. Asserts nothing.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import get_args

from analyzer.models.examples.generator import generated
from analyzer.models.examples.hurdles import with_hurdles
from analyzer.models.examples.played import doubtful, read_truth
from analyzer.models.labels import LabelledTrouble
from analyzer.models.linear import Linear
from analyzer.models.looks import Looked, looked
from analyzer.models.measured import Alarms, alarms_of, joined, rule_tags, ruled_at
from analyzer.models.measures import Answer, average_precision
from analyzer.models.scorers import scorers
from analyzer.models.words import Trouble
from analyzer.records import Tag
from analyzer.signals.loader import shipped_rules
from bench.corpus import HERE, sessions

_SEED = 7
_NEAR = 120.0
"""Seconds around a stretch that nobody was sure of in which nothing is scored."""

Doubts = dict[str, tuple[LabelledTrouble, ...]]


def made_up(count: int) -> list[Looked]:
    """Return looks at made-up sessions of scenes that are held out."""
    half = count // 2
    made = [*generated(_SEED, half, "held-out"), *with_hurdles(_SEED, count - half, "held-out")]
    return [looked(each, shipped_rules()) for each in made]


def played(directories: Iterable[Path]) -> tuple[list[Looked], Doubts]:
    """Return looks at played sessions, and which of their stretches are not to be scored."""
    found: list[Looked] = []
    doubts: Doubts = {}
    for each in sessions(directories):
        session = looked(read_truth(each), shipped_rules())
        found.append(session)
        doubts[session.name] = doubtful(each)
    return found, doubts


class Score:
    """One way to raise alarms over some sessions."""

    def __init__(self) -> None:
        self.alarms = Alarms()
        self.answers: list[Answer] = []

    def add(
        self, session: Looked, kind: Trouble, tags: Sequence[Tag], beliefs: Sequence[float],
        unsure: Sequence[LabelledTrouble],
    ) -> None:  # fmt: skip
        """Take in a session: the alarms, and what was believed at each look."""
        kept = [each for each in tags if not _is_near(each.t, each.until or each.t, unsure)]
        self.alarms.add(session, kind, kept)
        for look, belief in zip(session.looks, beliefs, strict=True):
            truth = session.answer(kind, look.t)
            if truth is not None and not _is_near(look.t, look.t, unsure):
                self.answers.append(Answer(belief, truth))

    @property
    def area(self) -> float | None:
        """Area under precision over recall of the looks; None where there is no trouble."""
        wanted = sum(each.right for each in self.answers)
        return average_precision(self.answers, wanted) if wanted else None

    def row(self) -> str:
        """Return the figures."""
        alarms = self.alarms
        return (
            f"{_figure(self.area)} {alarms.found:5}/{alarms.troubles:<5} "
            f"{_figure(alarms.delay, 0)} {_figure(alarms.false_an_hour)} {alarms.hours:9.1f}"
        )


def _figure(value: float | None, digits: int = 2) -> str:
    return f"{'-':>9}" if value is None else f"{value:9.{digits}f}"


def _is_near(start: float, until: float, stretches: Sequence[LabelledTrouble]) -> bool:
    return any(start < each.until + _NEAR and until > each.start - _NEAR for each in stretches)


def compare(
    title: str, kind: Trouble, model: Linear | None, found: list[Looked], doubts: Doubts
) -> None:
    """Print how model, rules, both and silence fare on some sessions."""
    signal = next(each for each in shipped_rules().signal if each.id == kind)
    scores = {name: Score() for name in ("model", "rules", "both", "silence")}
    for session in found:
        unsure = [each for each in doubts.get(session.name, ()) if each.kind == kind]
        rule = rule_tags(session, kind)
        ruled = [float(ruled_at(rule, look.t)) for look in session.looks]
        tags, beliefs = alarms_of(session, signal, model) if model else ([], [0.0] * len(ruled))
        both = [max(pair) for pair in zip(ruled, beliefs, strict=True)]
        scores["model"].add(session, kind, tags, beliefs, unsure)
        scores["rules"].add(session, kind, rule, ruled, unsure)
        scores["both"].add(session, kind, joined(rule, tags), both, unsure)
        scores["silence"].add(session, kind, [], [0.0] * len(ruled), unsure)
    for name, score in scores.items():
        print(f"{title:14} {kind:12} {name:8} {score.row()}")


def cost(found: list[Looked]) -> None:
    """Print how long it takes to score an hour of looks."""
    models = scorers()
    begun = time.process_time()
    for session in found:
        for kind, model in models.items():
            signal = next(each for each in shipped_rules().signal if each.id == kind)
            alarms_of(session, signal, model)
    hours = sum(each.hours for each in found)
    if hours:
        print(f"scoring an hour of looks: {(time.process_time() - begun) / hours * 1000:.1f} ms")


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path, nargs="*", default=[HERE])
    parser.add_argument("--made-up", type=int, default=48, metavar="N", help="sessions; 0 for none")
    options = parser.parse_args()
    models = scorers()
    groups = {"made up": (made_up(options.made_up), {}), "played": played(options.directory)}
    print(f"{'':36} {'PR-AUC':>9} {'found':>11} {'delay s':>9} {'false/h':>9} {'hours':>9}")
    for title, (found, doubts) in groups.items():
        for kind in get_args(Trouble):
            compare(title, kind, models.get(kind), found, doubts)
    for session in groups["played"][0]:
        for kind in get_args(Trouble):
            if session.of(kind):
                compare(session.name, kind, models.get(kind), [session], groups["played"][1])
    cost([each for found, _ in groups.values() for each in found])


if __name__ == "__main__":
    main()
