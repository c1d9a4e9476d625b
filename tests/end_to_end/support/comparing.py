"""Two clients side by side: what one prints through the hop, and the other without it."""

from __future__ import annotations

import re
import subprocess
from typing import NamedTuple

from tests.end_to_end.support.client import SshClient

_PORT = re.compile(rb"(port |:)\d{4,5}\b")


class Printed(NamedTuple):
    """What a client printed and how it ended; ports, which must differ, are left out."""

    stdout: bytes
    stderr: bytes
    status: int


def printed(done: subprocess.CompletedProcess[bytes]) -> Printed:
    """Return what there is to compare of a run."""
    return Printed(done.stdout, _PORT.sub(rb"\1PORT", done.stderr), done.returncode)


def assert_same(through: SshClient, direct: SshClient, *words: str) -> Printed:
    """Run the same command by both; what is printed must be the same, and is returned."""
    expected = printed(direct.run(*words))
    shown = printed(through.run(*words))
    assert shown == expected, f"through the hop: {shown}\ndirect: {expected}"
    return expected
