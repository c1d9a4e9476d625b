"""What it is called when a look does not get its answer, in the same words each time.

The words are compared with those of the look before: a port number of ours or a moment in them
would make every look a change.
"""

from __future__ import annotations

import os
import ssl
from dataclasses import dataclass
from typing import Literal

_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no answer; the journal's `Probe` says what each outcome means."""

    outcome: Literal["refused", "timeout", "unreachable", "broken"]
    cause: str | None = None


def network_failure(error: OSError) -> Failure:
    """Name an error of a connection."""
    match error:
        case TimeoutError():
            return Failure("timeout")
        case ConnectionRefusedError():
            return Failure("refused")
        case ssl.SSLError():
            return Failure("broken", f"no TLS ({shown(error.reason or 'closed')})")
        case ConnectionError():
            return Failure("broken", "it closed the connection without an answer")
        case _:
            # asyncio writes words of its own, with addresses; the system's are the same always.
            known = error.errno is not None and error.errno > 0
            return Failure("unreachable", os.strerror(error.errno or 0) if known else None)


def shown(words: str) -> str:
    """Return what the target said as it may be recorded: printable ASCII, not long."""
    return "".join(c if " " <= c <= "~" else "?" for c in words)[:_LONGEST]
