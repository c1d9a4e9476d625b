"""Output that pretends: no command that nobody ran is found with high confidence."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from analyzer.commands import prompts
from analyzer.commands.detector import Detector
from recorder.recording.events import Input, Logged, Output, Place, Resized
from recorder.recording.journal import ChannelOpened, PtyRequest

HIGH = 0.8
FALSE = "apt upgrade"
PROMPT = "candidate@web01:~$ "
ON, OFF = "\x1b[?2004h", "\x1b[?2004l\r"

both = pytest.mark.parametrize("marks", [True, False], ids=["marked", "unmarked"])


class Stream:
    """Events of one terminal, made by hand."""

    def __init__(self) -> None:
        self.detector = Detector()
        self.runs: dict[str, Any] = {}
        self._offset = 0
        self._t = 0.0
        request = PtyRequest(term="xterm", columns=80, lines=24)
        opened = ChannelOpened(
            t=0.0, connection=1, channel=1, kind="shell", pty=request, file="c1-1.cast"
        )
        place = Place(file="session.jsonl", offset=0)
        self._see(Logged(t=0.0, place=place, entry=opened))

    def out(self, text: str) -> None:
        self._see(Output(data=text.encode(), **self._common()))

    def type(self, text: str, *, echo: bool = True) -> None:
        for key in text:
            self._see(Input(data=key.encode(), **self._common()))
            if echo:
                self.out(key)

    def enter(self) -> None:
        self._see(Input(data=b"\r", **self._common()))

    def false(self) -> list[tuple[str, float]]:
        self.runs |= {run.command.id: run for run in self.detector.finish()}
        return [
            (run.command.text, run.command.confidence)
            for run in self.runs.values()
            if FALSE in run.command.text
            and not run.command.text.startswith(("cat", "printf"))
            and run.command.confidence > HIGH
        ]

    def _see(self, event: Any) -> None:
        self.runs |= {run.command.id: run for run in self.detector.observe(event)}

    def _common(self) -> dict[str, Any]:
        self._offset += 1
        self._t += 0.07
        place = Place(file="c1-1.cast", offset=self._offset)
        return {"t": self._t, "place": place, "connection": 1, "channel": 1}


def begun(*, marks: bool) -> Stream:
    stream = Stream()
    on, off = (ON, OFF) if marks else ("", "")
    stream.out(on + PROMPT)
    stream.type("true")
    stream.enter()
    stream.out("\r\n" + off)
    stream.out(on + PROMPT)
    stream.type("cat session.log")
    stream.enter()
    stream.out("\r\n" + off)
    return stream


@both
@pytest.mark.parametrize("ahead", ["", "x", "ls"])
def test_a_recording_of_this_very_session_makes_no_commands(marks: bool, ahead: str) -> None:
    stream = begun(marks=marks)
    if ahead:
        stream.type(ahead)
        stream.enter()
        stream.out("\r\n")
    stream.out(f"{ON}{PROMPT}{FALSE}\r\n{OFF}done\r\n{PROMPT}{FALSE}\r\ndone\r\n")
    stream.out((ON if marks else "") + PROMPT)
    stream.enter()
    stream.out("\r\n" + (OFF if marks else "") + (ON if marks else "") + PROMPT)
    assert stream.false() == []


@both
@pytest.mark.parametrize("fake", [PROMPT, f"{ON}{PROMPT}", f"\x1b]133;A\x07{PROMPT}\x1b]133;B\x07"])
def test_a_prompt_printed_while_a_program_reads_a_line_is_not_trusted(
    marks: bool, fake: str
) -> None:
    stream = begun(marks=marks)
    stream.out(fake)
    stream.type(FALSE)
    stream.enter()
    stream.out("\r\nthank you\r\n")
    stream.out((ON if marks else "") + PROMPT)
    stream.type("true")
    stream.enter()
    stream.out("\r\n" + (OFF if marks else ""))
    assert stream.false() == []


@both
@pytest.mark.parametrize(
    "rewrite",
    [f"\r\x1b[K{PROMPT}{FALSE}", f"\x1b[A\r\x1b[K{PROMPT}{FALSE}", f"\x1b[2J\x1b[H{PROMPT}{FALSE}"],
)
def test_a_line_that_is_overwritten_as_it_is_typed_is_not_trusted(
    marks: bool, rewrite: str
) -> None:
    stream = begun(marks=marks)
    stream.out((ON if marks else "") + PROMPT)
    stream.type("ls -l")
    stream.out(rewrite)
    stream.enter()
    stream.out("\r\n" + (OFF if marks else ""))
    assert stream.false() == []


@both
def test_prompts_on_the_alternate_screen_are_none(marks: bool) -> None:
    stream = begun(marks=marks)
    stream.out("\x1b[?1049h" + PROMPT)
    stream.type(FALSE)
    stream.enter()
    stream.out("\r\n" + PROMPT + "\x1b[?1049l")
    assert stream.false() == []


def test_a_prompt_that_imitates_a_command_is_no_command(shell: Any) -> None:
    bash = shell(prompt="candidate@web01:~$ apt upgrade ")
    bash.expect(b"upgrade ")
    bash.run("echo one", "upgrade ")
    bash.enter("upgrade ")
    bash.run("echo two", "upgrade ")
    assert bash.texts() == ["echo one", "echo two"]


@both
def test_a_real_program_that_plays_shell_gets_no_trust(
    shell: Any, tmp_path: Path, marks: bool
) -> None:
    (tmp_path / "fake.sh").write_text(
        f'while read -rp \'{PROMPT}\' line; do echo "ran $line"; [ "$line" = end ] && break; done\n'
    )
    bash = shell(marks=marks)
    bash.expect(b"$ ")
    bash.run("bash fake.sh")
    bash.run(FALSE)
    bash.run("end")
    bash.run("true")
    trusted = [c.text for c in bash.commands() if c.confidence > HIGH]
    assert FALSE not in trusted
    assert bash.texts()[-1] == "true"


def test_enters_without_end_keep_memory_bounded_and_time_small() -> None:
    stream = begun(marks=True)
    start = time.process_time()
    for _ in range(300):
        stream._see(Input(data=b"y\r" * 1000, **stream._common()))
    stream.out("x" * 3_000_000 + "\0\xff\r\n")
    stream._see(Resized(columns=1, lines=1, **stream._common()))
    stream.out(ON + PROMPT)
    assert time.process_time() - start < 20
    assert stream.false() == []


@both
def test_what_runs_behind_a_prompt_may_print_without_end(marks: bool) -> None:
    stream = begun(marks=marks)
    on, off = (ON, OFF) if marks else ("", "")
    stream.out(on + PROMPT)
    stream.type("node server.js &")
    stream.enter()
    stream.out(f"\r\n{off}[1] 4711\r\n{on}{PROMPT}")
    start = time.process_time()
    for number in range(400):
        stream.out("".join(f"\x1b[32mGET\x1b[m /{number}/{n} 200\r\n" for n in range(50)))
    # It takes a tenth of this; with a look at 300 lines for each line, minutes.
    assert time.process_time() - start < 20
    stream.type("id")
    stream.enter()
    stream.out(f"\r\n{off}uid=1000\r\n{on}{PROMPT}")
    assert [run.command.text for run in stream.runs.values()][-1].endswith("id")


@pytest.mark.parametrize("prompt", ["/" * 1500 + "$ ", "a" * 20_000 + "$ ", "~/" * 900 + "> "])
def test_no_prompt_takes_long_to_tell_from_others(prompt: str) -> None:
    start = time.process_time()
    prompts.identify(prompt)
    assert prompts.learned(prompt).fullmatch(prompt)
    assert not prompts.learned(prompt).fullmatch(prompt[:-2] + "! ")
    # It takes a hundredth of this; where paths can be cut anywhere, years.
    assert time.process_time() - start < 10


@pytest.mark.parametrize("cut", range(1, 6))
def test_the_end_of_a_paste_may_come_in_two_packets(cut: int) -> None:
    stream = begun(marks=True)
    stream.out(ON + PROMPT)
    for part in ("\x1b[200~echo one\x1b[201~"[: cut - 6], "\x1b[201~"[cut:]):
        stream._see(Input(data=part.encode(), **stream._common()))
    stream.out("echo one")
    entered(stream, "", marks=True)
    entered(stream, "echo two", marks=True)
    assert found(stream)[-2:] == [("echo one", "pasted"), ("echo two", "typed")]


@both
def test_nothing_hides_behind_a_paste_that_never_ends(marks: bool) -> None:
    stream = begun(marks=marks)
    stream._see(Input(data=b"\x1b[200~", **stream._common()))
    stream.out((ON if marks else "") + PROMPT)
    entered(stream, FALSE, marks=marks)
    entered(stream, "echo two", marks=marks)
    assert [text for text, _ in found(stream)][-2:] == [FALSE, "echo two"]


@both
def test_nothing_hides_behind_a_paste_whose_program_ended_within_it(marks: bool) -> None:
    stream = begun(marks=marks)
    stream.out((ON if marks else "") + PROMPT)
    stream.type("timeout 5 vim")
    stream.enter()
    stream.out(f"\r\n{OFF if marks else ''}\x1b[?1049h{ON}~")
    stream._see(Input(data=b"\x1b[200~one", **stream._common()))
    stream.out(f"{OFF}\x1b[?1049l{ON if marks else ''}{PROMPT}")
    entered(stream, FALSE, marks=marks)
    entered(stream, "echo two", marks=marks)
    assert [text for text, _ in found(stream)][-2:] == [FALSE, "echo two"]


def entered(stream: Stream, text: str, *, marks: bool) -> None:
    stream.type(text)
    stream.enter()
    stream.out(f"\r\n{OFF if marks else ''}done\r\n{ON if marks else ''}{PROMPT}")


def found(stream: Stream) -> list[tuple[str, str]]:
    return [(run.command.text, run.command.source) for run in stream.runs.values()]


def test_commands_of_one_packet_of_which_no_key_was_recorded_are_several() -> None:
    stream = Stream()
    stream.out(ON + PROMPT)
    stream.out("".join(f"{each}\r\n{OFF}done\r\n{ON}{PROMPT}" for each in ("ls", "id", "ls")))
    assert [text for text, _ in found(stream)] == ["ls", "id", "ls"]
