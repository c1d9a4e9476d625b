"""Files as transcripts: what comes out of each format, and that nothing but the error escapes."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.errors import TranscriptError
from recorder.transcripts import limits, reading
from recorder.transcripts.reading import parse, read_file
from recorder.transcripts.values import FORMATS, Format, Line

VTT = """WEBVTT - a call

NOTE made by hand

STYLE
::cue { color: red }

first
00:00:01.000 --> 00:00:03.500 align:start
<v Anna Example>Welcome, <i>everybody</i> &amp; hello</v>

00:04.000 --> 00:06.000
<v.loud Ben>Hi</v>
<v Anna Example>Shall we
begin?</v>

01:00:05.250 --> 01:00:06.000
nobody's words
"""

SRT = """1
00:00:01,000 --> 00:00:03,500
Anna: Welcome

2
00:00:04,000 --> 00:00:06,000
Ben: Hi, <b>all</b>
of you
"""


def said(text: str, form: Format | None = None) -> list[tuple[float | None, str | None, str]]:
    return [(each.t, each.speaker, each.text) for each in parse(text.encode(), form).lines]


def test_webvtt_gives_each_voice_a_line_with_its_cues_times() -> None:
    parsed = parse(VTT.encode())
    assert parsed.format == "webvtt"
    assert parsed.lines == (
        Line(t=1.0, until=3.5, speaker="Anna Example", text="Welcome, everybody & hello"),
        Line(t=4.0, until=6.0, speaker="Ben", text="Hi"),
        Line(t=4.0, until=6.0, speaker="Anna Example", text="Shall we begin?"),
        Line(t=3605.25, until=3606.0, speaker=None, text="nobody's words"),
    )
    assert parsed.warnings == ()


def test_names_in_front_of_most_cues_are_speakers() -> None:
    assert said(SRT) == [(1.0, "Anna", "Welcome"), (4.0, "Ben", "Hi, all of you")]
    zoom = VTT.replace("<v Anna Example>Welcome, <i>everybody</i> &amp; hello</v>", "Anna: Hi")
    assert said(zoom)[0] == (1.0, "Anna", "Hi")


def test_a_colon_in_one_cue_of_many_names_nobody() -> None:
    cues = "".join(f"\n00:0{n}.000 --> 00:0{n}.500\nwords {n}\n" for n in range(4))
    text = f"WEBVTT\n{cues}\n00:09.000 --> 00:09.500\nmy answer: none\n"
    assert said(text)[-1] == (9.0, None, "my answer: none")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Anna: hello\nBen: hi", [(None, "Anna", "hello"), (None, "Ben", "hi")]),
        ("[00:12:34] Anna: hello", [(754.0, "Anna", "hello")]),
        ("[12:34.5] - Anna: hello", [(754.5, "Anna", "hello")]),
        ("(1:02:03) Anna: hello", [(3723.0, "Anna", "hello")]),
        ("12:34 Anna: hello", [(754.0, "Anna", "hello")]),
        ("Anna [12:34]: hello", [(754.0, "Anna", "hello")]),
        ("Anna Example (12:34)\nhello\nagain", [(754.0, "Anna Example", "hello again")]),
        ("00:00:05\nAnna: hello", [(5.0, "Anna", "hello")]),
        ("Anna:\nhello", [(None, "Anna", "hello")]),
        ("[0:01]\n\n[0:02]\nAnna: hello", [(2.0, "Anna", "hello")]),
        ("Anna: one\ntwo\n\nthree", [(None, "Anna", "one two"), (None, None, "three")]),
        ("12:30 is when we begin", [(None, None, "12:30 is when we begin")]),
        ("see https://example.org/x: it", [(None, None, "see https://example.org/x: it")]),
        ("[0:01] Anna: a\nBen: b", [(1.0, "Anna", "a"), (None, "Ben", "b")]),
        ("\ufeff\r\nÄnne-Marie O'Neill: ça va?\r", [(None, "Änne-Marie O'Neill", "ça va?")]),
    ],
)
def test_plain_text_is_read_as_people_write_it(
    text: str, lines: list[tuple[float | None, str | None, str]]
) -> None:
    assert said(text) == lines
    assert parse(text.encode()).format == "plain"


def test_a_text_that_may_be_anything_is_kept_with_a_word_unless_it_was_called_plain() -> None:
    anything = b"# A recipe\n\nFor the dough: flour.\n\nTake two eggs.\n"
    (word,) = parse(anything).warnings
    assert "is it a transcript" in word
    assert parse(anything, "plain").warnings == ()
    assert parse(b"Anna: hello\n\nto all\n").warnings == ()
    assert parse(b"[0:01] hello\n").warnings == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "says nothing"),
        ("WEBVTT\n", "says nothing"),
        ("[1:02:60] Anna: hello", "line 1: 1:02:60 is no time"),
        ("Anna: a\n[99:61:00] Ben: b", "line 2: 99:61:00 is no time"),
        ("WEBVTT\n\n00:99.000 --> 00:99.500\nhello", "line 3: not the times of a cue"),
        ("WEBVTT\n\n00:01 --> 00:02\nhello", "line 3: not the times of a cue, '00:01 --> 00:02'"),
        ("00:00:01,000 --> 00:00:02,000\nhello", "not SubRip"),
        (SRT + "\n00:00:07,000 --> 00:00:08,000\nlost", "line 10: not the times of a cue"),
        ("WEBVTT\n\n900:00:00.000 --> 900:00:01.000\nhello", "line 4: 900 hours"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n" + "<v a>b" * 30_000, "30000 voices"),
        ("Anna: a\n\0", "line 2 holds what is no text"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n<v " + "A" * 200 + ">hello", "line 4: the speaker's"),
        ("Anna: a\nBen: " + "b" * 30_000, "line 2: 30000 characters"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, words: str) -> None:
    with pytest.raises(TranscriptError) as error:
        parse(text.encode())
    assert words in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "form", "words"),
    [
        ("hello", "webvtt", "not WebVTT"),
        ("hello", "srt", "not SubRip"),
    ],
)
def test_a_file_of_another_format_than_was_said_is_refused(
    text: str, form: Format, words: str
) -> None:
    with pytest.raises(TranscriptError, match=words):
        parse(text.encode(), form)


def test_bytes_of_another_encoding_are_named_by_their_line() -> None:
    with pytest.raises(TranscriptError, match=r"line 2 is not UTF-8.*iconv"):
        parse("Anna: a\nBen: caf\xe9".encode("latin-1"))
    assert parse("Anna: caf\xe9".encode("utf-16")).lines[0].text == "café"
    with pytest.raises(TranscriptError, match="UTF-16-LE"):
        parse(b"\xff\xfeA")


def test_times_that_look_wrong_are_kept_and_said() -> None:
    text = (
        "WEBVTT\n\n00:10.000 --> 00:05.000\nbackwards\n\n00:08.000 --> 00:09.000\nearly\n"
        "\n00:20.000 --> 02:00:00.000\nlong\n"
    )
    parsed = parse(text.encode())
    assert [(each.t, each.until) for each in parsed.lines] == [(10, None), (8, 9), (20, 7200)]
    assert parsed.warnings == (
        "line 4 ends before it begins: its end was left out",
        "line 10 lasts more than 10 minutes",
        "line 7 begins before the one above it",
    )


def test_many_lines_that_look_wrong_are_one_warning() -> None:
    text = "\n".join(f"[0:{59 - n}] Anna: {n}" for n in range(9))
    (warning,) = parse(text.encode()).warnings
    assert warning == "lines 2, 3, 4 and 5 more: each begins before the one above it"


def test_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_LINES", 3)
    with pytest.raises(TranscriptError, match="more than 3 lines"):
        parse(b"A: a\nB: b\nC: c\nD: d")
    # What comes after that is not looked at any more: it may be millions of rows.
    with pytest.raises(TranscriptError, match="more than 3 lines"):
        parse(b"A: a\nB: b\nC: c\nD: d\n[1:02:60] E: at no time")
    monkeypatch.setattr(reading, "MOST_BYTES", 1 << 20)
    (tmp_path / "large").write_bytes(b"x" * ((1 << 20) + 1))
    with pytest.raises(TranscriptError, match="more than 1 MiB"):
        read_file(tmp_path / "large")


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(TranscriptError, match="No such file"):
        read_file(tmp_path / "none")
    with pytest.raises(TranscriptError, match="directory"):
        read_file(tmp_path)


_PIECES = st.sampled_from(
    [
        *("WEBVTT\n", "\n", "\n\n", "1\n", "00:00:01.000 --> 00:00:02.000", "-->", "\r", "\0"),
        *("00:00:01,000 --> 00:00:02,000\n", "Anna: ", "[12:34] ", "<v Ben>", "</v>", "NOTE "),
        *("STYLE\n", "REGION\n", "hello", "&amp;", "&#1114112;", "<", "\ufeff", "٣:٣٣ ", "\u2028"),
    ]
)


@given(st.lists(_PIECES | st.text(max_size=8), max_size=30), st.sampled_from([None, *FORMATS]))
def test_of_any_text_lines_or_the_error_come_out(pieces: list[str], form: Format | None) -> None:
    with contextlib.suppress(TranscriptError):
        parsed = parse("".join(pieces).encode("utf-8", "surrogatepass"), form)
        assert parsed.lines
        for line in parsed.lines:
            assert line.text
            assert "\n" not in line.text
            assert line.speaker != ""
            assert line.until is None or (line.t is not None and line.until >= line.t >= 0)


@given(st.binary(max_size=200), st.sampled_from([None, *FORMATS]))
def test_of_any_bytes_lines_or_the_error_come_out(data: bytes, form: Format | None) -> None:
    with contextlib.suppress(TranscriptError):
        assert parse(data, form).lines


_WORDS = st.text(st.characters(categories=["L", "Nd"]), min_size=1, max_size=12)
_TIMES = st.integers(0, 360_000).map(lambda tenths: tenths / 10)


@given(st.lists(st.tuples(_TIMES, _WORDS, _WORDS), min_size=1, max_size=20))
def test_what_a_program_writes_as_webvtt_comes_back(said: list[tuple[float, str, str]]) -> None:
    cues = [f"{_clock(t)} --> {_clock(t + 2)}\n<v x{name}>{words}</v>\n" for t, name, words in said]
    found = parse(("WEBVTT\n\n" + "\n".join(cues)).encode()).lines
    assert [(each.t, each.until, each.speaker, each.text) for each in found] == [
        (t, t + 2, f"x{name}", words) for t, name, words in said
    ]


@given(st.lists(st.tuples(_TIMES, _WORDS, _WORDS), min_size=1, max_size=20))
def test_what_is_written_as_plain_text_comes_back(said: list[tuple[float, str, str]]) -> None:
    text = "\n".join(f"[{_clock(t)}] x{name}: {words}" for t, name, words in said)
    found = parse(text.encode()).lines
    assert [(each.t, each.speaker, each.text) for each in found] == [
        (t, f"x{name}", words) for t, name, words in said
    ]


def _clock(t: float) -> str:
    milliseconds = round(t * 1000)
    return (
        f"{milliseconds // 3_600_000:02}:{milliseconds // 60_000 % 60:02}"
        f":{milliseconds // 1000 % 60:02}.{milliseconds % 1000:03}"
    )


@pytest.mark.parametrize(
    "text",
    [
        "WEBVTT\n\n00:01.000 --> 00:02.000\n" + "<" * 300_000,
        "WEBVTT\n\n00:01.000 --> 00:02.000\n" + "<v " * 10_000,
        "WEBVTT\n\n" + "-->\n" * 10_000,
        "WEBVTT\n\n00:01.000 --> 00:02.000\n" + "<v a>b" * 10_000,
        "A" * 300_000 + ":",
        "a " * 150_000 + "(1:00",
        "1:" * 150_000,
        " " * 300_000 + "x",
        "[" + " " * 300_000,
        "Anna" + " " * 300_000 + "x",
        "&" * 300_000,
    ],
)
def test_no_text_makes_it_work_for_ever(text: str) -> None:
    began = time.process_time()
    for form in (None, *FORMATS):
        with contextlib.suppress(TranscriptError):
            parse(text.encode(), form)
    assert time.process_time() - began < 10.0
