"""Whether an account's terminals show what is typed, as the kernel has it.

Some programs print their question before they switch the echo off: what comes in between is shown
to everybody, and no recorder can tell it from other text.
"""

from __future__ import annotations

import os
import termios
from contextlib import suppress
from pathlib import Path

from tests.end_to_end.support.accounts import Account
from tests.end_to_end.support.waiting import wait_for

_LOCAL_MODES = 3


def wait_for_no_echo(account: Account) -> None:
    """Wait until none of the account's terminals echoes."""
    wait_for(lambda: not any(map(_echoes, _terminals(account))), "terminal without echo")


def _terminals(account: Account) -> list[Path]:
    found = []
    for path in Path("/dev/pts").iterdir():
        # Others' terminals come and go meanwhile.
        with suppress(FileNotFoundError):
            if path.name.isdigit() and path.stat().st_uid == account.uid:
                found.append(path)
    return found


def _echoes(terminal: Path) -> bool:
    descriptor = os.open(terminal, os.O_RDWR | os.O_NOCTTY)
    try:
        return bool(termios.tcgetattr(descriptor)[_LOCAL_MODES] & termios.ECHO)
    finally:
        os.close(descriptor)
