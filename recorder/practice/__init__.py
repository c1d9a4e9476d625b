"""The practice server: a training ground that looks like an old Ubuntu server.

The names are imported when they are asked for, because the sandbox's first process is a Python that
imports its own modules of this package as root and must carry nothing else with it (no asyncssh).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recorder.practice.server import PracticeServer

__all__ = ["PracticeServer"]


def __getattr__(name: str) -> type[PracticeServer]:
    """Import the server on first use (PEP 562)."""
    if name != "PracticeServer":
        raise AttributeError(name)
    from recorder.practice.server import PracticeServer  # noqa: PLC0415 (see the docstring)

    return PracticeServer
