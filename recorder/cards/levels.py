"""What the levels of a rating are called, in a word or a few: everywhere the same, from here.

What each level of a competency looks like is said by the exercise.
"""

from __future__ import annotations

LEVEL_WORDS = ("could not tell", "weak", "fair", "good", "exceptional")
"""Level 0, for whoever did not see enough, to level 4."""
