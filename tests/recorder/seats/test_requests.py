from __future__ import annotations

import re
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.errors import RefusedRequestError
from recorder.seats.requests import Visit, parse_request, visit_of

_SHAPE = re.compile(
    r"|(watch( --sidebar)?|trace)( [A-Za-z0-9][A-Za-z0-9_-]{0,63})?"
    r"|(replay|card|debrief) [A-Za-z0-9][A-Za-z0-9_-]{0,63}"
)

WORDS = st.sampled_from(
    [
        "watch", "replay", "--sidebar", "latest", "k7", "home", "--home", "--home=/", "--db", "-h",
        "--", "--help", "..", "../x", "/etc/passwd", "a.cast", "$(id)", "`id`", ";", "|", "&&",
        "sh", "-c", "''", '"', "'", "\\", "\n", "\0", "--config", "--sidebar=1", "~", "*",
        "LATEST\t", "\u00e9", "\uff4b7",
    ]
)  # fmt: skip


@pytest.mark.parametrize(
    ("command", "visit"),
    [
        ("", Visit(verb="home")),
        ("   ", Visit(verb="home")),
        ("watch", Visit(verb="watch")),
        ("watch latest", Visit(verb="watch", session="latest")),
        ("watch 'k7'", Visit(verb="watch", session="k7")),
        ("watch --sidebar", Visit(verb="watch", sidebar=True)),
        ("watch --sidebar k7", Visit(verb="watch", session="k7", sidebar=True)),
        ("watch k7 --sidebar", Visit(verb="watch", session="k7", sidebar=True)),
        ("trace", Visit(verb="trace")),
        ("trace k7", Visit(verb="trace", session="k7")),
        ("replay k7", Visit(verb="replay", session="k7")),
        ("card k7", Visit(verb="card", session="k7")),
        ("debrief k7", Visit(verb="debrief", session="k7")),
    ],
)
def test_what_is_offered_is_understood(command: str, visit: Visit) -> None:
    assert parse_request(command) == visit
    assert visit_of(visit.words) == visit


@pytest.mark.parametrize(
    "command",
    [
        "sh", "bash -i", "scp -t /tmp", "sftp-server", "serve", "tags k7", "session purge k7",
        "watch $(id)", "watch ../../etc", "watch /etc/passwd", "watch --help", "watch -h",
        "watch a b", "watch --sidebar --sidebar", "watch --home /tmp", "watch --home=/tmp k7",
        "watch --db x", "watch --config x", "watch -- k7", "watch ''", "watch .", "watch *",
        "WATCH", "trace --json", "trace k7 --who x", "trace verify --head x", "trace k7 m2",
        "replay", "replay --sidebar", "replay --sidebar k7", "replay k7 --size 1x1",
        "replay x.cast", "debrief", "debrief --json k7", "debrief k7 --open", "debrief k7 b",
        "card", "card k7 --json", "card submit k7", "card -- k7", "card ../k7",
        "replay k7; id", "watch 'k7", "watch k7\n", "watch\nsh", "watch \x1b]0;x\x07", "--help",
        "jumpseat watch", "home", "x" * 10_000, "watch " + "k" * 65, "watch \uff4b7", "watch k7\0",
    ],
)  # fmt: skip
def test_all_else_is_refused_in_words_that_name_what_there_is(command: str) -> None:
    with pytest.raises(RefusedRequestError) as caught:
        parse_request(command)
    told = str(caught.value)
    assert all(each in told for each in ("watch", "--sidebar", "replay", "debrief"))
    assert told.isprintable()
    assert "k7" not in told


@given(st.text(max_size=220) | st.lists(WORDS, max_size=6).map(" ".join))
def test_no_command_becomes_words_of_another_shape(command: str) -> None:
    try:
        words = parse_request(command).words
    except RefusedRequestError:
        return
    assert _SHAPE.fullmatch(" ".join(words))
    assert parse_request(shlex.join(words)).words == words


@given(st.lists(WORDS | st.text(max_size=20), max_size=5))
def test_no_list_of_words_is_read_as_anything_else_either(given_words: list[str]) -> None:
    try:
        words = visit_of(given_words).words
    except RefusedRequestError:
        return
    assert sorted(words) == sorted(given_words)
    assert _SHAPE.fullmatch(" ".join(words))
