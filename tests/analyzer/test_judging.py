"""Which tag a person means, and what they are told where that is not plain."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.judging import checked_label, find_tag, parse_stretch
from analyzer.models.words import ACTIVITIES, TOPICS
from analyzer.records import Phase, Tag
from recorder.errors import UsageError
from tui.cli.output import moment
from tui.cli.times import parse_time


def a_tag(signal: str, t: float, place: str = "") -> Tag:
    return Tag(
        id=f"{signal}-c1-1-{place or f'{int(t * 1000):012d}'}",
        signal=signal,
        topic="flow",
        t=t,
        until=None,
        outcome="unknown",
        confidence=1.0,
        detector="rule",
        evidence=(),
    )


TAGS = (
    a_tag("stuck", 60.0),
    a_tag("stuck", 723.46),
    a_tag("stuck", 723.81),
    a_tag("apt-update", 90.0),
    a_tag("used-sudo", 90.04),
)


def find(words: str) -> Tag:
    return find_tag(TAGS, words, parse_time, moment)


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("stuck-c1-1-000000060000", 0),
        ("stuck-c1-1-00000006", 0),
        ("apt", 3),
        ("used-sudo", 4),
        ("stuck@1:00", 0),
        ("stuck@60", 0),
        ("stuck@12:03.4", 1),
        ("stuck@12:03.8", 2),
        ("stuck@0:12:03.8", 2),
        ("apt-update@1:30", 3),
        ("apt-update@1:30.9", 3),
    ],
)
def test_a_tag_is_named_by_id_its_beginning_or_signal_and_time(words: str, place: int) -> None:
    assert find(words) is TAGS[place]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("stuck", r"'stuck' may be any of stuck@1:00\.0 \(stuck-c1-1-000000060000\), stuck@12:03"),
        ("stuck-c1-1-000000723", "may be any of"),
        ("stuck@20:00", r"no tag 'stuck@20:00'; near it: stuck@12:03\.8"),
        ("stuk@1:00", r"near it: stuck@1:00\.0"),
        ("nonsense@1:31", r"near it: used-sudo@1:30\.0 .*, apt-update@1:30\.0"),
        ("apt-updaet", r"near it: apt-update@1:30\.0"),
        ("zzz", "no tag 'zzz'; name it by an id"),
        ("", "no tag ''"),
        ("stuck@soon", "not a time: 'soon'"),
    ],
)
def test_what_is_no_tag_is_answered_with_what_comes_near(words: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        find(words)


@given(st.text(max_size=40))
def test_whatever_is_written_finds_a_tag_or_says_why_not(words: str) -> None:
    with contextlib.suppress(UsageError):
        assert find(words) in TAGS


@given(st.sampled_from(TAGS), st.integers(1, 40))
def test_a_beginning_finds_its_tag_or_is_called_too_short(tag: Tag, length: int) -> None:
    try:
        found = find(tag.id[:length])
    except UsageError as error:
        assert "may be any of" in str(error)  # noqa: PT017 - either way is right
    else:
        assert found.id == tag.id


def test_times_as_tables_show_them_find_their_tag() -> None:
    for tag in TAGS:
        assert find(f"{tag.signal}@{moment(tag.t)}") is tag


def test_another_signal_must_be_one_and_another() -> None:
    tag, signals = TAGS[0], ("stuck", "rabbit-hole")
    assert checked_label(tag, "rabbit-hole", signals) == "rabbit-hole"
    with pytest.raises(UsageError, match="no signal 'rabit-hole'; near it: rabbit-hole"):
        checked_label(tag, "rabit-hole", signals)
    with pytest.raises(UsageError, match="is stuck already"):
        checked_label(tag, "stuck", signals)


PHASES = (
    Phase(start=0.0, until=600.0, topic="database", activity="installing", confidence=0.8),
    Phase(start=600.0, until=1200.0, topic="web", activity="verifying", confidence=0.8),
)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("1:00-2:30=web/debugging", (60.0, 150.0, "web/debugging")),
        ("60-150=stuck", (60.0, 150.0, "stuck")),
        ("60-150=rabbit-hole", (60.0, 150.0, "rabbit-hole")),
        ("1:00-2:30=web", (60.0, 150.0, "web/installing")),
        ("8:00-15:00=reading", (480.0, 900.0, "web/reading")),
    ],
)
def test_a_stretch_is_named_whole_or_as_a_correction_of_what_was_shown(
    words: str, expected: tuple[float, float, str]
) -> None:
    found = parse_stretch(words, PHASES, parse_time)
    assert (found.start, found.until, found.label) == expected


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("1:00=web", "not a stretch"),
        ("1:00-2:00", "what was 1:00-2:00 to be?"),
        ("2:00-1:00=web/reading", "2:00 is not before 1:00"),
        ("1:00-1:00=web/reading", "is not before"),
        ("1:00-2:00=wbe", "no such label: 'wbe'; near it: web"),
        ("1:00-2:00=web/eating", "near it: waiting"),
        ("1:00-2:00=reading/web", "no such label"),
        ("1:00-2:00=a/b/c", "no such label"),
        ("30:00-40:00=web", "give both, as TOPIC/ACTIVITY"),
    ],
)
def test_what_is_no_stretch_or_no_label_is_refused(words: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        parse_stretch(words, PHASES, parse_time)


@given(st.text(max_size=40))
def test_whatever_is_written_of_a_stretch_is_read_or_refused(words: str) -> None:
    with contextlib.suppress(UsageError):
        found = parse_stretch(words, PHASES, parse_time)
        assert found.start < found.until


@given(
    st.sampled_from(TOPICS),
    st.sampled_from(ACTIVITIES),
    st.integers(0, 10**6),
    st.integers(1, 10**6),
)
def test_stretches_come_back_as_written(topic: str, activity: str, start: int, long: int) -> None:
    found = parse_stretch(f"{start}-{start + long}={topic}/{activity}", (), parse_time)
    assert (found.start, found.until) == (start, start + long)
    assert found.label == f"{topic}/{activity}"
