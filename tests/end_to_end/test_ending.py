"""However a session ends, its recording is whole, closed and signed, and nothing is left over."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import pytest

from tests.end_to_end.conftest import OpenTerminal, StartHop, log_in
from tests.end_to_end.support.accounts import Account, processes_of
from tests.end_to_end.support.client import SshClient
from tests.end_to_end.support.crash import Starvation
from tests.end_to_end.support.hop import Hop
from tests.end_to_end.support.recordings import await_event, journal, text_of, verify
from tests.end_to_end.support.sshd import StockSshd
from tests.end_to_end.support.terminal import Terminal
from tests.end_to_end.support.waiting import wait_for

FLUSH = 0.1
"""Seconds that a kill may lose."""


def _events(session: Path) -> list[str]:
    return [line["event"] for line in journal(session)]


def _await_nothing_of(account: Account) -> None:
    wait_for(
        lambda: not processes_of(account.uid), "end of the candidate's processes",
        detail=lambda: str(processes_of(account.uid)),
    )  # fmt: skip


def test_client_that_is_killed_ends_the_shell_on_the_target(
    hop: Hop, seat: Terminal, account: Account
) -> None:
    seat.enter("sleep 1000")
    wait_for(lambda: len(processes_of(account.uid)) > 2, "sleep on the target")
    os.kill(seat.process, signal.SIGKILL)
    _await_nothing_of(account)
    await_event(hop.session, "connection-closed", connection=1)
    assert _events(hop.session)[-2:] == ["channel-closed", "connection-closed"]
    session = hop.session
    hop.stop()
    verify(hop.home, session)


def test_target_that_kills_the_connection_ends_the_client(
    hop: Hop, seat: Terminal, stock_sshd: StockSshd
) -> None:
    for process in stock_sshd.session_processes():
        os.kill(process, signal.SIGKILL)
    assert seat.await_exit() == 255
    await_event(hop.session, "connection-closed", connection=1)
    assert _events(hop.session)[-2:] == ["channel-closed", "connection-closed"]
    hop.stop()
    verify(hop.home, hop.session)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_serve_closes_an_open_session_in_order(
    hop: Hop, seat: Terminal, account: Account, how: signal.Signals
) -> None:
    seat.enter("echo before the end; sleep 1000")
    seat.wait_for("^before the end$")
    session = hop.session
    hop.stop(how)
    assert seat.await_exit() == 255
    _await_nothing_of(account)
    assert _events(session)[-3:] == ["channel-closed", "connection-closed", "session-closed"]
    assert journal(session)[-1]["reason"] == "closed"
    assert "before the end" in text_of(session / "c1-1.cast", "o")
    verify(hop.home, session)
    (shown,) = hop.json("session", "list")
    assert (shown["id"], shown["state"]) == (session.name, "closed")


def test_serve_ends_with_nobody_connected(hop: Hop) -> None:
    session = hop.session
    hop.stop()
    assert _events(session)[0] == "session-opened"
    assert _events(session)[-1] == "session-closed"
    verify(hop.home, session)


def test_serve_ends_while_somebody_is_asked_for_a_password(
    hop: Hop, ssh: SshClient, open_terminal: OpenTerminal
) -> None:
    terminal = open_terminal()
    terminal.start(ssh.argv())
    terminal.wait_for("password:")
    hop.stop()
    # Stock ssh looks at its connection again when the question is answered.
    terminal.enter("anything")
    assert terminal.await_exit() == 255
    verify(hop.home, hop.session)


def test_altered_recording_does_not_verify(hop: Hop, seat: Terminal) -> None:
    seat.run("echo as it was")
    session = hop.session
    hop.stop()
    verify(hop.home, session)
    cast = session / "c1-1.cast"
    cast.write_bytes(cast.read_bytes().replace(b"as it was", b"as it wos"))
    with pytest.raises(AssertionError, match=r"c1-1\.cast"):
        verify(hop.home, session)


def test_kill_loses_no_more_than_a_flush_and_is_marked_at_the_next_start(
    start_hop: StartHop, hop: Hop, seat: Terminal, stock_sshd: StockSshd, account: Account
) -> None:
    session = hop.session
    cast = session / "c1-1.cast"
    starved = [Starvation(process) for process in (hop.session_process, os.getpid())]
    seat.run("echo seen by the candidate")
    seen = time.monotonic()
    wait_for(
        lambda: text_of(cast, "o").count("seen by the candidate") == 2,
        "output on disk", detail=cast.read_text,
    )  # fmt: skip
    # What the candidate sees is on disk a flush later; the rest is the slowness of this machine.
    waited = sum(each.so_far() for each in starved)
    assert time.monotonic() - seen < FLUSH + 0.4 + waited
    hop.kill()
    assert seat.await_exit() == 255
    _await_nothing_of(account)
    assert "session-closed" not in _events(session)
    commands = hop.json("commands", session.name)
    assert [each["text"] for each in commands] == ["echo seen by the candidate"]

    start_hop(stock_sshd.address, name="hop")
    assert _events(session)[-1] == "session-closed"
    assert journal(session)[-1]["reason"] == "cut-off"
    verify(hop.home, session)
    states = {each["id"]: each["state"] for each in hop.json("session", "list")}
    assert states[session.name] == "cut-off"
    assert sorted(states.values()) == ["cut-off", "live"]


def test_torn_last_line_is_dropped_with_a_warning(hop: Hop, seat: Terminal) -> None:
    seat.run("echo kept")
    session = hop.session
    wait_for(lambda: text_of(session / "c1-1.cast", "o").count("kept") == 2, "output on disk")
    hop.kill()
    with (session / "c1-1.cast").open("ab") as cast:
        cast.write(b'[0.1,"o","tor')
    done = hop.jumpseat("commands", session.name, "--json")
    assert done.returncode == 0
    assert [each["text"] for each in json.loads(done.stdout)] == ["echo kept"]
    assert "torn" in done.stderr


def test_second_serve_on_the_same_home_continues_the_keys(
    start_hop: StartHop, hop: Hop, ssh: SshClient, stock_sshd: StockSshd
) -> None:
    assert ssh.run("true").returncode == 0
    keys = {
        path.name: path.read_bytes() for path in (hop.home / "keys").iterdir() if path.is_file()
    }
    hop.stop()
    start_hop(stock_sshd.address, name="hop")
    for name, content in keys.items():
        assert (hop.home / "keys" / name).read_bytes() == content, name


def test_recordings_are_for_their_owner_only(hop: Hop, seat: Terminal) -> None:
    seat.run("echo private")
    hop.stop()
    modes = {path: path.stat().st_mode & 0o777 for path in [hop.home, *hop.home.rglob("*")]}
    assert {path: oct(mode) for path, mode in modes.items() if mode & 0o077} == {}


def test_candidate_sees_nothing_of_the_end_but_the_connection(hop: Hop, seat: Terminal) -> None:
    seat.run("echo last")
    hop.stop()
    seat.await_exit()
    assert "jumpseat" not in seat.screen().lower()


def test_next_login_after_a_killed_client_works(
    hop: Hop, ssh: SshClient, seat: Terminal, open_terminal: OpenTerminal, account: Account
) -> None:
    os.kill(seat.process, signal.SIGKILL)
    again = open_terminal()
    again.start(ssh.argv())
    log_in(again, account.password)
    again.run("echo again")
    await_event(hop.session, "channel-opened", connection=2)
