"""What a seat over SSH may do in its own process, and as whom."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys
from recorder.control.client import ask
from recorder.control.messages import Close
from recorder.errors import ControlError
from recorder.home import Home
from pathlib import Path
import tui.seat.visit as visit

before = visit.sit_as
visit.take_terminal = lambda: None
visit.visit = lambda words: print(words)
sys.argv = ["visit", "alice:facilitator", "watch", "k7"]
try:
    visit.main()
except SystemExit as error:
    assert error.code is None
from recorder.control.permission import may_order
from recorder.trace.here import door, inside
from tui.person import actor, person, role
assert (person(), role(), door(), may_order()) == ("alice", "facilitator", "ssh", False)
assert actor("seat").door == "ssh"
with inside("seat"):
    assert door() == "ssh"
try:
    ask(Home(Path("/nowhere")), Close(session="k7"))
except ControlError as error:
    print(error)
"""


def test_an_interviewer_over_ssh_is_who_the_key_says_and_gives_no_orders() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "['watch', 'k7']",
        "over SSH sessions can be seen, not steered; ask whoever runs `jumpseat serve`",
    ]


@pytest.mark.parametrize("words", [["sh"], ["watch", "--home", "/"], ["replay", "/etc/passwd"]])
def test_words_are_checked_again_where_they_are_used(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    from tui.seat.visit import visit  # noqa: PLC0415 - beside the other test's own process

    assert visit(words) == 2
    assert "what can be had" in capsys.readouterr().err


def test_a_seat_that_nobody_of_ours_started_ends_at_once(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "tui.seat.visit", "mallory", "watch"],
        env={"JUMPSEAT_HOME": str(tmp_path)}, stdin=subprocess.DEVNULL, capture_output=True,
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")
