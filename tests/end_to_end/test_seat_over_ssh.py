"""Interviewers watch by stock ssh: they see what the candidate sees, and get nothing else."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.conftest import OpenTerminal, StartHop, log_in
from tests.end_to_end.support.accounts import Account
from tests.end_to_end.support.client import SshClient
from tests.end_to_end.support.hop import JUMPSEAT, Hop, is_gone
from tests.end_to_end.support.host import Host
from tests.end_to_end.support.sshd import StockSshd
from tests.end_to_end.support.team import Team, seat_port
from tests.end_to_end.support.terminal import Terminal
from tests.end_to_end.support.waiting import wait_for

OFFERED = "what can be had: watch [SESSION]"


@pytest.fixture(scope="module")
def seats(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Host, Team, int]]:
    """A host without sessions, whose seat's port alice and bob may use."""
    place = tmp_path_factory.mktemp("seats")
    team = Team(place / "team")
    team.enlist("alice", "bob")
    host = Host(place / "host", *team.options)
    host.start()
    yield host, team, seat_port(host.out.read_text)
    host.stop()


def on_terminal(terminal: Terminal, client: SshClient, *words: str) -> None:
    argv = client.argv(*words)
    terminal.start([argv[0], "-tt", *argv[1:]], term="xterm-256color")


def seat_processes(serve: int) -> dict[int, str]:
    """Return the seats' processes below a host, each with its words."""
    found = {}
    for server in _children(serve):
        if "recorder.seats" in _words(server):
            found |= {child: " ".join(_words(child)[4:]) for child in _children(server)}
    return found


def seat_servers(serve: int) -> list[int]:
    return [each for each in _children(serve) if "recorder.seats" in _words(each)]


def _children(process: int) -> list[int]:
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return []  # it has ended since it was found
    return [int(word) for word in children.split()]


def _words(process: int) -> list[str]:
    try:
        return Path(f"/proc/{process}/cmdline").read_text().rstrip("\0").split("\0")
    except OSError:
        return []


def candidates_rows(screen: str) -> list[str]:
    """Return what the server has put on a candidate's screen, row by row."""
    return [row for row in screen.splitlines() if row.strip() and "password:" not in row]


def shows(watcher: Terminal, rows: list[str]) -> bool:
    screen = watcher.screen()
    return all(row in screen for row in rows)


def test_two_over_ssh_and_one_here_see_what_the_candidate_sees_and_leave_no_trace(
    tmp_path: Path, account: Account, stock_sshd: StockSshd, start_hop: StartHop,
    open_terminal: OpenTerminal,
) -> None:  # fmt: skip
    team = Team(tmp_path / "team")
    team.enlist("alice", "bob")
    hop = start_hop(stock_sshd.address, *team.options)
    port = seat_port(hop.out.read_text)
    place = tmp_path / "candidate"
    place.mkdir()
    candidate = open_terminal(80, 20)
    candidate.start(
        SshClient(
            directory=place, port=hop.port, user=account.name, passwords=(account.password,)
        ).argv()
    )
    log_in(candidate, account.password)
    candidate.run("echo before anybody watches")
    sshd_log, logins = stock_sshd.log.read_text(), sorted(stock_sshd.session_processes())
    journal = (hop.session / "session.jsonl").read_text()

    watchers = [open_terminal(150, 45) for _ in range(3)]
    on_terminal(watchers[0], team.client("alice", port), "watch")
    on_terminal(watchers[1], team.client("bob", port), "watch", hop.session.name[:4])
    watchers[2].start([str(JUMPSEAT), "watch", "--home", str(hop.home)])
    for each in watchers:
        each.wait_for("before anybody watches")
    candidate.run("printf 'one\\ntwo\\nthree\\n' | nl; uptime -p | cut -c 1-2")
    candidate.run("w -h | wc -l; echo $((6*7)) is the answer")
    rows = candidates_rows(candidate.screen())
    assert any("42 is the answer" in row for row in rows)
    for each in watchers:
        wait_for(lambda each=each: shows(each, rows), "the candidate's screen", detail=each.screen)

    # On the target nobody came, and the recording knows of nobody.
    assert sorted(stock_sshd.session_processes()) == logins
    assert stock_sshd.log.read_text() == sshd_log
    added = (hop.session / "session.jsonl").read_text().removeprefix(journal)
    assert not any(word in added for word in ("alice", "bob", "watch", "connection-opened"))
    assert sorted(seat_processes(hop.process.pid).values()) == [
        "alice watch", f"bob watch {hop.session.name[:4]}",
    ]  # fmt: skip

    # One is killed, one is stopped with its client; nobody else notices.
    (bobs,) = [key for key, value in seat_processes(hop.process.pid).items() if "bob" in value]
    os.kill(bobs, signal.SIGKILL)
    assert watchers[1].await_exit() == 128 + signal.SIGKILL
    os.kill(watchers[0].process, signal.SIGSTOP)
    candidate.run("seq 1 20000 | tail -3; echo still here")
    wait_for(
        lambda: shows(watchers[2], ["19999", "still here"]), "the output", detail=watchers[2].screen
    )
    os.kill(watchers[0].process, signal.SIGCONT)
    wait_for(
        lambda: shows(watchers[0], ["19999", "still here"]), "the output", detail=watchers[0].screen
    )
    watchers[0].key("q")
    assert watchers[0].await_exit() == 0
    wait_for(lambda: not seat_processes(hop.process.pid), "end of the seats")


def test_what_an_interviewer_does_is_kept_and_traced_under_the_name_of_their_key(
    tmp_path: Path, start_hop: StartHop, account: Account, stock_sshd: StockSshd,
    open_terminal: OpenTerminal,
) -> None:  # fmt: skip
    team = Team(tmp_path / "team")
    team.enlist("alice", "lead:facilitator")
    hop = start_hop(stock_sshd.address, *team.options)
    place = tmp_path / "candidate"
    place.mkdir()
    client = SshClient(
        directory=place, port=hop.port, user=account.name, passwords=(account.password,)
    )
    candidate = open_terminal(80, 20)
    candidate.start(client.argv())
    log_in(candidate, account.password)
    candidate.run("ip addr | head -3; cat /etc/os-release | head -2; uname -a")
    seat = open_terminal(120, 40)
    on_terminal(seat, team.client("alice", seat_port(hop.out.read_text)), "watch")
    seat.wait_for(r"Tags [1-9]")
    narrow = open_terminal(40, 40)
    on_terminal(narrow, team.client("alice", seat_port(hop.out.read_text)), "watch", "--sidebar")
    narrow.wait_for("Clock")
    narrow.wait_for("Clock not started")
    narrow.wait_for("Tags [1-9]")
    narrow.wait_for("LIVE")
    assert "starts it" not in narrow.screen()

    def refused() -> bool:
        narrow.key("S")  # again and again: the words stay for seconds only
        return "whoever" in narrow.screen()

    wait_for(refused, "words that refuse the clock", detail=narrow.screen)
    narrow.key("q")
    assert narrow.await_exit() == 0
    seat.key("p")
    seat.key("y")
    seat.wait_for("right")

    def judged() -> list[tuple[str]]:
        with sqlite3.connect(hop.home / "jumpseat.db") as store:
            return store.execute("SELECT DISTINCT who FROM judgements").fetchall()

    wait_for(judged, "a judgement", detail=seat.screen)
    assert judged() == [("alice",)]

    # What was done is in the trace, by the name of the key; only who may see it does.
    def traced() -> list[tuple[str, str, str, str | None]]:
        fields = ("who", "door", "action", "about")
        return [tuple(each[name] for name in fields) for each in hop.json("trace", "list")]

    session, port = hop.session.name, seat_port(hop.out.read_text)
    deeds = {("alice", "ssh", "watched", session), ("alice", "ssh", "judged", session)}
    wait_for(lambda: deeds <= set(traced()), "the trace", detail=lambda: str(traced()))
    assert ("serve", "interviewers-changed") in {each[1:3] for each in traced()}
    refused_to = [("alice", ("trace", session)), ("alice", ("trace",)), ("lead", ("trace",))]
    for name, words in refused_to:
        told = team.client(name, port).run(*words, flags=("-tt",))
        assert told.returncode == 1
        assert b"may not see the" in told.stdout + told.stderr
        assert b"judged" not in told.stdout
    shown = team.client("lead", port).run("trace", session, flags=("-tt",))
    assert shown.returncode == 0
    assert re.search(rf"alice +ssh +judged +{session}", shown.stdout.decode())
    assert hop.jumpseat("trace", "verify").returncode == 0


def test_without_a_command_the_sessions_are_listed_and_leaving_works(
    seats: tuple[Host, Team, int], open_terminal: OpenTerminal
) -> None:
    host, team, port = seats
    terminal = open_terminal(100, 30)
    on_terminal(terminal, team.client("alice", port))
    terminal.wait_for("sessions|No session")
    terminal.key("C-z")
    terminal.resize(80, 24)
    terminal.wait_for("No session")
    assert list(seat_processes(host.process.pid).values()) == ["alice"]
    terminal.key("q")
    assert terminal.await_exit() == 0
    wait_for(lambda: not seat_processes(host.process.pid), "end of the seat")


@pytest.mark.parametrize(
    "command",
    ["sh", "bash -i", "watch $(id)", "watch ../../etc", "watch /etc/passwd", "watch --help",
     "watch --home=/tmp", "session list", "serve", "scp -t /tmp/x", "replay x.cast", "watch;id"],
)  # fmt: skip
def test_no_other_command_is_run(seats: tuple[Host, Team, int], command: str) -> None:
    host, team, port = seats
    done = team.client("alice", port).run(command, flags=("-tt",))
    assert (done.returncode, OFFERED in done.stderr.decode()) == (2, True)
    assert b"uid=" not in done.stdout + done.stderr
    assert seat_processes(host.process.pid) == {}


def test_without_a_terminal_it_says_how_to_get_one(seats: tuple[Host, Team, int]) -> None:
    _, team, port = seats
    done = team.client("alice", port).run("watch", "k7")
    assert done.returncode == 2
    assert b"`ssh -t`" in done.stderr
    assert done.stdout == b""


def test_a_session_that_is_not_there_is_told_in_a_line(seats: tuple[Host, Team, int]) -> None:
    _, team, port = seats
    for words in (("watch",), ("watch", "nosuch"), ("replay", "etc"), ("watch", "--sidebar", "zz")):
        done = team.client("alice", port).run(*words, flags=("-tt",))
        said = (done.stdout + done.stderr).decode()
        assert done.returncode == 1, said
        assert re.search(r"no session|there are no sessions", said)
        assert "Traceback" not in said


def test_files_do_not_travel(seats: tuple[Host, Team, int], tmp_path: Path) -> None:
    _, team, port = seats
    client = team.client("alice", port)
    (tmp_path / "file").write_text("x")
    options = [word for each in (*client.options, *client.standard) for word in ("-o", each)]
    for flags in (("-O",), ()):
        done = client.run_tool("scp", *flags, "-P", str(port), *options, str(tmp_path / "file"))
        assert done.returncode != 0
    sftp = client.run(flags=("-s",), stdin=b"")
    assert sftp.returncode == 255
    assert client.run("sftp", flags=("-s",)).stderr == b"subsystem request failed on channel 0\r\n"


def test_nothing_is_forwarded(seats: tuple[Host, Team, int], tmp_path: Path) -> None:
    _, team, port = seats
    client = team.client("alice", port)
    via = client.with_options("LogLevel=INFO").run(flags=("-W", f"127.0.0.1:{port}"))
    assert (via.returncode, via.stdout) == (255, b"")
    assert b"stdio forwarding failed" in via.stderr
    for wish in (f"0:127.0.0.1:{port}", f"{tmp_path}/sock:127.0.0.1:{port}"):
        back = client.with_options("ExitOnForwardFailure=yes").run(flags=("-N", "-R", wish))
        assert back.returncode == 255
        assert b"remote port forwarding failed" in back.stderr
    assert not (tmp_path / "sock").exists()


def test_agent_display_and_variables_do_not_reach_the_seat(
    seats: tuple[Host, Team, int], tmp_path: Path, open_terminal: OpenTerminal
) -> None:
    host, team, port = seats
    socket = Path(f"/tmp/jumpseat-agent-{os.getpid()}")
    started = subprocess.run(
        ["ssh-agent", "-s", "-a", str(socket)], capture_output=True, text=True, check=True
    )
    agent = int(re.findall(r"SSH_AGENT_PID=(\d+)", started.stdout)[0])
    try:
        client = team.client("alice", port).with_options(
            f"IdentityAgent={socket}", "ForwardAgent=yes", "ForwardX11=yes",
            "ForwardX11Trusted=yes",
            "SetEnv=LANG=xx_YY.UTF-8 LD_PRELOAD=/tmp/x.so EDITOR=vi COLORTERM=truecolor",
        )  # fmt: skip
        argv = client.argv()
        terminal = open_terminal(100, 30)
        terminal.start(["env", "DISPLAY=:9", argv[0], "-tt", *argv[1:]], term="no-such-terminal")
        terminal.wait_for("No session")
        (seat,) = seat_processes(host.process.pid)
        told = Path(f"/proc/{seat}/environ").read_bytes().decode().rstrip("\0").split("\0")
        names = {each.partition("=")[0] for each in told}
        assert names & {"SSH_AUTH_SOCK", "DISPLAY", "LD_PRELOAD", "EDITOR", "XAUTHORITY"} == set()
        assert {"LANG=C.UTF-8", "COLORTERM=truecolor", "TERM=no-such-terminal"} <= set(told)
        terminal.key("q")
        assert terminal.await_exit() == 0
    finally:
        os.kill(agent, signal.SIGTERM)
        socket.unlink(missing_ok=True)


def test_nobody_else_gets_in(seats: tuple[Host, Team, int]) -> None:
    host, team, port = seats
    said = set()
    for name, key in (("alice", "eve"), ("bob", "alice"), ("root", "alice"), ("eve", "eve")):
        done = team.client(name, port, key=key).run("watch", flags=("-tt",))
        assert done.returncode == 255
        said.add(done.stderr.decode().partition(":")[2])
    # A name that is listed and one that is not read the same.
    assert len(said) == 1
    assert "Permission denied (publickey)." in said.pop()
    assert seat_processes(host.process.pid) == {}


def test_who_is_struck_off_is_shown_out_with_a_word(
    tmp_path: Path, open_terminal: OpenTerminal
) -> None:
    team = Team(tmp_path / "team")
    team.enlist("alice", "bob")
    host = Host(tmp_path / "host", *team.options)
    host.start()
    try:
        port = seat_port(host.out.read_text)
        terminals = [open_terminal(), open_terminal()]
        for terminal, name in zip(terminals, ("alice", "bob"), strict=True):
            on_terminal(terminal, team.client(name, port))
            terminal.wait_for("No session")
        team.enlist("bob")
        assert terminals[0].await_exit() == 1
        terminals[0].wait_for("no longer listed with this key")
        # The server dies and comes back on the same port; whoever sat comes again.
        (server,) = seat_servers(host.process.pid)
        os.kill(server, signal.SIGKILL)
        assert terminals[1].await_exit() == 255
        wait_for(lambda: seat_servers(host.process.pid) not in ([], [server]), "another server")
        done = team.client("bob", port).run("watch", "nosuch", flags=("-tt",))
        assert done.returncode == 1
        # When serve is killed nothing of it stays behind.
        left = open_terminal()
        on_terminal(left, team.client("bob", port))
        left.wait_for("No session")
        (seat,) = seat_processes(host.process.pid)
        host.kill()
        wait_for(lambda: is_gone(seat), "end of the seat")
        # The server may still have had the time to show it out.
        assert left.await_exit() in {1, 255}
    finally:
        host.stop()


def test_serve_says_what_is_wrong_before_it_listens(tmp_path: Path) -> None:
    team = Team(tmp_path / "team")
    team.enlist("alice")
    hop = Hop(tmp_path / "hop", "127.0.0.1:9")
    for words, told in (
        (("--seat-port", "0"), "add --interviewers FILE"),
        (("--interviewers", str(team.file)), "--seat-port N"),
        (("--interviewers", str(tmp_path / "absent"), "--seat-port", "0"), "No such file"),
    ):
        done = hop.jumpseat("serve", *words)
        assert done.returncode in {1, 2}
        assert told in done.stderr
        assert done.stdout == ""
    team.file.write_text("alice\nbob ssh-ed25519 AAAA\n")
    done = hop.jumpseat("serve", *team.options)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"{team.file}:1: " in done.stderr
    assert f"{team.file}:2: " in done.stderr
