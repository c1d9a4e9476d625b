"""Odd values by a seed: names, words, sizes, and packets that are damaged.

A test prints its seed on failure, and the same seed gives the same values again. No connection and
no expectation belong here.
"""

from __future__ import annotations

import random

from asyncssh.packet import String, UInt32

ESCAPE = "jumpseat-fuzz-escaped"
"""Stands in each value that looks like a path: a file of that name anywhere is a find."""

NUMBER_LIMIT = 2**32 - 1

_WORDS = (
    b"",
    b"/",
    b"../../../../" + ESCAPE.encode(),
    b"/tmp/" + ESCAPE.encode(),
    b"..",
    b"\0",
    b"session.jsonl\0/../" + ESCAPE.encode(),
    b"c1-1.cast",
    b"manifest.json",
    b"\xff\xfe\x80",
    b"\xed\xa0\x80",
    "\u202e\u2028\u0085\ufeff".encode(),
    "🧑‍🚒".encode() * 40,
    b'\r\n{"event": "session-closed"}\n',
    b"\x1b]52;c;aGk=\x07\x1b[6n\x1b[31m",
    b"%s%n{0}$(true)`true`",
    b"'; true; \"",
    b"A" * 5_000,
    b"\0" * 20_000,
    b"\xff" * 20_000,
)
_UNITS = (
    b"-", b"-p", b"sudo ", b"sudo -", b"mysql -p ", b"curl -u ", b"http://a:", b"TOKEN", b"a",
    b"sudo -S; echo x", b"<<E\n", b"'", b"\\", b"read -", b"-----BEGIN ", b"PASSWORD=", b"x:y@",
)  # fmt: skip
_NUMBERS = (0, 1, 80, 65_535, 65_536, 10**9, 2**31 - 1, 2**31, NUMBER_LIMIT)


class Dice:
    """Values that one seed decides."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = random.Random(seed)

    def chance(self, share: float) -> bool:
        """Return True in so many of all cases, between 0 and 1."""
        return self.random.random() < share

    def word(self) -> bytes:
        """Return something that no name should be: a known nuisance, noise, or one thing often."""
        match self.random.randrange(4):
            case 0:
                return self.random.randbytes(self.random.randrange(200))
            case 1:
                unit = self.random.choice(_UNITS)
                return unit * (self.random.choice((40, 2_000, 25_000)) // len(unit))
            case _:
                return self.random.choice(_WORDS)

    def number(self) -> int:
        """Return a number of 32 bits, most often one at an edge."""
        if self.chance(0.3):
            return self.random.randrange(NUMBER_LIMIT + 1)
        return self.random.choice(_NUMBERS)

    def size(self) -> bytes:
        """Return the size of a window as a request has it: columns, lines, pixels each way."""
        return b"".join(UInt32(self.number()) for _ in range(4))

    def terminal(self) -> bytes:
        """Return the details of a request for a terminal."""
        return String(self.word()) + self.size() + String(self.word())

    def damaged(self, payload: bytes) -> bytes:
        """Return a payload cut short, flipped, lengthened, or with a length that lies."""
        kind = self.random.randrange(4)
        if not payload or kind == 0:
            return payload + self.random.randbytes(self.random.randrange(1, 40))
        if kind == 1:
            return payload[: self.random.randrange(len(payload))]
        place = self.random.randrange(len(payload))
        other = bytearray(payload)
        if kind == 2:
            other[place] ^= 1 << self.random.randrange(8)
        else:
            other[place : place + 4] = UInt32(self.number())
        return bytes(other)
