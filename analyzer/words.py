"""One word of bash, unquoted: what the program gets, as far as that is known without expansion.

Part of `analyzer.shell`; works on nodes of tree-sitter-bash. Variables and substitutions stay as
written.
"""

from __future__ import annotations

import re

from tree_sitter import Node

_DEPTH = 60
_ESCAPED = re.compile(r"\\(\n|.)", re.DOTALL)
_ESCAPED_IN_QUOTES = re.compile(r"\\([$`\"\\\n])")
_ANSI_C = re.compile(r"\\(x[0-9A-Fa-f]{1,2}|[0-7]{1,3}|u[0-9A-Fa-f]{1,4}|.)", re.DOTALL)
_ANSI_NAMES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "e": "\x1b", "0": "\0"}


def word(node: Node, depth: int = _DEPTH) -> str:
    """Return a word node's text with its quotes and escapes removed."""
    text = (node.text or b"").decode("utf-8", "replace")
    match node.type:
        case "raw_string":
            return text[1:-1] if text.endswith("'") and len(text) > 1 else text.lstrip("'")
        case "string":
            inner = text[1:-1] if text.endswith('"') and len(text) > 1 else text.lstrip('"')
            return _ESCAPED_IN_QUOTES.sub(_literal, inner)
        case "ansi_c_string":
            # bash ends such a string at NUL.
            return _ANSI_C.sub(_ansi_c, text[2:-1]).partition("\0")[0]
        case "word" | "command_name" | "extglob_pattern":
            return _ESCAPED.sub(_literal, text)
        case "concatenation" if depth > 0:
            return "".join(word(child, depth - 1) for child in node.children)
        case _:
            return text


def _literal(match: re.Match[str]) -> str:
    return "" if match.group(1) == "\n" else match.group(1)


def _ansi_c(match: re.Match[str]) -> str:
    code = match.group(1)
    if code in _ANSI_NAMES:
        return _ANSI_NAMES[code]
    if code[0] in "xu" and len(code) > 1:
        # Half of a surrogate pair is no character: neither the grammar nor a store takes it.
        return chr(int(code[1:], 16)).encode("utf-8", "replace").decode()
    return chr(int(code, 8) & 0xFF) if code[0] in "01234567" else code
