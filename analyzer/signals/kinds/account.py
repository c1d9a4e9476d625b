"""Whose account a command is about: the candidate's own, or somebody else's.

Part of `analyzer.signals.kinds.command`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from analyzer.commands.run import Run
from analyzer.signals.arguments import input_of, split
from analyzer.signals.patterns import CommandPattern

_NAMED = re.compile(r"([A-Za-z_][\w.-]*):")


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Who is behind a terminal: the user and host that they logged in to, as far as known."""

    user: str | None
    host: str | None


def is_owners(
    pattern: CommandPattern, valued: Collection[str], run: Run, index: int, owner: Owner
) -> bool:
    """Whether the command is about the account that the candidate logged in to."""
    if pattern.account is None:
        return True
    if owner.host and run.command.host and owner.host != run.command.host:
        return False
    accounts = _accounts(pattern, valued, run, index)
    if accounts is None:
        return run.command.depth == 0
    return owner.user is None or owner.user in accounts


def _accounts(
    pattern: CommandPattern, valued: Collection[str], run: Run, index: int
) -> set[str] | None:
    """Return the accounts that a command names, or whoever runs it; None if nobody knows."""
    command = run.simple[index]
    if pattern.account_from == "input":
        return set(_NAMED.findall(input_of(run.simple, index)))
    operands = split(command, valued).operands
    if operands:
        last = pattern.account_from == "last-argument"
        return {operands[-1 if last else 0]}
    user = command.run_as or run.command.user
    return {user} if user else None
