"""Reads a rules file: every fault at once, each with file, line and key."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from analyzer.signals.checks import Found, faults_of, laid_over
from analyzer.signals.places import rules_path, team_path
from analyzer.signals.schema import Rules
from recorder.errors import JumpseatError
from recorder.toml_lines import Fault, Place, dotted, line_of, lines_of, read_toml, toml_fault


class RulesError(JumpseatError):
    """A rules file cannot be used; ``faults`` holds all that is wrong with it."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        super().__init__(f"{faults[0]}{more}", "mend the rules file")
        self.faults = faults


@cache
def shipped_rules() -> Rules:
    """Return the shipped rules.

    Raises:
        RulesError: They cannot be read.

    """
    return load_rules(rules_path())


def active_rules() -> Rules:
    """Return the rules that hold here: the shipped ones, with the team's file laid over them.

    Which file that is, a process learns by its environment, as it learns the store.

    Raises:
        RulesError: A file cannot be read, or something in it is wrong.

    """
    path = team_path()
    return shipped_rules() if path is None else rules_with(path)


def rules_with(path: Path) -> Rules:
    """Return the shipped rules with a team's file laid over them.

    Raises:
        RulesError: A file cannot be read, or something in it is wrong.

    """
    text = _read(path)
    return _over_shipped(text, str(path))


def check_team(path: Path) -> Rules:
    """Read a team's file, or one that stands alone as the shipped one does.

    Raises:
        RulesError: It cannot be read, or something in it is wrong.

    """
    return load_rules(path) if path.resolve() == rules_path() else rules_with(path)


@lru_cache(maxsize=4)
def _over_shipped(text: str, file: str) -> Rules:
    base = shipped_rules()
    return laid_over(base, parse_rules(text, file, base))


def load_rules(path: Path) -> Rules:
    """Read a rules file.

    Raises:
        RulesError: It cannot be read, or something in it is wrong.

    """
    return parse_rules(_read(path), str(path))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise RulesError((Fault(str(path), None, "", f"cannot be read ({reason})"),)) from error


def parse_rules(text: str, file: str, base: Rules | None = None) -> Rules:
    """Read the text of a rules file.

    Args:
        text: Its content.
        file: What it is called in faults.
        base: The rules that it is to be laid over, if it is a team's.

    Raises:
        RulesError: Something in it is wrong.

    """
    try:
        raw = read_toml(text)
    except (ValueError, RecursionError) as error:
        raise RulesError((toml_fault(file, error, text),)) from error
    try:
        rules = Rules.model_validate(raw)
        found = faults_of(rules, base)
    except ValidationError as error:
        rules, found = None, [*_malformed(error), *_beside(raw, error, base)]
    if rules is None or found:
        lines = lines_of(text)
        faults = [_fault(lines, file, raw, loc, words) for loc, words in found]
        raise RulesError(tuple(sorted(faults, key=lambda fault: fault.line or 0)))
    return rules


def _malformed(error: ValidationError) -> list[Found]:
    """Return what is malformed, but for what only follows from something inside it."""
    places = [item["loc"] for item in error.errors()]
    return [
        (item["loc"], item["msg"])
        for item in error.errors()
        if item["type"] != "too_short"
        or not any(
            len(each) > len(item["loc"]) and each[: len(item["loc"])] == item["loc"]
            for each in places
        )
    ]


def _beside(raw: dict[str, Any], error: ValidationError, base: Rules | None) -> list[Found]:
    """Look also at the signals that are well-formed, so that all faults are named at once."""
    places = [item["loc"] for item in error.errors()]
    bad = {place[1] for place in places if place[:1] == ("signal",) and len(place) > 1}
    if len(bad) == 0 or any(place[:1] != ("signal",) or len(place) == 1 for place in places):
        return []
    kept = [number for number in range(len(raw["signal"])) if number not in bad]
    try:
        rules = Rules.model_validate(raw | {"signal": [raw["signal"][n] for n in kept]})
    except ValidationError:
        return []
    names = {f"there is no signal {_signal_id(raw, ('signal', n))}" for n in bad}
    return [
        ((place[0], kept[int(place[1])], *place[2:]), words)
        for place, words in faults_of(rules, base)
        if place[:1] == ("signal",) and len(place) > 1 and words not in names
    ]


def _fault(
    lines: dict[Place, int], file: str, raw: Any, loc: tuple[str | int, ...], words: str
) -> Fault:
    key = dotted(loc)
    name = _signal_id(raw, loc)
    shown = f"{name}: {key}" if name else key
    return Fault(file, line_of(lines, loc), shown, words.removeprefix("Value error, "))


def _signal_id(raw: Any, loc: tuple[str | int, ...]) -> str:
    try:
        found = raw["signal"][loc[1]]["id"] if loc[0] == "signal" else ""
    except (KeyError, IndexError, TypeError):
        return ""
    return str(found)
