"""The small types of the rules' language: expressions, names, durations, and what each part shares.

Part of `analyzer.signals.schema`. No pattern and no rule belongs here.
"""

from __future__ import annotations

import re
import warnings
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
)

_DURATION = re.compile(r"(\d{1,6})(s|m|h)")
_SECONDS = {"s": 1, "m": 60, "h": 3600}
_LONGEST = 7 * 24 * 3600


def _regex(value: str) -> str:
    if not value.startswith("@"):
        try:
            with warnings.catch_warnings():
                # What Python only warns of means something else in its next version.
                warnings.simplefilter("error", FutureWarning)
                re.compile(value)
        except (re.error, FutureWarning, OverflowError, RecursionError) as error:
            raise ValueError(f"not a regular expression ({error})") from error
    return value


def _duration(value: object) -> float:
    """Return the seconds that "90s", "3m" or "1h" stand for."""
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    seconds = int(match[1]) * _SECONDS[match[2]] if match else 0
    if not 0 < seconds <= _LONGEST:
        raise ValueError('a duration is written like "90s", "3m" or "1h", a week at most')
    return float(seconds)


Regex = Annotated[str, AfterValidator(_regex)]
"""A regular expression of Python's, or ``@name`` of a list."""
Regexes = tuple[Regex, ...]
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,63}$")]
Words = Annotated[str, Field(min_length=1)]
Duration = Annotated[
    float,
    BeforeValidator(_duration),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{1,6}[smh]$", "examples": ["3m"]}),
]
"""Seconds; written like "3m"."""


def kebab(name: str) -> str:
    """Return a field's name as the file has it."""
    return name.rstrip("_").replace("_", "-")


class Part(BaseModel):
    """What every table has: no unknown keys, names with hyphens."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=kebab,
        populate_by_name=True,
        use_attribute_docstrings=True,
    )
