"""Reads a rules file: every fault at once, each with file, line and key.

The shipped rules lie in the package's data, else at the top of the source tree.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from analyzer.signals.schema import Pattern, Rules
from recorder.errors import JumpseatError
from recorder.toml_lines import Fault, dotted, line_of, lines_of, toml_fault


class RulesError(JumpseatError):
    """A rules file cannot be used; ``faults`` holds all that is wrong with it."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        super().__init__(f"{faults[0]}{more}", "mend the rules file")
        self.faults = faults


def rules_path() -> Path:
    """Return the shipped rules: the wheel's own, else the source tree's."""
    package = Path(__file__).resolve().parent.parent
    packed = package / "_signals.toml"
    return packed if packed.is_file() else package.parent / "signals.toml"


@cache
def shipped_rules() -> Rules:
    """Return the shipped rules.

    Raises:
        RulesError: They cannot be read.

    """
    return load_rules(rules_path())


def load_rules(path: Path) -> Rules:
    """Read a rules file.

    Raises:
        RulesError: It cannot be read, or something in it is wrong.

    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise RulesError((Fault(str(path), None, "", f"cannot be read ({reason})"),)) from error
    return parse_rules(text, str(path))


def parse_rules(text: str, file: str) -> Rules:
    """Read the text of a rules file; ``file`` is named in faults.

    Raises:
        RulesError: Something in it is wrong.

    """
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise RulesError((toml_fault(file, error),)) from error
    try:
        rules = Rules.model_validate(raw)
    except ValidationError as error:
        found = [_fault(text, file, raw, item["loc"], item["msg"]) for item in error.errors()]
        raise RulesError(tuple(found)) from error
    faults = [_fault(text, file, raw, loc, words) for loc, words in _beyond_types(rules)]
    if faults:
        raise RulesError(tuple(faults))
    return rules


def _beyond_types(rules: Rules) -> list[tuple[tuple[str | int, ...], str]]:
    """Find what is well-formed one by one and wrong together."""
    found: list[tuple[tuple[str | int, ...], str]] = []
    seen: Counter[str] = Counter()
    for index, signal in enumerate(rules.signal):
        seen[signal.id] += 1
        if seen[signal.id] > 1:
            found.append((("signal", index, "id"), f"{signal.id} is defined twice"))
        for kind, patterns in (("when", signal.when), ("after", signal.after)):
            for number, pattern in enumerate(patterns):
                place = ("signal", index, kind, number)
                found += [((*place, key), words) for key, words in _unknown_lists(pattern, rules)]
    for name, entries in rules.lists.items():
        if any(entry.startswith("@") for entry in entries):
            found.append((("lists", name), "a list cannot hold another"))
    return found


def _unknown_lists(pattern: Pattern, rules: Rules) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    lists: dict[str, tuple[str, ...]] = {
        "greeting": pattern.greeting,
        "settled": pattern.settled,
        "ok": pattern.ok,
        "failed": pattern.failed,
        "pending": pattern.pending,
    }
    if command := pattern.command:
        lists |= {
            "verb": command.verb,
            "arguments": command.arguments,
            "options": command.options,
            "without-options": command.without_options,
            "files": command.files,
            "destination": command.destination,
            "writes": command.writes,
        }
    for key, entries in lists.items():
        found += [
            (key, f"there is no list {entry[1:]}")
            for entry in entries
            if entry.startswith("@") and entry[1:] not in rules.lists
        ]
    return found


def _fault(text: str, file: str, raw: Any, loc: tuple[str | int, ...], words: str) -> Fault:
    key = dotted(loc)
    name = _signal_id(raw, loc)
    shown = f"{name}: {key}" if name else key
    return Fault(file, line_of(lines_of(text), loc), shown, words.removeprefix("Value error, "))


def _signal_id(raw: Any, loc: tuple[str | int, ...]) -> str:
    try:
        found = raw["signal"][loc[1]]["id"] if loc[0] == "signal" else ""
    except (KeyError, IndexError, TypeError):
        return ""
    return str(found)
