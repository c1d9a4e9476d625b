"""Which programs of a command line decide its exit status, and how it is made of them.

bash's rule: a pipeline's status is its last command's, a list's that of what ran last in it. Blocks
and functions decide nothing that can be told from outside. Only structure; what a program says is
`analyzer.commands.speech`'s.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import tree_sitter_bash
from tree_sitter import Language, Node, Parser

from analyzer.shell import SimpleCommand, parse

_PARSER = Parser(Language(tree_sitter_bash.language()))
_LENGTH = 8192
_MOST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A pipeline of a command line.

    Attributes:
        operator: What joins it to what stands before: empty, ``;``, ``&&``, ``||``.
        command: Its last command, whose status counts; None for assignments and for blocks.
        plain: It is a command or an assignment, not a block.
        fed: Programs before the last of the pipeline.
        targets: Files that its redirections name.
        hides_errors: Its error output goes elsewhere.
        hides_output: Its output goes elsewhere.
        negated: ``!`` stands before it.
        background: ``&`` stands behind it.

    """

    operator: str
    command: SimpleCommand | None
    plain: bool = True
    fed: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    hides_errors: bool = False
    hides_output: bool = False
    negated: bool = False
    background: bool = False

    @property
    def names(self) -> frozenset[str]:
        """The program and what stands in front of it."""
        if self.command is None:
            return frozenset()
        return frozenset({self.command.program, *self.command.wrappers})


@lru_cache(maxsize=256)
def steps(text: str) -> tuple[Step, ...]:
    """Return the pipelines of a command line in order; empty where it cannot be told."""
    if len(text) > _LENGTH:
        return ()
    root = _PARSER.parse(text.encode("utf-8", "replace")).root_node
    if root.has_error:
        return ()
    found: list[Step] = []
    operator = ""
    for child in root.children:
        if child.type in {";", "&", "\n"}:
            if child.type == "&" and found:
                found[-1] = replace(found[-1], background=True)
            operator = ";"
        elif child.type not in {"comment", "heredoc_body"}:
            found += _read(child, operator or (";" if found else ""))
            operator = ";"
    return tuple(found) if len(found) <= _MOST else ()


def _read(node: Node, operator: str, depth: int = 0) -> list[Step]:
    if depth > _MOST:
        return [Step(operator=operator, command=None, plain=False)]
    depth += 1
    if node.type == "list":
        left, joint, right = node.children[0], node.children[1], node.children[-1]
        return [*_read(left, operator, depth), *_read(right, joint.type, depth)]
    if node.type == "redirected_statement":
        return _redirected(node, operator, depth)
    if node.type == "negated_command":
        *before, last = _read(node.children[-1], operator, depth)
        return [*before, replace(last, negated=True)]
    if node.type == "pipeline":
        *fed, end = [child for child in node.children if child.is_named]
        *before, step = _read(end, operator, depth)
        if before:
            return [Step(operator=operator, command=None, plain=False)]
        names = tuple(command.program for each in fed for command in parse(_source(each)))
        return [replace(step, fed=names)]
    return [_single(node, operator)]


def _redirected(node: Node, operator: str, depth: int) -> list[Step]:
    *before, last = _read(node.children[0], operator, depth)
    targets: list[str] = []
    errors = output = False
    for child in node.children[1:]:
        source = _source(child)
        if child.type != "file_redirect" or "<" in source:
            continue
        errors |= source.startswith(("2>", "&>")) and not source.startswith("2>&1")
        errors |= source.startswith("2>&1") and output
        output |= source.startswith((">", "1>", "&>"))
        targets.append(_source(child.children[-1]).strip("'\""))
    # Bash's grammar here hangs redirections of a list's last command on the whole list.
    step = replace(
        last,
        targets=(*last.targets, *targets),
        hides_errors=last.hides_errors or errors,
        hides_output=last.hides_output or output,
    )
    return [*before, step]


def _single(node: Node, operator: str) -> Step:
    if node.type in {"variable_assignment", "variable_assignments"}:
        return Step(operator=operator, command=None)
    if node.type not in {"command", "declaration_command", "unset_command", "test_command"}:
        return Step(operator=operator, command=None, plain=False)
    inner = parse(_source(node))
    own = [command for command in inner if command.argv[0] not in {"", None}]
    if not own:
        return Step(operator=operator, command=None, plain=node.type != "test_command")
    scripted = len(own) > 1 and "-c" in _source(node).split()
    return Step(operator=operator, command=own[-1] if scripted else own[0])


def _source(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")
