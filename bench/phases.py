"""How right phases are: tasks, topics and activities, against sessions whose truth is known.

Run with `python -m bench.phases DIRECTORY... [--generated COUNT] [--mistakes]` from the
repository's root, where a DIRECTORY is a session of several terminals with `truth.json` beside
them, or holds such sessions. By default the sessions that came with the product's description.
Made-up sessions are the held-out ones, and stand apart. Beside the phases as the product tells them
stand those of the rules alone, and of a guesser who always names what is commonest in these very
sessions. Asserts nothing; the floors are in `tests/analyzer/models/test_known_phases.py`.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from analyzer.analysis import Pipeline
from analyzer.models.examples.generator import generated
from analyzer.models.examples.played import has_activities, read_truth
from analyzer.models.labels import LabelledPhase, LabelledSession
from analyzer.models.observed import Observed
from analyzer.models.phases import phases_of
from analyzer.models.tasks import Tasks
from analyzer.records import Phase
from analyzer.signals.loader import active_rules
from bench.corpus import HERE, sessions
from bench.support.phases_agreement import (
    TITLES,
    PhaseAgreement,
    Time,
    compare_phases,
    majority,
)
from recorder.exercise.loader import read_exercise, shipped_directory
from recorder.home import Home

SEED = 2026
_EXERCISE = "ghost.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A session that was observed, and its truth."""

    session: LabelledSession
    observed: Observed
    activities: bool


Teller = Callable[[Example], Sequence[Phase]]


def observed(session: LabelledSession) -> Observed:
    """Run a session through the pipeline."""
    pipeline = Pipeline(active_rules())
    for happening in session.happenings:
        pipeline.observe(happening)
    pipeline.finish()
    return pipeline.observed


def examples_of(directories: Iterable[Path]) -> list[Example]:
    """Read and observe played sessions."""
    found = []
    for each in directories:
        session = read_truth(each)
        kept = Example(session=session, observed=observed(session), activities=has_activities(each))
        found.append(kept)
    return found


def made_up(count: int) -> list[Example]:
    """Make and observe sessions of families that no training sees."""
    return [
        Example(session=session, observed=observed(session), activities=True)
        for session in generated(SEED, count, "held-out")
    ]


def exercise_tasks() -> Tasks:
    """Return the tasks of the shipped exercise."""
    return Tasks(read_exercise(Home(Path()), shipped_directory() / _EXERCISE).plan)


def by_rules(example: Example) -> Sequence[Phase]:
    """Tell phases without any model."""
    return phases_of(example.observed)


def guesser(examples: Sequence[Example]) -> Teller:
    """Return what names the commonest topic and activity of these very sessions all the time."""
    word = majority(each.session.phases for each in examples)

    def guess(example: Example) -> Sequence[Phase]:
        until = max(phase.until for phase in example.session.phases)
        return [_always(word, until)]

    return guess


def _always(word: LabelledPhase, until: float) -> Phase:
    return Phase(start=0, until=until, topic=word.topic, activity=word.activity, confidence=0)


def compared(examples: Sequence[Example], tell: Teller) -> dict[str, PhaseAgreement]:
    """Return how phases agree with the truth, by session."""
    tasks = exercise_tasks()
    return {
        each.session.name: compare_phases(
            tell(each), each.session.phases, tasks.of, activities=each.activities
        )
        for each in examples
    }


def together(found: Iterable[PhaseAgreement]) -> PhaseAgreement:
    """Return the sum of all."""
    total = PhaseAgreement({title: Time() for title in TITLES}, Counter())
    for each in found:
        for title in TITLES:
            total.times[title] += each.times[title]
        total.mistaken.update(each.mistaken)
    return total


def print_table(title: str, examples: Sequence[Example], *, mistakes: bool) -> None:
    """Print a table: each session by the rules, then all by each teller; minutes and shares."""
    tellers: dict[str, Teller] = {"rules": by_rules, "majority": guesser(examples)}
    print(f"\n{title}: minutes right / all")
    print(f"{'':24} " + " ".join(f"{each:>20}" for each in TITLES))
    for name, tell in tellers.items():
        found = compared(examples, tell)
        if name == "rules":
            for session, agreement in found.items():
                _print_row(session, agreement)
        total = together(found.values())
        _print_row(f"all, {name}", total)
        if mistakes and name != "majority":
            for (true, told), seconds in total.mistaken.most_common(12):
                print(f"    {true} taken for {told}: {seconds / 60:.1f} min")
    print(f"slowest: {max(map(_cost, examples)) * 1000:.0f} ms")


def _print_row(name: str, agreement: PhaseAgreement) -> None:
    cells = " ".join(f"{agreement.times[title]!s:>20}" for title in TITLES)
    print(f"{name:24} {cells}")


def _cost(example: Example) -> float:
    start = time.process_time()
    by_rules(example)
    return time.process_time() - start


def main() -> None:
    """Compare, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path, nargs="*", default=[HERE])
    parser.add_argument("--generated", type=int, default=0, metavar="COUNT")
    parser.add_argument("--mistakes", action="store_true", help="name what is taken for what")
    options = parser.parse_args()
    directories = sessions(options.directory)
    if not directories and not options.generated:
        sys.exit("no session with a truth.json is there")
    if directories:
        print_table("played", examples_of(directories), mistakes=options.mistakes)
    if options.generated:
        print_table("made up, held out", made_up(options.generated), mistakes=options.mistakes)


if __name__ == "__main__":
    main()
