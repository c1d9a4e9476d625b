"""Keys that nothing echoes do not hide the lines after them, however packets are split."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recorder.recording import echo
from recorder.recording.cast import MASK
from recorder.recording.masking import ECHO_DEADLINE, Masker

QUICK = settings(max_examples=60, deadline=None)

Exchange = tuple[str, str]
"""A key, and what the target puts out because of it."""

VI_ENTERED = (
    '\r\n\x1b[?2004l\r\x1b[?1049h\x1b[1;24r\x1b[H\x1b[2J\x1b[24;1H"notes.txt" [New]\x1b[1;1H'
)
VI_LEFT = (
    '\r\x1b[?25l\x1b[?2004l"notes.txt" [New] 1L, 11B written'
    "\r\x1b[23;2t\r\r\n\x1b[?1004l\x1b[?1l\x1b>\x1b[?1049l\x1b[?25h\x1b[?2004h$ "
)
LESS_LEFT = "\r\x1b[K\x1b[?1l\x1b>\x1b[?1049l\x1b[?2004h$ "


def echoed(line: str, after: str = "\r\n$ ") -> list[Exchange]:
    return [(char, char) for char in line] + [("\r", after)]


IN_VI: list[list[Exchange]] = [
    [(":", "\x1b[24;1H\x1b[K:"), ("w", "w"), ("q", "q"), ("\r", VI_LEFT)],
    [("Z", ""), ("Z", VI_LEFT)],
    [(":", "\x1b[24;1H:"), ("x", "x"), ("\r", VI_LEFT)],
    [("d", ""), ("d", "\x1b[1;1H\x1b[M"), ("Z", ""), ("Z", VI_LEFT)],
    [("/", "\x1b[24;1H/"), ("a", "a\x1b[7mab\x1b[m"), ("\r", "\x1b[3;2H"), ("q", LESS_LEFT)],
]
LINES = ["echo ordinary words", "ls", "ab", "id", "wq", "qq", "echo q", "systemctl status apache2"]


def deliver(first: str, stretches: list[list[Exchange]], cut: st.DataObject) -> str:
    """Type each stretch once the one before was answered, its answers late and split anyhow."""
    masker = Masker()
    written = masker.output(first)
    late = ""
    for stretch in stretches:
        for key, answer in stretch:
            taken = cut.draw(st.integers(0, len(late)))
            written += masker.output(late[:taken]) + masker.input(key, None, 0.0)
            late = late[taken:] + answer
        while late:
            taken = cut.draw(st.integers(1, len(late)))
            written += masker.output(late[:taken])
            late = late[taken:]
    written += masker.close()
    return "".join(each.text for each in written)


@QUICK
@given(st.sampled_from(IN_VI), st.lists(st.sampled_from(LINES), min_size=1, max_size=3), st.data())
def test_lines_after_a_full_screen_program_are_visible(
    keys: list[Exchange], lines: list[str], cut: st.DataObject
) -> None:
    stretches = [echoed("vi notes.txt", VI_ENTERED), keys, *(echoed(line) for line in lines)]
    text = deliver("$ ", stretches, cut)
    assert text.endswith("".join(line + "\r" for line in lines))


@QUICK
@given(st.sampled_from(IN_VI), st.sampled_from(["hunter2!", "wq", "ZZ", "q", ":wq"]), st.data())
def test_a_secret_after_a_full_screen_program_is_masked(
    keys: list[Exchange], secret: str, cut: st.DataObject
) -> None:
    hidden = [(char, "") for char in secret] + [("\r", "\r\n$ ")]
    stretches = [
        echoed("vi notes.txt", VI_ENTERED),
        keys,
        echoed("sudo ls", "\r\n[sudo] password for candidate: "),
        hidden,
        echoed("echo afterwards"),
    ]
    text = deliver("$ ", stretches, cut)
    assert text.endswith(f"sudo ls\r{MASK * len(secret)}\recho afterwards\r")


@QUICK
@given(st.integers(1, 3), st.sampled_from(LINES[:1] + LINES[-1:]), st.data())
def test_keys_that_nothing_answered_are_masked_and_what_follows_is_not(
    count: int, line: str, cut: st.DataObject
) -> None:
    keys = [("x", "") for _ in range(count)]
    text = deliver("$ ", [keys, echoed(line)], cut)
    assert text.endswith(line + "\r")
    assert len(text) == count + len(line) + 1


@QUICK
@given(st.data())
def test_a_line_behind_a_secret_without_words_needs_no_deadline(cut: st.DataObject) -> None:
    hidden = [(char, "") for char in "Tr0ub4dor&3"] + [("\r", "")]
    text = deliver("> ", [hidden, echoed("echo afterwards")], cut)
    assert text == MASK * 11 + "\recho afterwards\r"


def test_an_escape_sequence_that_packets_cut_is_no_echo() -> None:
    masker = Masker()
    masker.output("$ ")
    written = masker.input("31mx", None, 0.0)
    written += masker.output("\x1b[")
    written += masker.output("31mx")
    assert written == []
    masker.expire(ECHO_DEADLINE)
    assert "".join(each.text for each in masker.close()) == MASK * 4


SOME_OUTPUT = st.text(alphabet="abc12 \r\n\b\x1b[m:", max_size=8)


@QUICK
@given(st.text("abc12", min_size=3, max_size=8), st.lists(SOME_OUTPUT, max_size=12), st.data())
def test_what_is_written_in_the_clear_was_put_out_too(
    typed: str, outputs: list[str], cut: st.DataObject
) -> None:
    masker = Masker()
    written = masker.output("> ")
    shown = ""
    keys = [*list(typed), "\r"]
    for output in outputs:
        for _ in range(cut.draw(st.integers(0, len(keys)))):
            written += masker.input(keys.pop(0), None, 0.0)
        written += masker.output(output)
        shown += output
    written += masker.close()
    clear = [each for each in "".join(piece.text for piece in written) if each not in (MASK, "\r")]
    rest = iter(shown)
    assert all(char in rest for char in clear)


def test_a_stale_key_that_is_the_same_as_the_first_of_the_next_line_does_not_shift_the_rest() -> (
    None
):
    masker = Masker()
    written = masker.output("\x1b[?1049h")
    for key in "a\rq":
        written += masker.input(key, None, 0.0)
    written += masker.output("aab\x1b[?1049l$ ")
    for key, answer in echoed("ab"):
        written += masker.input(key, None, 0.0) + masker.output(answer)
    assert "".join(each.text for each in written).endswith("ab\r")


class CountingPattern:
    """Counts the characters in which a pattern's matches are replaced."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self._pattern = pattern
        self.read = 0

    def sub(self, into: str, text: str) -> str:
        self.read += len(text)
        return self._pattern.sub(into, text)

    def match(self, text: str, place: int) -> re.Match[str] | None:
        return self._pattern.match(text, place)


def test_the_lines_of_a_paste_that_wait_look_at_its_echo_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counting = CountingPattern(echo._WRAPPED)
    monkeypatch.setattr(echo, "_WRAPPED", counting)
    lines = [f"line {number} of a long paste" for number in range(400)]
    shown = "".join(f"{line}\r\n" for line in lines)
    packets = [shown[at : at + 200] for at in range(0, len(shown), 200)]
    masker = Masker()
    written = masker.input("".join(f"{line}\r" for line in lines), None, 0.0)
    for packet in packets:
        written += masker.output(packet)
    assert "".join(each.text for each in written) == shown.replace("\n", "")
    assert counting.read < 2 * len(packets) * len(shown)
