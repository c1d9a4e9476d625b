"""Sessions whose truth is known: how right phases are, as floors over all of them.

`python -m bench.phases --mistakes` prints the whole table.
"""

from __future__ import annotations

import pytest

from bench.corpus import HERE, sessions
from bench.phases import by_rules, compared, examples_of, guesser, together
from bench.support.phases_agreement import PhaseAgreement

FLOORS = {"task": 0.85, "topic": 0.85, "task, idle too": 0.85, "idle": 0.9}


@pytest.fixture(scope="module")
def agreements() -> tuple[PhaseAgreement, PhaseAgreement]:
    directories = sessions([HERE])
    if not directories:
        pytest.skip("../shared/corpus is not there")
    examples = examples_of(directories)
    rules = together(compared(examples, by_rules).values())
    return rules, together(compared(examples, guesser(examples)).values())


@pytest.mark.parametrize("title", FLOORS)
def test_over_all_known_sessions_phases_are_right_and_better_than_a_guess(
    agreements: tuple[PhaseAgreement, PhaseAgreement], title: str
) -> None:
    rules, guessed = (each.times[title] for each in agreements)
    assert rules.right >= FLOORS[title] * rules.all > 0
    assert rules.right > guessed.right
