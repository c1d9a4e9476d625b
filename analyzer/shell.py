"""Reads a command line as bash would: what runs, with which words, as whom, into which files.

Syntax comes from tree-sitter-bash; the wrappers in front of a program (sudo, env, nohup, time ...)
from `analyzer.wrappers`. Text that only mentions a command (a string, a comment, a heredoc, an
argument of echo) is never one. Nothing is run or expanded here, and nothing judged: what a program
means belongs to the rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import tree_sitter_bash
from tree_sitter import Language, Node, Parser, Tree

from analyzer.words import word
from analyzer.wrappers import Inner, unwrap

MAX_LENGTH = 64 * 1024
"""Characters of a line that are read; what is longer is data, not a command."""

_DEPTH = 150
_SCRIPTS = 4
_PARSER = Parser(Language(tree_sitter_bash.language()))

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """One redirection to or from a file; ``operator`` as written, such as ``>``, ``>>``, ``<``."""

    operator: str
    target: str

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
        text: Its source, wrappers included, as written.

    """

    argv: tuple[str, ...]
    operator: str = ""
    assignments: tuple[tuple[str, str], ...] = ()
    redirects: tuple[Redirect, ...] = ()
    stdin: str | None = None
    wrappers: tuple[str, ...] = ()
    run_as: str | None = None
    text: str = ""

    @property
    def program(self) -> str:
        """The program's name without its directory."""
        return self.argv[0].rsplit("/", 1)[-1] or self.argv[0]


def parse(text: str) -> tuple[SimpleCommand, ...]:
    """Return the simple commands of a command line, in the order in which they are written.

    Never raises; of what is not bash, as much as the grammar recovers.
    """
    return tuple(_commands(text, _SCRIPTS))


def incomplete(text: str) -> bool:
    """Whether bash would ask for more: an open quote, heredoc or block, a trailing backslash."""
    tail = len(text) - len(text.rstrip("\\"))
    return tail % 2 == 1 or (bool(text.strip()) and _parse(text).root_node.has_error)


def statements(text: str) -> list[str]:
    """Split lines that were pasted together into the statements that bash runs one by one.

    Statements that share a line stay together. A text that is not complete is left whole.
    """
    if "\n" not in text or incomplete(text):
        return [text]
    source = _source(text)
    lines = source.split(b"\n")
    parts: list[tuple[int, int]] = []
    for node in _parse(text).root_node.children:
        if not node.is_named:
            continue
        first, last = node.start_point.row, node.end_point.row
        if node.end_point.column == 0 and last > first:
            last -= 1
        if parts and first <= parts[-1][1]:
            parts[-1] = (parts[-1][0], max(last, parts[-1][1]))
        else:
            parts.append((first, last))
    texts = [b"\n".join(lines[first : last + 1]) for first, last in parts]
    return [part.decode("utf-8", "replace") for part in texts] or [text]


def _source(text: str) -> bytes:
    return text[:MAX_LENGTH].encode("utf-8", "replace")


def _parse(text: str) -> Tree:
    return _PARSER.parse(_source(text))


def _commands(text: str, scripts: int) -> Iterator[SimpleCommand]:
    for command in _walk(_parse(text).root_node, _DEPTH):
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
        return
    yield from _script(bare, inner, inner.script, scripts)


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
            text=outer.text,
        )


def _walk(node: Node, depth: int) -> Iterator[SimpleCommand]:
    """Yield the commands at and below a node, their own redirections attached."""
    if depth == 0 or node.type in {"function_definition", "heredoc_body", "comment"}:
        return
    match node.type:
        case "command" | "declaration_command" | "unset_command":
            yield from _command(node, depth)
        case "redirected_statement":
            yield from _redirected(node, depth)
        case _:
            yield from _children(node.children, depth)


def _children(nodes: Iterable[Node], depth: int) -> Iterator[SimpleCommand]:
    operator = ""
    for node in nodes:
        if not node.is_named:
            operator = node.type if node.type in {";", "&&", "||", "|", "|&", "&"} else operator
            continue
        for index, command in enumerate(_walk(node, depth - 1)):
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
    commands = [each for child in body for each in _walk(child, depth - 1)]
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
    for node in nodes:
        if node.type == "file_redirect":
            redirect, more = _file_redirect(node)
            redirects += redirect
            words += more
        elif node.type == "herestring_redirect":
            stdin = "".join(word(child) for child in node.children if child.is_named)
        else:
            for child in node.children:
                if child.type == "heredoc_body":
                    stdin = _text(child)
                elif child.type == "file_redirect":
                    redirect, more = _file_redirect(child)
                    redirects += redirect
                    words += more
                elif child.type in _ARGUMENTS:
                    words.append(word(child))
    yield replace(
        command,
        argv=(*command.argv, *words),
        redirects=(*command.redirects, *redirects),
        stdin=stdin,
    )


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
            for index, command in enumerate(_walk(child, depth - 1)):
                yield replace(command, operator=operator) if index == 0 else command


def _file_redirect(node: Node) -> tuple[list[Redirect], list[str]]:
    """Return the redirection, and words behind its target, which belong to the command."""
    operator = ""
    targets: list[str] = []
    for child in node.children:
        if child.type == "file_descriptor":
            continue
        if child.is_named:
            targets.append(word(child))
        elif not operator:
            operator = child.type
    if not targets:
        return [], []
    return [Redirect(operator=operator, target=targets[0])], targets[1:]


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
