"""A recording's copy plays in asciinema-player, in a browser, as the candidate saw it."""

from __future__ import annotations

import io
import json
import re
from itertools import pairwise
from pathlib import Path

import pytest

from analyzer.playback import Playback
from recorder.home import Home
from tests.end_to_end.support.web_player import WebPlayer, fetched_player, open_player
from tests.support.programs import record_programs
from tui.export.copies import Copies

pytestmark = pytest.mark.end_to_end

_DRAWN = re.compile("[\u2500-\u259f]")
"""Lines and blocks: the player draws them as shapes beside the text."""


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record_programs(Home(tmp_path_factory.mktemp("home")).ensure())


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fetched_player(tmp_path_factory.mktemp("player"))


@pytest.fixture(scope="module")
def cast(recording: Path) -> str:
    with Copies(directory=recording, kind="cast") as copies:
        return b"".join(copies.lines(copies.one(None), lambda _: None)).decode()


def rows_of(playback: Playback, t: float) -> list[str]:
    frame = playback.at(t)
    assert frame is not None
    rows = ("".join(run.text for run in row) for row in frame.rows)
    return [_DRAWN.sub(" ", row).rstrip() for row in rows]


def events_of(cast: str) -> list[tuple[float, str, str]]:
    found, t = [], 0.0
    for line in io.StringIO(cast):
        if line.startswith("["):
            interval, code, data = json.loads(line)
            t += interval
            found.append((t, code, data))
    return found


def moments(cast: str) -> list[float]:
    """Return times in the middle of pauses, in seconds since the cast's start.

    Not between a resize and the next clear: what a resize does to the lines that are there is each
    terminal's own (this player brings scrolled-off lines back, others do not).
    """
    found, settled = [], True
    for (t, code, data), (following, _, _) in pairwise(events_of(cast)):
        settled = code != "r" and (settled or "\x1b[2J" in data)
        if settled and following - t > 1e-5:
            found.append((t + following) / 2)
    return found


def test_every_pause_shows_the_same_rows(recording: Path, bundle: Path, cast: str) -> None:
    playback = Playback(recording)
    opened = playback.terminals[0].opened
    seen: list[str] = []
    with open_player() as player:
        duration = player.load(bundle, cast)
        assert duration == pytest.approx(events_of(cast)[-1][0], abs=1e-3)
        for t in moments(cast):
            assert drawn(player, t) == rows_of(playback, opened + t), t
            seen += rows_of(playback, opened + t)
        assert player.rows_at("100%") == rows_of(playback, playback.duration)
        assert any("60" in row for row in player.rows_at("100%"))
        assert player.faults == []
        assert all(url.startswith("file:") for url in player.requests)
    playback.close()
    for words in ("100", "a note in vim", "café 漢字", "PID USER", "step 3"):
        assert any(words in row for row in seen), words


def test_playing_it_ends_with_the_last_screen(
    recording: Path, bundle: Path, cast: str, tmp_path: Path
) -> None:
    playback = Playback(recording)
    with open_player() as player:
        player.load(bundle, cast)
        assert player.play_to_the_end() == rows_of(playback, playback.duration)
        picture = player.page.screenshot(path=tmp_path / "player.png")
        assert player.faults == []
    playback.close()
    assert len(picture) > 5_000


def drawn(player: WebPlayer, t: float) -> list[str]:
    return [_DRAWN.sub(" ", row).rstrip() for row in player.rows_at(t)]
