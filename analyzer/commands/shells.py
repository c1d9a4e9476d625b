"""The shells and interpreters that stand in each other on one terminal.

A stack: the login shell below, what sudo -i, su, ssh or an interpreter opened above it. It says
where a prompt belongs: to the shell on top, to a new one, or to one below whose child has ended.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from analyzer.commands.prompts import REPLS, Identity, is_repl_prompt, learned
from analyzer.shell import SimpleCommand

_SHELLS = frozenset({"bash", "sh", "dash", "zsh", "ksh", "fish", "rbash"})
_INSIDE = frozenset({"ssh", "chroot", "su", "login", "script", "nsenter", "unshare", "machinectl"})
_CONTAINERS = frozenset({"docker", "podman", "kubectl", "lxc"})
_LEAVES = frozenset({"exit", "logout", "quit", "\\q", ".exit"})
_NOT_LOGGED_IN = re.compile(
    r"^ssh: |Permission denied|Connection (?:closed|refused|timed out)|Host key verification failed"
)


@dataclass(slots=True)
class Shell:
    """One shell or interpreter; ``prompt`` is the one that it showed last."""

    kind: Literal["command", "repl"]
    prompt: str
    identity: Identity
    marked: bool
    """Whether it announces its prompts by switching bracketed paste on."""
    leaving: bool = False
    known: set[str] = field(default_factory=set)


def opens_shell(simple: tuple[SimpleCommand, ...]) -> bool:
    """Whether a command line may end in a shell that has prompts of its own."""
    return any(_opens(command) for command in simple)


def _opens(command: SimpleCommand) -> bool:
    program, arguments = command.program, command.argv[1:]
    if program == "sudo":
        return not any(word in {"-l", "-v", "-k", "-K", "-e", "--edit"} for word in arguments)
    if program in _SHELLS:
        return all(word.startswith("-") for word in arguments)
    if program in _CONTAINERS:
        return "exec" in arguments or "run" in arguments or "shell" in arguments
    # A service's script is named like the program that it controls.
    return program in _INSIDE and not command.argv[0].startswith("/etc/init.d/")


def opens_repl(simple: tuple[SimpleCommand, ...]) -> bool:
    """Whether a command line may end at the prompt of an interpreter or a database."""
    return any(command.program.split(".")[0] in REPLS for command in simple)


def leaves_shell(simple: tuple[SimpleCommand, ...], text: str) -> bool:
    """Whether a command line ends the shell that it is typed into."""
    last = simple[-1].program if simple else text.strip().rstrip(";")
    return last in _LEAVES or text.strip().rstrip(";()") in _LEAVES


def nested(
    below: Shell, prompt: str, identity: Identity, lines: tuple[str, ...], program: str
) -> bool:
    """Whether a prompt after a command that may open a shell is the new shell's."""
    if learned(below.prompt).fullmatch(prompt) or identity == below.identity:
        if program == "ssh":
            return bool(lines) and not any(_NOT_LOGGED_IN.search(line) for line in lines)
        return program in _SHELLS and not lines
    return not identity.same_shell(below.identity) or identity.user is None


def owner(shells: list[Shell], prompt: str, identity: Identity) -> int:
    """Return the index of the shell whose prompt this is, given that nothing new was opened."""
    top = len(shells) - 1
    if shells[top].leaving:
        return max(0, top - 1)
    if shells[top].kind == "repl":
        return _below_repl(shells, prompt, identity)
    if _fits(shells[top], prompt, identity):
        return top
    for index in range(top - 1, -1, -1):
        if identity.user and shells[index].identity.user and _fits(shells[index], prompt, identity):
            return index
    return top


def _below_repl(shells: list[Shell], prompt: str, identity: Identity) -> int:
    top = len(shells) - 1
    if prompt in shells[top].known or (is_repl_prompt(prompt) and prompt != shells[top - 1].prompt):
        return top
    for index in range(top - 1, -1, -1):
        if _fits(shells[index], prompt, identity):
            return index
    return top


def _fits(shell: Shell, prompt: str, identity: Identity) -> bool:
    if learned(shell.prompt).fullmatch(prompt):
        return True
    if identity.user is None:
        return shell.identity.user is None and identity.root == shell.identity.root
    return identity.same_shell(shell.identity)
