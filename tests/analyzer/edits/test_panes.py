"""An editor in a pane of a real tmux is read in its part of the screen."""

from __future__ import annotations

from tests.analyzer.edits.conftest import SeatFactory
from tests.analyzer.edits.seats import Seat, needs


def keys(seat: Seat, text: str) -> None:
    """Type a text of which each letter is to be seen behind those before it."""
    for end in range(1, len(text) + 1):
        seat.press(text[end - 1])
        seat.until(text[:end])


def test_what_vim_writes_in_a_pane_is_found(seat: SeatFactory) -> None:
    needs("tmux")
    needs("vim")
    started = seat(TMUX_TMPDIR="")
    (started.home / "notes").write_text("one\ntwo\n")
    bash = "env PS1='candidate@web01:\\w$ ' bash --norc --noprofile"
    started.run(f'tmux -S {started.home}/socket -f /dev/null new "{bash}"')
    started.until("[0]")
    started.until("web01:~$")
    keys(started, "vim notes")
    started.press("\r")
    started.until("All")
    started.press("o")
    started.until("INSERT")
    keys(started, "three")
    started.press("\x1b")
    started.until("2,5")
    keys(started, ":wq")
    started.press("\r")
    started.until("$ vim notes")
    keys(started, "echo back")
    started.press("\r")
    started.until("\nback")
    (edit,) = started.found()
    assert (edit.path, edit.saved, edit.added, edit.removed) == ("~/notes", "yes", ("three",), ())
    keys(started, "exit")
    started.press("\r")
    started.until("[exited]")
