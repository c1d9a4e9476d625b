"""A human hand: when the keys come, and which of them are wrong at first.

Everything is drawn from a seed, so that a session is typed alike each time.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from bench.played.script import Key, keys_of

_BESIDE = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj",
    "i": "uo", "j": "hk", "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o",
    "q": "wa", "r": "et", "s": "ad", "t": "ry", "u": "yi", "v": "cb", "w": "qe", "x": "zc",
    "y": "tu", "z": "x",
}  # fmt: skip
_NOTICED_AFTER = 3
"""How many further keys a slip may take until it is seen."""

_QUICK, _SLOW = 0.03, 0.11
"""Seconds between two keys that are really waited for."""

_LONGEST_THOUGHT = 75.0


class Hand:
    """One person's way of typing."""

    def __init__(self, seed: str, slips: float = 0.0, thought: float = 7.0) -> None:
        self._random = random.Random(seed)
        self.slips = slips
        self.thought = thought

    def delay(self) -> float:
        """Return seconds to the next key."""
        return self._random.uniform(_QUICK, _SLOW)

    def pondering(self) -> float:
        """Return seconds that somebody looks at the screen before the next line."""
        return min(self._random.lognormvariate(0.0, 0.9) * self.thought, _LONGEST_THOUGHT)

    def strokes(self, text: str) -> Iterator[str | Key]:
        """Yield the keys of a text, with slips that are seen and taken back."""
        keys = list(keys_of(text))
        place = 0
        while place < len(keys):
            key = keys[place]
            wrong = self._slip(key)
            if not wrong:
                yield key
                place += 1
                continue
            after = self._blind(keys, place + 1)
            yield wrong
            yield from after
            yield from [Key("BSpace")] * (1 + len(after))

    def _slip(self, key: str | Key) -> str | None:
        if isinstance(key, Key) or key not in _BESIDE or self._random.random() >= self.slips:
            return None
        return self._random.choice(_BESIDE[key])

    def _blind(self, keys: list[str | Key], place: int) -> list[str | Key]:
        """Return the plain keys that come before a slip is seen."""
        found: list[str | Key] = []
        for key in keys[place : place + self._random.randrange(_NOTICED_AFTER)]:
            if isinstance(key, Key):
                break
            found.append(key)
        return found
