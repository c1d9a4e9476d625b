"""Reads a command line as bash would: what runs, with which words, as whom, into which files.

Syntax comes from tree-sitter-bash (`analyzer.syntax`); the wrappers in front of a program (sudo,
env, nohup, time ...) from `analyzer.wrappers`. Nothing is run or expanded here but the words of a
loop, and nothing judged: what a program means belongs to the rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import tree_sitter_bash
from tree_sitter import Language, Parser, Tree

from analyzer.carriers import Carried, carried
from analyzer.stand_ins import StandIns
from analyzer.syntax import Redirect, SimpleCommand, walk
from analyzer.wrappers import Inner, unwrap

__all__ = ["MAX_LENGTH", "Redirect", "SimpleCommand", "incomplete", "parse", "statements"]

MAX_LENGTH = 64 * 1024
"""Characters of a line that are read; what is longer is data, not a command."""

_SCRIPTS = 4
"""Scripts within scripts that are read."""

_HEREDOC = re.compile(r"(?<!<)<<-?[ \t]*(['\"]?)([A-Za-z_][\w.-]*)\1")
_MOST_HEREDOCS = 8

_COSTLY = (("|", 1000), ("<<", 500))
"""What the grammar's cost grows with faster than with the length, and how many of it are read."""

_MOST = 2000
"""Commands of one line that are told."""

_PARSER = Parser(Language(tree_sitter_bash.language()))


def parse(text: str) -> tuple[SimpleCommand, ...]:
    """Return the simple commands of a command line, in the order in which they are written.

    Never raises; of what is not bash, as much as the grammar recovers.
    """
    plain = StandIns(_ended(_readable(text)))
    found = islice(_commands(plain.text, _SCRIPTS), _MOST)
    return tuple(plain.read_back(command) for command in found)


def _readable(text: str) -> str:
    """Return as much of a line as the grammar reads in time: it grows with the square of these."""
    text = text[:MAX_LENGTH]
    for costly, most in _COSTLY:
        if text.count(costly) > most:
            text = costly.join(text.split(costly, most)[:most])
    return text


def _ended(text: str) -> str:
    """End a heredoc of which only the beginning is known, as bash does at the end of its input."""
    if "\n" not in text or "<<" not in text:
        return text
    ends = {line.lstrip("\t") for line in text.split("\n")[1:]}
    words = list(dict.fromkeys(match[2] for match in _HEREDOC.finditer(text)))[:_MOST_HEREDOCS]
    return text + "".join(f"\n{word}" for word in words if word not in ends)


def incomplete(text: str) -> bool:
    """Whether bash would ask for more: an open quote, heredoc or block, a trailing backslash."""
    tail = len(text) - len(text.rstrip("\\"))
    return tail % 2 == 1 or (
        bool(text.strip()) and _parse(StandIns(_readable(text)).text).root_node.has_error
    )


def statements(text: str) -> list[str]:
    """Split lines that were pasted together into the statements that bash runs one by one.

    Statements that share a line stay together. A text that is not complete is left whole.
    """
    if "\n" not in text or incomplete(text):
        return [text]
    text = _readable(text)
    lines = text.split("\n")
    parts: list[tuple[int, int]] = []
    for node in _parse(StandIns(text).text).root_node.children:
        if not node.is_named:
            continue
        first, last = node.start_point.row, node.end_point.row
        if node.end_point.column == 0 and last > first:
            last -= 1
        if parts and first <= parts[-1][1]:
            parts[-1] = (parts[-1][0], max(last, parts[-1][1]))
        else:
            parts.append((first, last))
    return ["\n".join(lines[first : last + 1]) for first, last in parts] or [text]


def _parse(text: str) -> Tree:
    return _PARSER.parse(text.encode())


def _commands(text: str, scripts: int) -> Iterator[SimpleCommand]:
    for command in walk(_parse(text).root_node):
        yield from _unwrapped(command, scripts)


def _unwrapped(command: SimpleCommand, scripts: int) -> Iterator[SimpleCommand]:
    inner = unwrap(command.argv)
    bare = replace(
        command,
        argv=inner.argv,
        assignments=(*command.assignments, *inner.assignments),
        wrappers=(*command.wrappers, *inner.wrappers),
        run_as=inner.run_as or command.run_as,
    )
    if inner.script is None or scripts == 0:
        yield bare
        if scripts:
            yield from _carried(bare, scripts)
        return
    yield from _script(bare, inner, inner.script, scripts)


def _carried(outer: SimpleCommand, scripts: int) -> Iterator[SimpleCommand]:
    """Yield what ssh, docker exec, find -exec and the like run, behind themselves."""
    for each in carried(outer.argv):
        for index, command in enumerate(_within(each, scripts)):
            yield replace(
                command,
                operator=command.operator if index else "",
                wrappers=(*outer.wrappers, outer.program, *command.wrappers),
                run_as=command.run_as or each.run_as or (None if each.elsewhere else outer.run_as),
                elsewhere=command.elsewhere or each.elsewhere or outer.elsewhere,
                text=outer.text,
            )


def _within(each: Carried, scripts: int) -> Iterator[SimpleCommand]:
    if each.script is not None:
        yield from _commands(each.script, scripts - 1)
    else:
        yield from _unwrapped(SimpleCommand(argv=each.argv), scripts - 1)


def _script(
    outer: SimpleCommand, inner: Inner, script: str, scripts: int
) -> Iterator[SimpleCommand]:
    found = list(_commands(script, scripts - 1))
    if not found:
        yield outer
        return
    for index, each in enumerate(found):
        yield replace(
            each,
            operator=each.operator if index else outer.operator,
            assignments=(*outer.assignments, *each.assignments),
            redirects=(*each.redirects, *outer.redirects),
            stdin=each.stdin if each.stdin is not None else outer.stdin,
            wrappers=(*outer.wrappers, *each.wrappers),
            run_as=each.run_as or inner.run_as or outer.run_as,
            elsewhere=each.elsewhere or outer.elsewhere,
            text=outer.text,
        )
