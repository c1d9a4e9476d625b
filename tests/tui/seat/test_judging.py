"""Tags are judged with one key each, and what was said stands beside them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from analyzer.judgements import Verdict, judge, judgements_of, of_tag
from recorder.errors import StoreError
from recorder.recording.journal import ChannelClosed, SessionClosed
from recorder.store.engine import open_engine
from recorder.store.migrations import prepare
from tests.tui.seat.recordings import RecordingBuilder
from tests.tui.seat.support import Seat, make_feed, run_replay
from tui.person import person
from tui.seat import unkept_words
from tui.seat.moments import Moment
from tui.seat.recording_feed import RecordingFeed
from tui.seat.words import unkept_verdict_line

LOST = StoreError("the disk is full", "make room")


async def go_to_tag(seat: Seat, count: int = 1) -> None:
    for _ in range(count):
        await seat.press("n")
    await seat.pass_time(0)


async def test_the_tag_that_was_reached_is_confirmed_rejected_and_left_alone_again() -> None:
    async with run_replay(size=(140, 40)) as seat:
        await go_to_tag(seat)
        await seat.press("y")
        await seat.until(lambda: seat.feed.said == [("t1", "confirmed")])
        await seat.until(lambda: "Apache was stopped  right" in seat.text)
        await seat.press("x")
        await seat.until(lambda: "Apache was stopped  wrong" in seat.text)
        await seat.press("u")
        await seat.until(lambda: "wrong" not in "".join(e.judged for e in seat.app.player.tags))
        assert seat.feed.said == [("t1", "confirmed"), ("t1", "rejected"), ("t1", "withdrawn")]


async def test_the_chosen_row_is_judged_and_not_the_one_that_was_reached() -> None:
    async with run_replay(size=(140, 40)) as seat:
        await go_to_tag(seat)
        await seat.press("t", "down", "down", "x")
        await seat.until(lambda: bool(seat.feed.said))
        assert seat.feed.said == [("t3", "rejected")]
        await seat.until(lambda: "unknown  wrong" in seat.text)
        chosen = seat.app.side.tags.highlighted_moment
        assert chosen is not None
        assert chosen.id == "t3"


async def test_what_is_said_quickly_is_kept_in_order() -> None:
    async with run_replay() as seat:
        await go_to_tag(seat)
        await seat.press(*"yxyxy")
        await seat.until(lambda: len(seat.feed.said) == 5)
        assert [verdict for _, verdict in seat.feed.said] == [
            "confirmed", "rejected", "confirmed", "rejected", "confirmed",
        ]  # fmt: skip


async def test_in_a_narrow_terminal_a_word_says_which_tag_it_was() -> None:
    async with run_replay() as seat:
        await go_to_tag(seat, 2)
        await seat.press("x")
        await seat.until(lambda: "wrong: Upgraded packages (01:00)" in seat.text)


async def test_before_the_first_tag_and_without_a_word_there_is_nothing_to_say() -> None:
    async with run_replay() as seat:
        await seat.press("y")
        await seat.until(lambda: "there is no tag up to here" in seat.text)
        await go_to_tag(seat)
        await seat.press("u")
        await seat.until(lambda: "you said nothing of this tag" in seat.text)
        assert seat.feed.said == []


async def test_what_cannot_be_kept_is_said_and_not_shown_as_kept() -> None:
    feed = make_feed(not_judged=LOST)
    async with run_replay(feed, size=(140, 40)) as seat:
        await go_to_tag(seat)
        await seat.press("y")
        await seat.until(lambda: "the disk is full" in seat.text)
        assert not any(each.judged for each in seat.app.player.tags)


async def test_what_could_not_be_kept_to_the_end_is_told_to_whoever_started_it() -> None:
    feed = make_feed(not_judged=LOST)
    async with run_replay(feed) as seat:
        await go_to_tag(seat)
        await seat.press("y")
        await seat.until(lambda: "the disk is full" in seat.text)
        feed.not_judged = None
        await seat.press("y")
        await seat.until(lambda: bool(feed.said))
        feed.not_judged = LOST
        await go_to_tag(seat)
        await seat.press(*"yx")
        seat.app.exit()
    assert unkept_words(seat.app) == [
        "not kept: 01:00 Upgraded packages: wrong (the disk is full)",
    ]


@pytest.mark.parametrize(
    ("verdict", "label", "words"),
    [
        ("confirmed", "", "not kept: 00:12 Apache was stopped: right"),
        ("withdrawn", "", "not kept: 00:12 Apache was stopped: taken back"),
        (
            "relabelled",
            "Apache failed",
            "not kept: 00:12 Apache was stopped: other, is: Apache failed",
        ),
    ],
)
def test_a_line_says_what_was_said_of_which_tag(verdict: Verdict, label: str, words: str) -> None:
    row = Moment(id="t1", t=12.0, words="Apache was stopped", outcome="")
    assert unkept_verdict_line((row,), "t1", verdict, label) == words
    hidden = unkept_verdict_line((), "t\x1b1", verdict, label)
    assert hidden.startswith("not kept: tag t")
    assert "\x1b" not in hidden


async def test_what_was_said_before_is_shown() -> None:
    feed = make_feed()
    feed.found = replace(feed.found, judged={"t2": "rejected"})
    async with run_replay(feed, size=(140, 40)) as seat:
        await seat.until(lambda: "failed  wrong" in seat.text)


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    with RecordingBuilder(tmp_path / "s1") as made:
        made.terminal(0.5)
        for t, text in ((1.0, "candidate@web01:~$ "), (2.1, "sudo systemctl stop apache2")):
            made.output(t, text.encode())
        made.input(2.0, "sudo systemctl stop apache2")
        made.input(3.0, "\r")
        made.output(3.1, b"\r\ncandidate@web01:~$ ")
        made.write(ChannelClosed(t=98.0, connection=1, channel=1))
        made.write(SessionClosed(t=99.0, reason="closed"))
    return tmp_path / "s1"


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    made = open_engine(f"sqlite:///{tmp_path}/store.db")
    prepare(made)
    return made


def test_the_feed_keeps_what_the_viewer_says_and_shows_nobody_elses(
    recording: Path, engine: Engine
) -> None:
    feed = RecordingFeed(recording, engine)
    feed.open()
    tag = next(each for each in feed.findings().tags if each.signal == "apache-stopped")
    judge(engine, "s1", [of_tag(tag, "confirmed")], "somebody else")
    assert feed.findings().judged == {}
    feed.judge(tag.id, "rejected")
    assert feed.findings().judged == {tag.id: "rejected"}
    assert [(e.who, e.verdict) for e in judgements_of(engine, "s1")] == [
        ("somebody else", "confirmed"),
        (person(), "rejected"),
    ]
    feed.close()
    engine.dispose()


def test_of_a_file_the_feed_keeps_nothing(recording: Path, engine: Engine) -> None:
    feed = RecordingFeed(recording, None)
    with pytest.raises(StoreError, match="a file is in none"):
        feed.judge("apache-stopped-c1", "rejected")
    feed.close()
    engine.dispose()
