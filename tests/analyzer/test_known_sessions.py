"""Sessions whose truth is known: how right commands, outcomes and tags are, as floors.

`python -m bench.corpus --differences` prints the whole table and names each difference.
"""

from __future__ import annotations

import pytest

from bench.corpus import HERE, compared, sessions
from bench.support.agreement import Agreement

FLOORS = {
    "recall": 0.99,
    "precision": 0.99,
    "outcome right": 0.97,
    "ids recall": 0.95,
    "ids precision": 0.95,
}


@pytest.fixture(scope="module")
def agreements() -> list[Agreement]:
    directories = sessions([HERE])
    if not directories:
        pytest.skip("../shared/corpus is not there")
    return [compared(each) for each in directories]


@pytest.mark.parametrize("title", FLOORS)
def test_over_all_known_sessions_the_analysis_is_right(
    agreements: list[Agreement], title: str
) -> None:
    shares = [each.shares[title] for each in agreements]
    right, all_ = sum(each.right for each in shares), sum(each.all for each in shares)
    differences = "\n".join(line for each in agreements for line in each.differences)
    assert right >= FLOORS[title] * all_, differences
