"""Reads a rules file: every fault at once, each with file, line and key.

The shipped rules lie in the package's data, else at the top of the source tree.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from analyzer.signals.checks import faults_of
from analyzer.signals.schema import Rules
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
    faults = [_fault(text, file, raw, loc, words) for loc, words in faults_of(rules)]
    if faults:
        raise RulesError(tuple(faults))
    return rules


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
