"""The schema's complaints in words for whoever wrote the file, who knows TOML and no Python.

Only words. Where something stands, the loader says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic_core import ErrorDetails

_PLAIN = {
    "extra_forbidden": "unknown key",
    "missing": "is missing",
    "union_tag_not_found": "is missing",
    "int_type": "must be a whole number, without quotes",
    "int_from_float": "must be a whole number, without quotes",
    "string_type": 'must be text, in "quotes"',
    "bool_type": "must be true or false, without quotes",
    "model_type": "must be a table, [in brackets] on a line of its own",
    "model_attributes_type": "must be a table, [[in two brackets]] on a line of its own",
    "dict_type": "must be a table, [in brackets] on a line of its own",
    "tuple_type": "must be a list: [in brackets], or for tables [[in two]] above each",
}

_PATTERNS = {
    r"^[a-z][a-z0-9-]{0,62}$": "must be small letters, digits and hyphens, a letter first",
    r"^[^\x00-\x1f\x7f]+$": "must be one line of text",
    r"^[a-z_][a-z0-9_-]{0,30}$": "must be a user's name: small letters, digits, hyphens",
    r"^/[!-~]{0,500}$": "must be a path that begins with /",
    r"^[A-Za-z0-9.-]{1,253}$": "must be the name of a host",
}
"""The schema's expressions, by what they ask for."""


def words_of(item: ErrorDetails) -> str:
    """Return what is wrong with one value; what is not known here keeps the library's words."""
    kind: str = item["type"]
    if kind in _PLAIN:
        return _PLAIN[kind]
    return _with_figures(kind, item.get("ctx", {}), item) or str(item["msg"])


def _with_figures(kind: str, context: Mapping[str, Any], item: ErrorDetails) -> str:
    """Return the words of complaints that name a limit, empty for others."""
    match kind:
        case "greater_than_equal":
            return f"must be at least {context['ge']}"
        case "less_than_equal":
            return f"must be at most {context['le']}"
        case "string_too_short":
            least = context["min_length"]
            return "is empty" if least == 1 else f"must have at least {least} characters"
        case "string_too_long":
            return f"must have at most {context['max_length']} characters"
        case "string_pattern_mismatch":
            return _PATTERNS.get(context["pattern"], "")
        case "literal_error":
            return f"must be {context['expected']}"
        case "union_tag_invalid":
            return f"must be one of {context['expected_tags']}"
        case "too_short" | "too_long":
            return _entries(context, item["input"])
        case _:
            return ""


def _entries(context: Mapping[str, Any], given: object) -> str:
    wanted = context.get("min_length", context.get("max_length"))
    count = len(given) if isinstance(given, list) else context["actual_length"]
    side = "at least" if count < int(str(wanted)) else "at most"
    return f"must have {side} {wanted} entries, not {count}"
