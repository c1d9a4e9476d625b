"""What a session channel's packets come to in the recording."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from asyncssh.constants import (
    MSG_CHANNEL_DATA,
    MSG_CHANNEL_EXTENDED_DATA,
    MSG_CHANNEL_FAILURE,
    MSG_CHANNEL_REQUEST,
    MSG_CHANNEL_SUCCESS,
)
from asyncssh.packet import Boolean, PacketDecodeError, SSHPacket, String, UInt32
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recorder.hop.session_tap import TYPED_LIMIT, SessionTap
from recorder.recording.events import Input, Logged, Output, Resized
from recorder.recording.journal import ChannelClosed, ChannelOpened, ChannelRefused
from recorder.recording.reader import RecordingReader

PTY = (String("xterm"), UInt32(80), UInt32(24), UInt32(0), UInt32(0), String(b"\0"))


class Script:
    """Says things to a tap."""

    def __init__(self, context) -> None:
        self.context = context
        self.services = 0
        self.tap = SessionTap(context, self._service)

    def _service(self) -> None:
        self.services += 1

    def asks(self, name: str, *details: bytes, answer: bool = True) -> None:
        said = String(name) + Boolean(answer) + b"".join(details)
        self.tap.packet(MSG_CHANNEL_REQUEST, SSHPacket(said), from_candidate=True)

    def answers(self, granted: bool) -> None:
        kind = MSG_CHANNEL_SUCCESS if granted else MSG_CHANNEL_FAILURE
        self.tap.packet(kind, SSHPacket(b""), from_candidate=False)

    def says(self, data: bytes, *, candidate: bool) -> None:
        self.tap.packet(MSG_CHANNEL_DATA, SSHPacket(String(data)), from_candidate=candidate)

    def tells(self, name: str, *details: bytes) -> None:
        said = String(name) + Boolean(False) + b"".join(details)
        self.tap.packet(MSG_CHANNEL_REQUEST, SSHPacket(said), from_candidate=False)

    def logged(self, kind):
        return [each for each in self.context.entries if isinstance(each, kind)]


def test_a_command_is_recorded_with_its_variables_and_its_end(context) -> None:
    script = Script(context)
    script.asks("env", String("LANG"), String("C"), answer=False)
    script.asks("exec", String(b"ls \xff"))
    assert script.logged(ChannelOpened) == []
    script.answers(True)
    script.says(b"input", candidate=True)
    script.says(b"output!", candidate=False)
    said = UInt32(1) + String(b"oops")
    script.tap.packet(MSG_CHANNEL_EXTENDED_DATA, SSHPacket(said), from_candidate=False)
    script.tells("exit-status", UInt32(3))
    script.tap.ended()
    script.tap.ended()
    (opened,) = script.logged(ChannelOpened)
    assert (opened.kind, opened.command, opened.env) == ("exec", "ls �", {"LANG": "C"})
    assert opened.pty is None
    (closed,) = script.logged(ChannelClosed)
    assert closed.exit_status == 3
    assert {flow.stream: flow.size for flow in closed.flows} == {"in": 5, "out": 7, "err": 4}


def test_a_terminal_that_the_target_grants_is_recorded_as_one(context) -> None:
    script = Script(context)
    script.asks("pty-req", *PTY)
    script.asks("shell")
    script.answers(True)
    script.answers(True)
    (opened,) = script.logged(ChannelOpened)
    assert opened.kind == "shell"
    assert opened.pty is not None
    assert (opened.pty.columns, opened.pty.lines) == (80, 24)
    assert opened.file == "c1-1.cast"


def test_a_terminal_that_the_target_refuses_is_none(context) -> None:
    script = Script(context)
    script.asks("pty-req", *PTY)
    script.asks("exec", String("tty"))
    script.answers(False)
    script.answers(True)
    (opened,) = script.logged(ChannelOpened)
    assert opened.pty is None


def test_what_is_said_before_the_answer_is_recorded(context) -> None:
    script = Script(context)
    script.asks("exec", String("cat"))
    script.says(b"early", candidate=True)
    script.answers(True)
    script.says(b"late", candidate=True)
    script.tap.ended()
    assert len(script.logged(ChannelOpened)) == 1
    (closed,) = script.logged(ChannelClosed)
    assert [(flow.stream, flow.size) for flow in closed.flows] == [("in", 9)]


def test_a_refused_subsystem_is_recorded_as_refused(context) -> None:
    script = Script(context)
    script.asks("subsystem", String("nothing"))
    script.answers(False)
    script.tap.ended()
    assert script.logged(ChannelOpened) == []
    (refused,) = script.logged(ChannelRefused)
    assert (refused.kind, refused.command) == ("subsystem", "nothing")


def test_the_command_that_ran_is_recorded_and_not_one_asked_for_behind_it(context) -> None:
    script = Script(context)
    script.asks("exec", String("rm -r /srv"))
    script.asks("exec", String("ls"))
    script.answers(True)
    script.answers(False)
    script.tap.ended()
    assert [each.command for each in script.logged(ChannelOpened)] == ["rm -r /srv"]
    assert [each.command for each in script.logged(ChannelRefused)] == ["ls"]


def test_a_terminal_asked_for_behind_the_shell_does_not_pass_for_the_shells(context) -> None:
    script = Script(context)
    script.asks("pty-req", *PTY)
    script.asks("shell")
    script.asks("pty-req", String("dumb"), *map(UInt32, (1, 1, 0, 0)), String(b"\0"))
    for granted in (True, True, False):
        script.answers(granted)
    (opened,) = script.logged(ChannelOpened)
    assert (opened.pty.term, opened.pty.columns) == ("xterm", 80)


def test_a_shell_behind_a_refused_program_is_recorded_with_its_terminal(context) -> None:
    script = Script(context)
    script.asks("subsystem", String("nothing"))
    script.asks("pty-req", *PTY)
    script.asks("shell")
    script.says(b"typed ahead", candidate=True)
    for granted in (False, True, True):
        script.answers(granted)
    script.tap.ended()
    assert len(script.logged(ChannelRefused)) == 1
    (opened,) = script.logged(ChannelOpened)
    assert (opened.kind, opened.file) == ("shell", "c1-1.cast")
    assert typed_in(script) == len(b"typed ahead")


def test_a_program_that_wanted_no_answer_gives_way_to_the_one_that_runs(context) -> None:
    script = Script(context)
    script.asks("subsystem", String("nothing"), answer=False)
    script.asks("pty-req", *PTY)
    script.asks("shell")
    script.says(b"typed ahead", candidate=True)
    script.answers(True)
    script.answers(True)
    script.says(b"$ ", candidate=False)
    script.asks("exec", String("ls"), answer=False)
    script.tap.ended()
    opened = script.logged(ChannelOpened)
    assert [(each.kind, each.channel) for each in opened] == [("subsystem", 1), ("shell", 2)]
    assert opened[1].file == "c1-2.cast"
    assert len(script.logged(ChannelClosed)) == 2
    assert typed_in(script) == len(b"typed ahead")


@pytest.mark.parametrize("answered", [True, False])
def test_what_is_typed_while_another_program_is_asked_for_is_recorded(
    context, answered: bool
) -> None:
    script = Script(context)
    script.asks("exec", String("sh"), answer=False)
    script.asks("exec", String("nothing"))
    script.says(b"first", candidate=True)
    if answered:
        script.answers(False)
        script.says(b"second", candidate=True)
    script.tap.ended()
    (opened,), (closed,) = script.logged(ChannelOpened), script.logged(ChannelClosed)
    assert opened.command == "sh"
    assert [(flow.stream, flow.size) for flow in closed.flows] == [("in", 11 if answered else 5)]


def test_what_is_typed_before_any_program_is_recorded_with_the_one_that_reads_it(context) -> None:
    script = Script(context)
    script.says(b"first", candidate=True)
    script.asks("exec", String("cat"))
    script.answers(True)
    script.says(b"second", candidate=True)
    script.tap.ended()
    (closed,) = script.logged(ChannelClosed)
    assert [(flow.stream, flow.size) for flow in closed.flows] == [("in", 11)]


def test_no_more_is_kept_for_a_program_than_a_window_holds(context) -> None:
    script = Script(context)
    script.asks("shell")
    script.says(bytes(TYPED_LIMIT), candidate=True)
    with pytest.raises(PacketDecodeError):
        script.says(b"x", candidate=True)


def typed_in(script: Script) -> int:
    """Return how many characters of input are recorded: without an echo they show as dots."""
    script.context.writer.close()
    with RecordingReader(script.context.writer.directory) as reader:
        events = [each for each in reader.read() if isinstance(each, Input)]
    return sum(len(each.data.decode()) for each in events)


def test_answers_are_matched_to_their_requests(context) -> None:
    script = Script(context)
    script.asks("auth-agent-req@openssh.com")
    script.asks("x11-req", Boolean(False), String("M"), String("00"), UInt32(0))
    script.asks("unknown@example.org")
    script.asks("shell")
    for granted in (False, True, False):
        script.answers(granted)
        assert script.logged(ChannelOpened) == []
    script.answers(True)
    assert len(script.logged(ChannelOpened)) == 1
    assert script.services == 2


def test_a_session_that_nobody_used_leaves_no_line(context) -> None:
    script = Script(context)
    script.tap.opened()
    script.tap.ended()
    assert len(context.entries) == 0


def test_a_signal_is_recorded_as_the_end(context) -> None:
    script = Script(context)
    script.asks("shell", answer=False)
    script.tells("exit-signal", String("TERM"), Boolean(False), String(""), String(""))
    script.tap.ended()
    (closed,) = script.logged(ChannelClosed)
    assert (closed.exit_signal, closed.exit_status) == ("TERM", None)


kinds = st.sampled_from(
    [MSG_CHANNEL_DATA, MSG_CHANNEL_EXTENDED_DATA, MSG_CHANNEL_FAILURE, MSG_CHANNEL_REQUEST,
     MSG_CHANNEL_SUCCESS]
)  # fmt: skip
names = st.sampled_from(
    ["pty-req", "env", "shell", "exec", "subsystem", "window-change", "exit-status", "x"]
)
requests = st.builds(
    lambda name, answer, rest: String(name) + Boolean(answer) + rest,
    names, st.booleans(), st.binary(max_size=40),
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(st.tuples(kinds, requests | st.binary(max_size=40), st.booleans()), max_size=12))
def test_only_the_declared_error_escapes(make_context: Callable, packets) -> None:
    tap = SessionTap(make_context(), lambda: None)
    for kind, said, candidate in packets:
        with suppress(PacketDecodeError):
            tap.packet(kind, SSHPacket(said), from_candidate=candidate)
    tap.ended()


sizes = st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
lines = st.lists(st.binary(max_size=60), max_size=5)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    term=st.binary(max_size=60), command=st.binary(max_size=60), size=sizes,
    later=st.lists(sizes, max_size=3), said=lines,
)  # fmt: skip
def test_any_words_and_sizes_can_be_read_again(
    make_context: Callable, term, command, size, later, said
) -> None:
    script = Script(make_context())
    script.asks("env", String(term), String(command))
    script.asks("pty-req", String(term), *map(UInt32, (*size, 0, 0)), String(b"\0"))
    script.asks("exec", String(command))
    for _ in range(3):
        script.answers(True)
    for each in later:
        script.asks("window-change", *map(UInt32, (*each, 0, 0)))
    for data in said:
        script.says(data, candidate=False)
    script.tap.ended()
    script.context.writer.close()
    with RecordingReader(script.context.writer.directory) as reader:
        events = list(reader.read())
        assert reader.problems == []
    (opened,) = [
        each.entry for each in events
        if isinstance(each, Logged) and isinstance(each.entry, ChannelOpened)
    ]  # fmt: skip
    assert (opened.pty.columns, opened.pty.lines) == size
    assert opened.pty.term == term.decode("utf-8", "replace")
    assert [(each.columns, each.lines) for each in events if isinstance(each, Resized)] == [
        (max(1, columns), max(1, lines)) for columns, lines in later
    ]
    assert b"".join(each.data for each in events if isinstance(each, Output)) == b"".join(said)
