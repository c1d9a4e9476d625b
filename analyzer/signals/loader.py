"""Reads a rules file: every fault at once, each with file, line and key.

The shipped rules lie in the package's data, else at the top of the source tree.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from analyzer.signals.schema import Pattern, Rules
from recorder.errors import JumpseatError

_HEADER = re.compile(r"\s*\[\[?\s*([\w.\-\"]+)\s*\]?\]")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a rules file; ``line`` counts from 1, None where unknown."""

    file: str
    line: int | None
    key: str
    words: str

    def __str__(self) -> str:
        """Render as ``file:line: key: words``."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.key}: {self.words}" if self.key else f"{place}: {self.words}"


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
        match = re.search(r"line (\d+)", str(error))
        line = int(match.group(1)) if match else None
        raise RulesError((Fault(file, line, "", f"not TOML ({error})"),)) from error
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
    key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).lstrip(".")
    name = _signal_id(raw, loc)
    shown = f"{name}: {key}" if name else key
    return Fault(file, _line_of(text, loc), shown, words.removeprefix("Value error, "))


def _signal_id(raw: Any, loc: tuple[str | int, ...]) -> str:
    try:
        found = raw["signal"][loc[1]]["id"] if loc[0] == "signal" else ""
    except (KeyError, IndexError, TypeError):
        return ""
    return str(found)


def _line_of(text: str, loc: tuple[str | int, ...]) -> int | None:
    """Return the line of a key, or of the innermost table around it that has a line of its own."""
    lines = text.splitlines()
    start, end = 0, len(lines)
    line: int | None = None
    path = ""
    for position, part in enumerate(loc):
        if isinstance(part, int):
            continue
        path = f"{path}.{part}" if path else str(part)
        index = loc[position + 1] if position + 1 < len(loc) else 0
        wanted = index if isinstance(index, int) else 0
        heads = [n for n in range(start, end) if _is_header(lines[n], path)]
        if wanted < len(heads):
            line, start = heads[wanted], heads[wanted] + 1
            end = heads[wanted + 1] if wanted + 1 < len(heads) else end
            continue
        key = re.compile(rf"\s*(?:[\w\-]+\.)*\"?{re.escape(str(part))}\"?\s*[=.]")
        hit = next((n for n in range(start, end) if key.match(lines[n])), None)
        if hit is not None:
            line = hit
    return None if line is None else line + 1


def _is_header(line: str, path: str) -> bool:
    match = _HEADER.match(line)
    return match is not None and match.group(1) == path
