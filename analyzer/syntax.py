"""Walks a syntax tree of tree-sitter-bash: the simple commands in it, in the order written.

Part of `analyzer.shell`, which parses and looks behind wrappers. Text that only mentions a command
(a string, a comment, a heredoc) is never one; of what is not bash, as much as the grammar recovers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tree_sitter import Node

from analyzer.words import word

_DEPTH = 150
_LOOP_MOST = 200
"""Commands that the words of a loop may make of its body; a longer loop is read once."""

_ARGUMENTS = frozenset(
    {
        "word",
        "string",
        "raw_string",
        "ansi_c_string",
        "translated_string",
        "concatenation",
        "number",
        "simple_expansion",
        "expansion",
        "command_substitution",
        "process_substitution",
        "brace_expression",
        "arithmetic_expansion",
        "variable_name",
        "test_operator",
        "regex",
        "extglob_pattern",
    }
)
_REDIRECTS = frozenset({"file_redirect", "heredoc_redirect", "herestring_redirect"})


@dataclass(frozen=True, slots=True)
class Redirect:
    """One redirection to or from a file; ``operator`` as written, such as ``>``, ``>>``, ``<``.

    ``descriptor`` is the number in front of it, empty where there is none.
    """

    operator: str
    target: str
    descriptor: str = ""

    @property
    def writes(self) -> bool:
        """Whether the target is written."""
        return ">" in self.operator and not (self.operator == ">&" and self.target.isdigit())

    @property
    def appends(self) -> bool:
        """Whether what was in the target stays."""
        return ">>" in self.operator


@dataclass(frozen=True, slots=True, kw_only=True)
class SimpleCommand:
    """One program with its arguments.

    Attributes:
        argv: The words, unquoted, wrappers removed; never empty.
        operator: What joins it to the command before: empty for the first, else ``;``, ``&&``,
            ``||``, ``|``, ``|&``, ``&`` or a newline.
        assignments: Variables set for it alone, name and value.
        redirects: Files that it reads or writes.
        stdin: The body of a heredoc or herestring, as written.
        wrappers: Programs that stood in front of it, outermost first.
        run_as: The user that sudo, su or the like gives it; None for whoever typed it.
        elsewhere: The host or container that it runs in, if another program takes it there.
        text: Its source, wrappers included, as written.

    """

    argv: tuple[str, ...]
    operator: str = ""
    assignments: tuple[tuple[str, str], ...] = ()
    redirects: tuple[Redirect, ...] = ()
    stdin: str | None = None
    wrappers: tuple[str, ...] = ()
    run_as: str | None = None
    elsewhere: str | None = None
    text: str = ""

    @property
    def program(self) -> str:
        """The program's name without its directory."""
        return self.argv[0].rsplit("/", 1)[-1] or self.argv[0]


def walk(node: Node, depth: int = _DEPTH) -> Iterator[SimpleCommand]:
    """Yield the commands at and below a node, their own redirections attached."""
    if depth == 0 or node.type in {"function_definition", "heredoc_body", "comment"}:
        return
    match node.type:
        case "command" | "declaration_command" | "unset_command":
            yield from _command(node, depth)
        case "redirected_statement":
            yield from _redirected(node, depth)
        case "for_statement":
            yield from _loop(node, depth)
        case _:
            yield from _children(node.children, depth)


def _loop(node: Node, depth: int) -> Iterator[SimpleCommand]:
    """Yield the body of ``for x in a b``, once for each of the words."""
    body = list(_children(node.children, depth))
    name = node.child_by_field_name("variable")
    values = [word(child) for child in node.children_by_field_name("value")]
    if name is None or not 0 < len(values) * len(body) <= _LOOP_MOST:
        yield from body
        return
    variable = re.compile(rf"\$(?:{re.escape(_text(name))}\b|\{{{re.escape(_text(name))}\}})")
    for number, value in enumerate(values):
        for index, command in enumerate(body):
            operator = ";" if number and not index else command.operator
            yield replace(_with_value(command, variable, value), operator=operator)


def _with_value(command: SimpleCommand, variable: re.Pattern[str], value: str) -> SimpleCommand:
    def put(text: str) -> str:
        return variable.sub(lambda _: value, text)

    return replace(
        command,
        argv=tuple(put(each) for each in command.argv),
        redirects=tuple(replace(each, target=put(each.target)) for each in command.redirects),
    )


def _children(nodes: Iterable[Node], depth: int) -> Iterator[SimpleCommand]:
    operator = ""
    for node in nodes:
        if not node.is_named:
            operator = node.type if node.type in {";", "&&", "||", "|", "|&", "&"} else operator
            continue
        for index, command in enumerate(walk(node, depth - 1)):
            joined = operator or command.operator
            yield replace(command, operator=joined) if index == 0 else command
        operator = ";" if node.type not in {"comment", "heredoc_redirect"} else operator


def _command(node: Node, depth: int) -> Iterator[SimpleCommand]:
    words: list[str] = []
    assignments: list[tuple[str, str]] = []
    redirects: list[Node] = []
    nested: list[Node] = []
    for child in node.children:
        if child.type == "variable_assignment" and not words:
            assignments.append(_assignment(child))
        elif child.type in _REDIRECTS:
            redirects.append(child)
        elif child.type == "command_name":
            words.extend(word(each) for each in child.children[:1])
        elif child.is_named or child.type in {"export", "declare", "local", "readonly", "unset"}:
            words.append(word(child))
        nested.append(child)
    if words and any(words):
        base = SimpleCommand(
            argv=tuple(words), assignments=tuple(assignments), text=_text(node).strip()
        )
        yield from _with_redirects(base, redirects)
    yield from _substitutions(nested, depth - 1)


def _redirected(node: Node, depth: int) -> Iterator[SimpleCommand]:
    redirects = [child for child in node.children if child.type in _REDIRECTS]
    body = [child for child in node.children if child.type not in _REDIRECTS and child.is_named]
    commands = [each for child in body for each in walk(child, depth - 1)]
    if not body:
        # A redirection by itself opens its file, as the command that does nothing would.
        commands = [SimpleCommand(argv=(":",), text=_text(node).strip())]
    ends = {"pipeline", "list"}
    last_only = any(child.type in ends for child in body)
    for index, command in enumerate(commands):
        if last_only and index < len(commands) - 1:
            yield command
            continue
        whole = replace(command, text=_text(node).strip()) if len(commands) == 1 else command
        yield from _with_redirects(whole, redirects)
    for redirect in redirects:
        yield from _behind_heredoc(redirect, depth)
        yield from _substitutions([redirect], depth - 1)


def _with_redirects(command: SimpleCommand, nodes: list[Node]) -> Iterator[SimpleCommand]:
    redirects: list[Redirect] = []
    words: list[str] = []
    stdin: str | None = command.stdin
    for child in _redirections(nodes):
        if child.type == "file_redirect" and _is_herestring(child):
            stdin = "".join(word(each) for each in child.children if each.is_named)
        elif child.type == "file_redirect":
            redirect, more = _file_redirect(child)
            redirects += redirect
            words += more
        elif child.type == "herestring_redirect":
            stdin = "".join(word(each) for each in child.children if each.is_named)
        elif child.type == "heredoc_body":
            stdin = _text(child)
        elif child.type in _ARGUMENTS:
            words.append(word(child))
    yield replace(
        command,
        argv=(*command.argv, *words),
        redirects=(*command.redirects, *redirects),
        stdin=stdin,
    )


def _is_herestring(node: Node) -> bool:
    """Whether it is ``<<< word`` behind another redirection: the grammar splits its operator."""
    before = node.prev_sibling
    return before is not None and before.type == "ERROR" and before.text == b"<<"


def _redirections(nodes: list[Node]) -> Iterator[Node]:
    """Yield redirections; of a heredoc its body, and what the grammar hangs below it."""
    for node in nodes:
        if node.type == "heredoc_redirect":
            yield from node.children
        else:
            yield node


def _behind_heredoc(node: Node, depth: int) -> Iterator[SimpleCommand]:
    """Yield what follows ``<<EOF`` on its line: the grammar hangs it below the heredoc."""
    if node.type != "heredoc_redirect":
        return
    skipped = _REDIRECTS | _ARGUMENTS | {"heredoc_start", "heredoc_body", "heredoc_end"}
    operator = "|"
    for child in node.children:
        if child.type in {"&&", "||"}:
            operator = child.type
        if child.is_named and child.type not in skipped:
            for index, command in enumerate(walk(child, depth - 1)):
                yield replace(command, operator=operator) if index == 0 else command


def _file_redirect(node: Node) -> tuple[list[Redirect], list[str]]:
    """Return the redirection, and words behind its target, which belong to the command."""
    operator = descriptor = ""
    targets: list[str] = []
    for child in node.children:
        if child.type == "file_descriptor":
            descriptor = _text(child)
            continue
        if child.is_named:
            targets.append(word(child))
        elif not operator:
            operator = child.type
    if not targets:
        return [], []
    return [Redirect(operator, targets[0], descriptor)], targets[1:]


def _substitutions(nodes: Iterable[Node], depth: int) -> Iterator[SimpleCommand]:
    """Yield the commands inside ``$(...)``, backquotes and ``<(...)``."""
    if depth <= 0:
        return
    for node in nodes:
        if node.type in {"command_substitution", "process_substitution"}:
            yield from _children(node.children, depth - 1)
        elif node.type not in {"heredoc_body", "raw_string", "comment"}:
            yield from _substitutions(node.children, depth - 1)


def _assignment(node: Node) -> tuple[str, str]:
    value = node.child_by_field_name("value")
    name = node.child_by_field_name("name")
    return (_text(name) if name else "", word(value) if value else "")


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")
