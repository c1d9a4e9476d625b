"""Tells on which line of a TOML text a key stands, so that errors can name it.

The standard library's parser keeps no lines. This scans a text that it has already accepted, and
only as far as it takes to find keys: strings, comments and brackets are passed over. Values are
not read here.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Place = tuple[str | int, ...]
"""Keys and, in arrays of tables, positions from 0: ``("probe", 1, "port")``."""

_PART = re.compile(r"""\s*(?:([A-Za-z0-9_-]+)|"((?:[^"\\]|\\.)*)"|'([^']*)')\s*(\.)?""")
_DEEP = 20
_DEEPEST = 100
"""Tables and lists in each other, more than anything that is read here has."""

_LONG_KEY = re.compile(r"(?<![\w.-])(?:[\w-]+\.){20}")
_ENDLESS_KEY = re.compile(r"(?<![\w.-])(?:[\w-]+\.){500}")
"""What `tomllib` takes the square of its length for; no sentence has it either."""
_DELIMITERS = ('"' * 3, "'" * 3, '"', "'")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a file; ``line`` counts from 1, None where unknown."""

    file: str
    line: int | None
    key: str
    words: str

    def __str__(self) -> str:
        """Render as ``file:line: key: words``."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.key}: {self.words}" if self.key else f"{place}: {self.words}"


def read_toml(text: str) -> dict[str, Any]:
    """Return what a TOML text holds, nested no deeper than whatever looks into it can go.

    `tomllib` gives up at too many brackets, and at no number of dots in a key.

    Raises:
        ValueError: It is not TOML, or holds a number with too many digits.
        RecursionError: Tables or lists are nested deeper than anybody means.

    """
    if _ENDLESS_KEY.search(text):
        raise RecursionError("a key without an end")
    raw = tomllib.loads(text)
    layer: list[Any] = [raw]
    for _ in range(_DEEPEST):
        layer = [inner for each in layer for inner in _inside(each)]
        if not layer:
            return raw
    raise RecursionError(f"more than {_DEEPEST} tables or lists in each other")


def _inside(value: Any) -> Iterator[Any]:
    inner = value.values() if isinstance(value, dict) else value
    return (each for each in inner if isinstance(each, dict | list))


def lines_of(text: str) -> dict[Place, int]:
    """Return the line, from 1, of each table and key that has one of its own."""
    lines: dict[Place, int] = {}
    for line, table, names in _keys(text):
        if not names:
            lines.setdefault(table, line)
        for end in range(1, len(names) + 1):
            lines.setdefault(table + names[:end], line)
    return lines


def line_of(lines: Mapping[Place, int], place: Sequence[str | int]) -> int | None:
    """Return the line of a place, or of the innermost thing around it that has one.

    A table or an array that is only written as its parts has the line of the first of them.
    """
    for end in range(len(place), 0, -1):
        around = tuple(place[:end])
        if around in lines:
            return lines[around]
        if found := [line for known, line in lines.items() if known[:end] == around]:
            return min(found)
    return None


def real_place(raw: object, place: Sequence[str | int]) -> Place:
    """Take out of an error's place what is not in the document, such as names of union members.

    The last part stays: it may be a key that is missing.
    """
    kept: list[str | int] = []
    value: Any = raw
    for position, part in enumerate(place):
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            if position < len(place) - 1:
                continue
        kept.append(part)
    return tuple(kept)


def dotted(place: Sequence[str | int]) -> str:
    """Write a place as people do: ``probe[1].port``."""
    words = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return words.removeprefix(".")


def toml_fault(file: str, error: Exception, text: str) -> Fault:
    """Return the fault of a text that the standard library's parser refused.

    It is told at the statement in which the parser gave up: a string without an end is seen at the
    end of the document, and belongs to the key that it was begun for.
    """
    words = re.sub(r" \(at (line \d+, column \d+|end of document)\)$", "", str(error))
    match = re.search(r"\(at line (\d+), column (\d+)\)$", str(error))
    if isinstance(error, RecursionError):
        return _too_deep(file, text)
    if match is None and not str(error).endswith("(at end of document)"):
        return _refused_value(file, text, words)
    given_up = _offset(text, int(match[1]), int(match[2])) if match else len(text)
    line, key = _statement_at(text, given_up)
    return Fault(file, line, key, f"not TOML ({words})")


def _too_deep(file: str, text: str) -> Fault:
    at, what = _deep(text), "brackets in each other"
    if not at and (found := _LONG_KEY.search(text)):
        at, what = found.start(), "parts of a key"
    line, key = _statement_at(text, at)
    return Fault(file, line, key, f"not TOML that can be read (too many {what})")


def _refused_value(file: str, text: str, words: str) -> Fault:
    """Return the fault of a value that Python refused without saying where: a number too long."""
    found = re.search(r"\d{4000}", text.replace("_", "0"))
    if found is None:
        return Fault(file, None, "", f"not TOML that can be read ({words})")
    line, key = _statement_at(text, found.start())
    return Fault(file, line, key, "not TOML that can be read (a number with too many digits)")


def _deep(text: str) -> int:
    """Return where brackets are nested deeper than a person would; brackets in words count too."""
    depth = 0
    for found in re.finditer(r"[\[\]{}]", text):
        depth += 1 if found[0] in "[{" else -1
        if depth > _DEEP:
            return found.start()
    return 0


def _offset(text: str, line: int, column: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    return start + column - 1


def _statement_at(text: str, offset: int) -> tuple[int, str]:
    """Return the first line of the statement at an offset, and its key, as far as it has one.

    What follows the offset may be anything.
    """
    found, key = 1, ""
    for line, table, names in _keys(text[: offset + 1]):
        found, key = line, dotted(table + names)
    return found, key


def _keys(text: str) -> Iterator[tuple[int, Place, Place]]:
    """Give the line, the table and the key of each assignment; headers have no key."""
    counts: dict[Place, int] = {}
    table: Place = ()
    for line, statement in _statements(text):
        if not statement.startswith("["):
            yield line, table, _parts(statement)[0]
            continue
        names, _ = _parts(statement.lstrip("[ \t"))
        table = _resolve(names[:-1], counts) + names[-1:]
        if statement.startswith("[["):
            counts[table] = counts.get(table, -1) + 1
            table = (*table, counts[table])
        yield line, table, ()


def _resolve(names: Place, counts: Mapping[Place, int]) -> Place:
    """Add to a header's names the positions in the arrays that they pass through."""
    found: Place = ()
    for name in names:
        found = (*found, name)
        if found in counts:
            found = (*found, counts[found])
    return found


def _parts(text: str) -> tuple[Place, int]:
    """Read a dotted key; return its parts and where it ends."""
    names: list[str | int] = []
    position = 0
    while match := _PART.match(text, position):
        bare, quoted, literal, dot = match.groups()
        names.append(bare or (_unescape(quoted) if quoted is not None else literal))
        position = match.end()
        if not dot:
            break
    return tuple(names), position


def _unescape(quoted: str) -> str:
    try:
        return str(json.loads(f'"{quoted}"'))
    except ValueError:  # TOML has an escape, \\UXXXXXXXX, that JSON has not
        return quoted


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Give the first line of each header and each assignment, with its number."""
    position, line = 0, 1
    while position < len(text):
        end = _end_of_statement(text, position)
        statement = text[position:end]
        if (first := statement.strip()) and not first.startswith("#"):
            yield line, first.splitlines()[0]
        line += statement.count("\n")
        position = end


def _end_of_statement(text: str, position: int) -> int:
    """Return where the next statement begins: after a newline outside strings and brackets."""
    depth = 0
    # The brackets of a header close on its own line, so they need no care of their own.
    while position < len(text):
        character = text[position]
        if character == "#":
            position = _find(text, "\n", position)
            continue
        if character in "\"'":
            position = _end_of_string(text, position)
            continue
        depth += (character in "[{") - (character in "]}")
        position += 1
        if character == "\n" and depth <= 0:
            return position
    return position


def _end_of_string(text: str, position: int) -> int:
    delimiter = next(each for each in _DELIMITERS if text.startswith(each, position))
    position += len(delimiter)
    while position < len(text) and not text.startswith(delimiter, position):
        position += 2 if text[position] == "\\" and delimiter[0] == '"' else 1
    position += len(delimiter)
    # A multi-line string may end in up to two quotation marks of its own.
    while len(delimiter) > 1 and text.startswith(delimiter[0], position):
        position += 1
    return position


def _find(text: str, what: str, position: int) -> int:
    found = text.find(what, position)
    return len(text) if found < 0 else found
