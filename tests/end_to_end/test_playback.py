"""A recording, converted, plays in stock asciinema and ends with the screen the candidate saw."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from analyzer.casts import copy_cast, to_v2
from tests.end_to_end.conftest import OpenTerminal
from tests.end_to_end.support.accounts import Account
from tests.end_to_end.support.hop import Hop
from tests.end_to_end.support.terminal import Terminal
from tests.end_to_end.support.waiting import wait_for

_COLOURS = (
    r"printf '\033[1;31mred\033[0m \033[48;5;24mblue\033[0m \033[38;2;9;99;200mtrue\033[0m\n'"
)


def colours_and_wide_characters(seat: Terminal) -> None:
    """Print what is not plain ASCII in one colour."""
    seat.run(_COLOURS)
    seat.run(r"printf '\346\274\242\345\255\227 e\314\201 \342\224\200\342\224\200|\n'")
    seat.run("ls --color=always -l / | head -5")


def back_from_the_editor(seat: Terminal) -> None:
    """Write a file, and be back at the prompt with the screen as it was."""
    _edit(seat)
    seat.enter(":wq")
    seat.prompt()
    seat.run("cat notes.txt")


def inside_the_editor(seat: Terminal) -> None:
    """Stay in the editor."""
    _edit(seat)


def inside_the_pager(seat: Terminal) -> None:
    """Stay in the middle of a file."""
    seat.enter("seq 1000 | less -R")
    seat.wait_for("^29$")
    seat.type(" ")
    seat.wait_for("^58$")
    seat.type("k")
    seat.wait_for("^29$")


def after_a_resize(seat: Terminal) -> None:
    """Have another size than at the start."""
    seat.resize(72, 20)
    seat.prompt()
    seat.run("seq 60")


def with_a_line_that_wraps(seat: Terminal) -> None:
    """Type more than fits on a line, and go back in it."""
    seat.type("echo " + "long " * 25)
    seat.key("C-a")
    seat.key("C-e")
    seat.type("end")
    seat.wait_for_cursor("end$")


def _edit(seat: Terminal) -> None:
    # Some builds show an escape in the corner for the second in which more could follow.
    seat.enter("vi -c 'set noshowcmd' notes.txt")
    seat.wait_for("^~$")
    seat.type("ifirst line")
    seat.key("Enter")
    seat.type("second line")
    seat.wait_for_cursor("second line$")
    seat.key("Escape")
    # The cursor leaves the end of the line as vi leaves its insert mode.
    seat.wait_for_cursor("second lin$")


SCENES = [
    colours_and_wide_characters, back_from_the_editor, inside_the_editor, inside_the_pager,
    after_a_resize, with_a_line_that_wraps,
]  # fmt: skip


@pytest.mark.parametrize("scene", SCENES, ids=lambda each: each.__name__)
def test_playing_it_ends_with_what_the_candidate_saw(
    hop: Hop, seat: Terminal, account: Account, open_terminal: OpenTerminal, tmp_path: Path,
    scene: Callable[[Terminal], None],
) -> None:  # fmt: skip
    if shutil.which("asciinema") is None:
        pytest.skip("asciinema is not installed")
    # What ssh itself asked before the recording began scrolls away.
    seat.run("seq 50")
    scene(seat)
    seen, coloured = _settled(seat)
    session = hop.session
    hop.stop()
    cast = tmp_path / "play.cast"
    with (session / "c1-1.cast").open("rb") as source, cast.open("wb") as out:
        out.writelines(to_v2(copy_cast(source)))

    player = open_terminal(seat.columns, seat.lines)
    play = 'asciinema cat "$0"; exec sleep 600'
    player.start(["env", f"HOME={tmp_path}", "sh", "-c", play, str(cast)])
    wait_for(lambda: player.screen() == seen, f"the screen\n{seen}", detail=player.screen)
    wait_for(lambda: player.colours() == coloured, "the colours", detail=player.colours)


def _settled(terminal: Terminal) -> tuple[str, str]:
    """Return the screen when it has stood still for a while."""
    looks: list[tuple[str, str]] = []

    def still() -> bool:
        looks.append((terminal.screen(), terminal.colours()))
        return len(looks) > 5 and len(set(looks[-5:])) == 1

    wait_for(still, "screen that stands still")
    return looks[-1]
