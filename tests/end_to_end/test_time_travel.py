"""A session that was really recorded is indexed while it runs, whatever happens to its index."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

from analyzer.index.build import ensure_indexed, index_path, is_indexed
from analyzer.index.file import UnusableIndexError
from analyzer.index.reader import IndexReader
from analyzer.playback import Playback
from tests.end_to_end.support.hop import Hop
from tests.end_to_end.support.recordings import verify
from tests.end_to_end.support.terminal import Terminal
from tests.end_to_end.support.waiting import wait_for


def place(session: Path) -> Path:
    path = index_path(session)
    assert path is not None
    return path


def covered(session: Path) -> int:
    """Return how many outputs and resizes the index of a growing session tells of."""
    try:
        with closing(IndexReader(session, place(session))) as index:
            return sum(each.steps for each in index.terminals)
    except UnusableIndexError:
        return 0


def text(playback: Playback, t: float) -> str:
    """Return the screen as tmux prints it."""
    frame = playback.at(t)
    assert frame is not None
    rows = ["".join(run.text for run in row).rstrip() for row in frame.rows]
    return "\n".join(rows).rstrip()


def every_output(playback: Playback) -> Iterator[float]:
    t = playback.next_output(-1.0)
    while t is not None:
        yield t
        t = playback.next_output(t)


def assert_same(session: Path, elsewhere: Path) -> None:
    """Compare all screens with those of a copy that lies in no home, and so has no index."""
    shutil.copytree(session, elsewhere)
    with closing(Playback(session)) as quick, closing(Playback(elsewhere)) as slow:
        assert quick.indexed
        assert not slow.indexed
        assert quick.terminals == slow.terminals
        assert quick.duration == slow.duration
        moments = list(every_output(slow))
        assert moments == list(every_output(quick))
        assert len(moments) > 20
        for t in [*moments, *reversed(moments)]:
            assert quick.at(t) == slow.at(t)


def work(seat: Terminal) -> None:
    """Fill the screen, edit a file, change the size."""
    seat.run("seq 400")
    seat.enter("seq 1000 | less -R")
    seat.wait_for("^29$")
    seat.type(" ")
    seat.wait_for("^58$")
    seat.type("q")
    seat.prompt()
    seat.resize(90, 25)
    seat.run("printf '\\033[1;31mred\\033[0m \\346\\274\\242\\n'")


def test_the_index_is_there_when_the_session_ends(hop: Hop, seat: Terminal, tmp_path: Path) -> None:
    work(seat)
    session = hop.session
    wait_for(lambda: covered(session) > 5, "growing index")
    seat.run("echo while live")
    with closing(Playback(session)) as live:
        assert live.live

        def shown() -> bool:
            live.refresh()
            return text(live, live.duration) == seat.screen().rstrip()

        wait_for(shown, "live screen", detail=lambda: text(live, live.duration))
    seen = seat.screen().rstrip()
    hop.stop()
    assert is_indexed(session)
    with closing(Playback(session)) as playback:
        assert playback.indexed
        last = playback.previous_output(playback.duration)
        assert last is not None
        # ssh's own words at the end are no output of the session.
        assert seen in {text(playback, t) for t in list(every_output(playback))[-5:]}
    assert_same(session, tmp_path / "copy")
    verify(hop.home, session)
    assert "index" not in (session / "manifest.json").read_text()


def followers(session: Path) -> list[int]:
    """Return the processes that follow a recording."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"analyzer.follower" in words and str(session).encode() in words:
            found.append(int(process.name))
    return found


def test_a_follower_that_is_killed_leaves_the_index_to_the_next(
    hop: Hop, seat: Terminal, tmp_path: Path
) -> None:
    work(seat)
    session = hop.session
    before = wait_for(lambda: covered(session), "growing index")
    (killed,) = followers(session)
    os.kill(killed, signal.SIGKILL)
    seat.run("echo after the kill")
    wait_for(lambda: followers(session) not in ([], [killed]), "another follower")
    assert covered(session) >= before
    wait_for(lambda: covered(session) > before, "index that goes on")
    hop.stop()
    assert_same(session, tmp_path / "copy")


def put_in_the_way(cache: Path, away: Path) -> None:
    """Put a file where the cache is, in which somebody may be at work at this moment."""

    def put() -> bool:
        with suppress(FileNotFoundError):
            cache.rename(away / str(len(list(away.iterdir()))))
        with suppress(IsADirectoryError):
            cache.write_text("in the way")
        return cache.is_file()

    away.mkdir()
    wait_for(put, "file in the way")


def test_a_cache_in_the_way_costs_nobody_anything(hop: Hop, seat: Terminal, tmp_path: Path) -> None:
    session = hop.session
    put_in_the_way(hop.home / "cache", tmp_path / "was-cache")
    work(seat)
    hop.stop()
    with closing(Playback(session)) as playback:
        assert not playback.indexed
        assert "red 漢" in text(playback, playback.duration)
    verify(hop.home, session)
    done = hop.jumpseat("commands", session.name)
    assert done.returncode == 0
    assert "seq 400" in done.stdout
    (hop.home / "cache").unlink()
    # Whoever comes next makes it: here the replay, as the commands are in the store already.
    assert ensure_indexed(session)
    assert_same(session, tmp_path / "copy")
