"""Exit statuses that a prompt shows, on its left or at the right edge, where that was borne out.

A number in a prompt may be anything. It is a status once it was 0 after a command that surely went
well and not 0 after two that surely failed, and never otherwise. Only fish's own form needs no
proof.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from analyzer.records import Outcome

_NUMBER = re.compile(r"(?<![\w.:/~-])\d{1,3}(?![\w.:/-])")
_FISH = re.compile(r" \[(\d{1,3})\]> ?\Z")
_MOST = 8
_HIGHEST = 255


@dataclass(slots=True)
class _Proof:
    went_well: int = 0
    failed: int = 0
    wrong: int = 0

    @property
    def holds(self) -> bool:
        return self.went_well > 0 and self.failed > 1 and self.wrong == 0


class ShownStatus:
    """Learns which number of a terminal's prompts is the exit status."""

    def __init__(self) -> None:
        self._proofs: dict[str, _Proof] = {}
        self._values: dict[str, int] = {}

    def read(self, prompt: str, right: str) -> int | None:
        """Return the status that this prompt shows, None where none is known to be shown."""
        self._values = {**_numbers("left", prompt), **_numbers("right", right)}
        if match := _FISH.search(prompt):
            return int(match.group(1))
        for place, value in self._values.items():
            if (proof := self._proofs.get(place)) and proof.holds:
                return value
        return None

    def learn(self, outcome: Outcome) -> None:
        """Compare the prompt that was read last with how the command before it surely went."""
        if outcome not in {"ok", "failed"}:
            return
        for place, value in self._values.items():
            proof = self._proofs.setdefault(place, _Proof())
            if (value == 0) != (outcome == "ok"):
                proof.wrong += 1
            elif outcome == "ok":
                proof.went_well += 1
            else:
                proof.failed += 1


def _numbers(side: str, text: str) -> dict[str, int]:
    """Return the numbers of a prompt by their places, counted from the left and from the right."""
    found = [int(match.group()) for match in _NUMBER.finditer(text)][:_MOST]
    return {f"{side} {index}": value for index, value in enumerate(found) if value <= _HIGHEST}
