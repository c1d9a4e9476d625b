"""Code that runs in a process of its own: it may fork, import anew, or end."""

from __future__ import annotations

import subprocess
import sys


def run_code(code: str, *args: str) -> subprocess.CompletedProcess[str]:
    """Run Python code with arguments; return how it ended and what it printed."""
    return subprocess.run(
        [sys.executable, "-c", code, *args],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
