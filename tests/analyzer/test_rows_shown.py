"""What is kept of screens that full-screen programs had."""

from __future__ import annotations

from analyzer.rows_shown import PAUSE, RowsShown
from analyzer.terminal import Terminal
from recorder.recording.events import Logged, Output, Place
from recorder.recording.journal import ChannelClosed


def test_a_screen_that_is_gone_is_looked_at_once_more_and_then_forgotten() -> None:
    rows, terminal = RowsShown(), Terminal(20, 3)
    terminal.feed(b"\x1b[?1049hError: no room")
    place = Place(file="c1-1.cast", offset=7)
    rows.after(Output(t=1.0, place=place, connection=1, channel=1, data=b""), terminal)
    closed = Logged(t=1.01, place=place, entry=ChannelClosed(t=1.01, connection=1, channel=1))
    assert rows.before(1.01, closed) == []
    assert [line.text for line in rows.before(2.0)] == ["Error: no room"]
    assert [line.t for line in rows.before(2.1)] == []
    assert not rows.waits
    assert PAUSE < 1
