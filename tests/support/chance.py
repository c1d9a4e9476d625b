"""What decides the tests that draw their cases: chance, or a seed that is given.

By hand each run draws others. In CI they are the same ones every time, so that what was changed
decides whether a change passes, and not what was drawn.
"""

from __future__ import annotations

import os
import random

VARIABLE = "JUMPSEAT_TEST_SEED"


def is_given() -> bool:
    """Return whether the cases are to be the same every time."""
    return bool(os.environ.get(VARIABLE))


def seed() -> int:
    """Return the seed that is given, else another one each time; whoever fails with it names it."""
    return int(os.environ.get(VARIABLE) or random.randrange(2**31))
