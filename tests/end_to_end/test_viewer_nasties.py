"""The real replay on a real terminal, of a recording full of what terminals act on."""

from __future__ import annotations

from pathlib import Path

from recorder.home import Home
from tests.end_to_end.test_viewer_safety import Viewer, assert_only_text, kinds, text_of
from tests.tui.seat.recordings import RecordingBuilder
from tests.tui.seat.test_hostile_screens import NASTIES


def replayed(home: Home, name: str, outputs: tuple[bytes, ...]) -> bytes:
    """Record outputs, one a second, look at each in the replay, and return all that it wrote."""
    with RecordingBuilder(home.recording(name)) as builder:
        builder.terminal(0.0)
        for second, output in enumerate(outputs, 1):
            builder.output(float(second), output)
        builder.output(len(outputs) + 1.0, b"\x1bc\x1b[0mthe-end-of-it")
        builder.close(len(outputs) + 2.0)
    viewer = Viewer(home, "replay", name)
    viewer.wait_for("Commands")
    viewer.insist("\x1b[F", "the-end-of-it")
    for _ in range(len(outputs) + 1):
        viewer.child.send(",")
        viewer.read()
    viewer.wait_for("00:01")
    viewer.insist("\x1b[F", "the-end-of-it")
    viewer.child.send("q")
    return viewer.end()


def test_every_nasty_is_looked_at_and_none_reaches_the_viewers_terminal(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").ensure()
    attack = replayed(home, "attack", NASTIES)
    ordinary = replayed(home, "ordinary", (b"harmless words\r\n",) * len(NASTIES))
    assert kinds(attack) - kinds(ordinary) == set()
    assert_only_text(attack)
    # A title is text above the screen, and no longer than that is wide.
    assert "T" * 200 not in text_of(attack)
