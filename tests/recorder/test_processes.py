"""What `serve` starts imports the program, and nothing that lies where it was started."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from recorder import child
from recorder.probes import process
from recorder.seats import port


@pytest.mark.parametrize("command", [child.ARGV, port.COMMAND, process.COMMAND])
def test_a_file_of_the_users_stands_in_for_no_module(
    tmp_path: Path, command: Sequence[str]
) -> None:
    for name in ("secrets", "signal", "recorder"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('their own file was run')\n")
    done = subprocess.run(
        command, cwd=tmp_path, input="", capture_output=True, text=True, check=False, timeout=60
    )
    assert "their own file" not in done.stderr
