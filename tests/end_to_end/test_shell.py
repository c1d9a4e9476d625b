"""A shell and single commands through the hop are what they are without it."""

from __future__ import annotations

import pytest

from tests.end_to_end.support.client import SshClient
from tests.end_to_end.support.hop import Hop
from tests.end_to_end.support.recordings import await_event, cast_events, text_of
from tests.end_to_end.support.terminal import Terminal
from tests.end_to_end.support.waiting import wait_for


@pytest.mark.parametrize("status", [0, 37])
def test_exit_status_of_a_command_reaches_the_client(hop: Hop, ssh: SshClient, status: int) -> None:
    assert ssh.run(f"exit {status}").returncode == status
    closed = await_event(hop.session, "channel-closed")
    assert closed["exit_status"] == status


def test_end_by_a_signal_reaches_the_client(hop: Hop, ssh: SshClient, direct: SshClient) -> None:
    expected = direct.run("kill -TERM $$")
    done = ssh.run("kill -TERM $$")
    assert (done.returncode, done.stdout, done.stderr) == (
        expected.returncode,
        expected.stdout,
        expected.stderr,
    )
    closed = await_event(hop.session, "channel-closed")
    assert closed["exit_signal"] == "TERM"
    assert closed.get("exit_status") is None


@pytest.mark.parametrize("status", [0, 37])
def test_exit_status_of_a_shell_reaches_the_client(hop: Hop, seat: Terminal, status: int) -> None:
    seat.enter(f"exit {status}")
    assert seat.await_exit() == status
    closed = await_event(hop.session, "channel-closed")
    assert closed["exit_status"] == status
    assert list(cast_events(hop.session / "c1-1.cast"))[-1][1:] == ("x", str(status))


def test_terminal_has_the_size_and_the_type_that_the_client_has(hop: Hop, seat: Terminal) -> None:
    seat.run("stty size")
    seat.wait_for("^30 100$")
    seat.run("echo type=$TERM")
    seat.wait_for("^type=screen-256color$")
    opened = await_event(hop.session, "channel-opened")
    assert opened["pty"] == {"term": "screen-256color", "columns": 100, "lines": 30}
    assert opened["kind"] == "shell"
    assert opened["file"] == "c1-1.cast"


def test_resize_reaches_the_shell_and_the_recording(hop: Hop, seat: Terminal) -> None:
    seat.run("trap 'stty size' WINCH")
    seat.resize(120, 40)
    # Bash runs a trap when a command ends, or readline wakes up.
    seat.enter()
    seat.wait_for("40 120$")
    cast = hop.session / "c1-1.cast"
    wait_for(lambda: "40 120" in text_of(cast, "o"), "answer in the recording")
    events = [(code, data) for _, code, data in cast_events(cast)]
    resized = events.index(("r", "120x40"))
    answered = next(
        number for number, (code, data) in enumerate(events) if code == "o" and "40 120" in data
    )
    assert resized < answered


@pytest.mark.shares_a_hop
@pytest.mark.parametrize(
    "command",
    [
        "printf 'b\\na\\n'; printf 'complaint\\n' >&2; exit 3",
        "sort",
        "cat; echo done",
        "printf '\\377\\376\\000\\001'",
        "head -c 3",
        "echo $TERM-; stty size",
        "sleep 0.3 & echo foreground",
        "no-such-command",
        "printf '%s' 'sch\N{LATIN SMALL LETTER O WITH DIAERESIS}n'",
        "printf '\udcff' | od -An -tx1",
    ],
)
def test_command_does_what_it_does_without_the_hop(
    ssh: SshClient, direct: SshClient, command: str
) -> None:
    stdin = b"b\na\n"
    expected = direct.run(command, stdin=stdin)
    done = ssh.run(command, stdin=stdin)
    assert done.stdout == expected.stdout
    assert done.stderr == expected.stderr
    assert done.returncode == expected.returncode


@pytest.mark.shares_a_hop
def test_end_of_input_reaches_a_command_that_waits_for_it(ssh: SshClient) -> None:
    done = ssh.run("sort", stdin=b"b\na\n")
    assert (done.stdout, done.returncode) == (b"a\nb\n", 0)


@pytest.mark.shares_a_hop
def test_variables_pass_that_the_target_accepts(ssh: SshClient, direct: SshClient) -> None:
    command = 'echo "$LANG|$LC_MARK|$OTHER"'
    settings = ("SetEnv=LANG=C.UTF-8 LC_MARK=here OTHER=there",)
    expected = direct.with_options(*settings).run(command)
    assert expected.stdout == b"C.UTF-8|here|\n"
    assert ssh.with_options(*settings).run(command).stdout == expected.stdout


def test_terminal_is_given_to_a_command_that_asks_for_one(
    hop: Hop, ssh: SshClient, direct: SshClient
) -> None:
    command = "tty >/dev/null && echo yes; echo no >&2; exit 4"
    expected = direct.run(command, flags=["-tt"])
    done = ssh.run(command, flags=["-tt"])
    assert (done.returncode, done.stdout, done.stderr) == (
        expected.returncode,
        expected.stdout,
        expected.stderr,
    )
    opened = await_event(hop.session, "channel-opened")
    assert (opened["kind"], opened["command"]) == ("exec", command)
    cast = hop.session / opened["file"]
    wait_for(lambda: "yes" in text_of(cast, "o"), "output on disk", detail=cast.read_text)


@pytest.mark.shares_a_hop
def test_reader_that_has_enough_ends_the_writer(ssh: SshClient) -> None:
    with ssh.started("yes") as client:
        assert client.stdin is not None
        assert client.stdout is not None
        client.stdin.close()
        assert client.stdout.readline() == b"y\n"
        client.stdout.close()
        # The client sends eow@openssh.com, and then nothing until the other side closes.
        client.wait(timeout=60)


@pytest.mark.shares_a_hop
def test_two_sessions_of_one_user_do_not_mix(ssh: SshClient) -> None:
    with ssh.started("cat") as first, ssh.started("cat") as second:
        for number, client in enumerate((first, second)):
            out, _ = client.communicate(f"I am {number}".encode() * 1000, timeout=60)
            assert out == f"I am {number}".encode() * 1000
