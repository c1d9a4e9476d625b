"""Sessions of one host: opened, steered and closed over its socket, apart from each other."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.end_to_end.conftest import OpenTerminal, log_in
from tests.end_to_end.support.accounts import Account, processes_of
from tests.end_to_end.support.client import SshClient
from tests.end_to_end.support.hop import run_jumpseat
from tests.end_to_end.support.host import Host, Opened
from tests.end_to_end.support.recordings import await_event, journal, text_of, verify
from tests.end_to_end.support.sshd import StockSshd
from tests.end_to_end.support.waiting import wait_for

StartHost = Callable[..., Host]
ClientOf = Callable[[Opened], SshClient]


@pytest.fixture
def start_host(tmp_path: Path) -> Iterator[StartHost]:
    """Starts hosts; each must end in order."""
    started: list[Host] = []

    def start(*words: str, name: str = "host") -> Host:
        host = Host(tmp_path / name, *words)
        started.append(host)
        host.start()
        return host

    yield start
    for host in reversed(started):
        host.stop()


@pytest.fixture
def host(start_host: StartHost) -> Host:
    return start_host()


@pytest.fixture
def client_of(tmp_path: Path, account: Account) -> ClientOf:
    """The candidate's ssh to a session."""

    def make(session: Opened) -> SshClient:
        place = tmp_path / f"candidate-{session.id}"
        place.mkdir(exist_ok=True)
        return SshClient(
            directory=place, port=session.port, user=account.name, passwords=(account.password,)
        )

    return make


@pytest.fixture
def admitted(host: Host, stock_sshd: StockSshd) -> Opened:
    """A session that lets the tests in."""
    session = host.new(stock_sshd.address)
    host.admit(session)
    return session


def _details(session: Opened) -> str:
    (closed,) = journal(session.directory, "session-closed")
    return str(closed["detail"])


def test_orders_without_a_running_serve_say_so(tmp_path: Path) -> None:
    home = str(tmp_path / "home")
    done = run_jumpseat(
        "session", "new", "--target", "127.0.0.1:1", "--home", home, directory=tmp_path
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "no `jumpseat serve` is running" in done.stderr
    assert done.stderr.count("\n") == 1


def test_three_sessions_at_once_are_apart(
    host: Host, stock_sshd: StockSshd, client_of: ClientOf
) -> None:
    names = ["A. Example", "B. Example", "C. Example"]
    sessions = [host.new(stock_sshd.address, "--candidate", name) for name in names]
    assert len({session.port for session in sessions}) == 3
    assert sorted(host.session_processes) == sorted(session.process for session in sessions)
    for session in sessions:
        host.admit(session)
    for session in sessions:
        assert client_of(session).run(f"echo {session.id}").stdout.decode() == f"{session.id}\n"
    listed = {row["id"]: row for row in host.json("session", "list")}
    for session, name in zip(sessions, names, strict=True):
        assert listed[session.id]["candidate"] == name
        assert (listed[session.id]["state"], listed[session.id]["port"]) == ("live", session.port)
        commands = [line["command"] for line in journal(session.directory, "channel-opened")]
        assert commands == [f"echo {session.id}"]
    host.stop()
    for session in sessions:
        assert _details(session) == "the host ended"
        verify(host.home, session.directory)


def test_nobody_is_admitted_before_an_address_is_named_then_only_that(
    host: Host, stock_sshd: StockSshd, client_of: ClientOf
) -> None:
    session = host.new(stock_sshd.address)
    ssh = client_of(session)
    assert ssh.run("echo in").returncode == 255
    refused = await_event(session.directory, "connection-refused")
    assert (refused["reason"], refused["times"]) == ("address", 1)
    assert refused["peer"].startswith("127.0.0.1:")
    host.admit(session)
    assert ssh.run("echo in").stdout == b"in\n"
    assert ssh.with_options("BindAddress=127.0.0.2").run("echo in").returncode == 255

    def refused_twice() -> list[str] | None:
        lines = journal(session.directory, "connection-refused")
        return [line["peer"] for line in lines] if len(lines) > 1 else None

    peers = wait_for(refused_twice, "second refusal in the journal")
    assert [peer.partition(":")[0] for peer in peers] == ["127.0.0.1", "127.0.0.2"]
    assert [line["connection"] for line in journal(session.directory, "connection-opened")] == [1]


@pytest.mark.parametrize(
    ("address", "kind", "word"),
    [("127.0.0.1", "loopback", "itself"), ("192.168.1.5", "private", "private")],
)
def test_address_that_cannot_be_the_candidates_is_refused_and_noted(
    host: Host, stock_sshd: StockSshd, client_of: ClientOf, address: str, kind: str, word: str
) -> None:
    session = host.new(stock_sshd.address)
    done = host.run("session", "allow", session.id, address)
    assert (done.returncode, done.stdout) == (1, "")
    assert address in done.stderr
    assert word in done.stderr
    assert "--force" in done.stderr
    given = await_event(session.directory, "address-given")
    assert (given["address"], given["kind"]) == (f"{address}/32", kind)
    assert given["admitted"] is False
    assert client_of(session).run("echo in").returncode == 255
    host.admit(session, address)
    assert await_event(session.directory, "address-given", admitted=True)["kind"] == kind
    shown = host.json("session", "show", session.id)
    assert [each["admitted"] for each in shown["addresses"]] == [False, True]
    assert [each["reason"] for each in shown["refused"]] == ["address"]


def test_session_that_is_killed_is_cut_off_and_the_others_go_on(
    host: Host, stock_sshd: StockSshd, client_of: ClientOf, open_terminal: OpenTerminal,
    account: Account,
) -> None:  # fmt: skip
    killed, other = (host.new(stock_sshd.address) for _ in range(2))
    seats = []
    for session in (killed, other):
        host.admit(session)
        seat = open_terminal()
        seat.start(client_of(session).argv())
        log_in(seat, account.password)
        seat.run(f"echo seen in {session.id}")
        seats.append(seat)
    cast = killed.directory / "c1-1.cast"
    wait_for(lambda: text_of(cast, "o").count(f"seen in {killed.id}") == 2, "output on disk")
    os.kill(killed.process, signal.SIGKILL)
    assert seats[0].await_exit() == 255
    closed = await_event(killed.directory, "session-closed")
    assert closed["reason"] == "cut-off"
    wait_for((killed.directory / "manifest.json.sig").exists, "signature of what was cut off")
    verify(host.home, killed.directory)
    said = wait_for(
        lambda: [line for line in host.err.read_text().splitlines() if "SIGKILL" in line],
        "line about the crash", detail=host.err.read_text,
    )  # fmt: skip
    assert killed.id in said[0]
    seats[1].run("echo goes on")
    states = {row["id"]: row["state"] for row in host.json("session", "list")}
    assert states == {killed.id: "cut-off", other.id: "live"}
    assert host.new(stock_sshd.address).id not in states
    done = host.run("session", "close", killed.id)
    assert done.returncode == 1
    assert "not open" in done.stderr


def test_sessions_end_with_a_host_that_is_killed(
    host: Host, stock_sshd: StockSshd, start_host: StartHost
) -> None:
    sessions = [host.new(stock_sshd.address) for _ in range(2)]
    host.kill()
    for session in sessions:
        wait_for(
            lambda process=session.process: not Path(f"/proc/{process}/fd/0").exists(),
            "end of the session's process",
        )
    again = start_host()
    assert {row["state"] for row in again.json("session", "list")} == {"cut-off"}
    for session in sessions:
        verify(again.home, session.directory)


def test_close_during_use_ends_the_shell_and_signs_the_recording(
    host: Host, admitted: Opened, client_of: ClientOf, open_terminal: OpenTerminal,
    account: Account,
) -> None:  # fmt: skip
    seat = open_terminal()
    seat.start(client_of(admitted).argv())
    log_in(seat, account.password)
    seat.enter("echo busy; sleep 1000")
    seat.wait_for("^busy$")
    told = host.json("session", "close", admitted.id)
    assert (told["id"], told["state"]) == (admitted.id, "closed")
    # The answer comes when all is done: nothing has to be awaited.
    verify(host.home, admitted.directory)
    assert _details(admitted) == "closed by the interviewer"
    assert seat.await_exit() == 255
    wait_for(lambda: not processes_of(account.uid), "end of the candidate's processes")
    assert client_of(admitted).run("true").returncode == 255
    assert host.session_processes == []


def test_consent_comes_before_the_targets_own_banner(
    host: Host, stock_sshd: StockSshd, client_of: ClientOf, direct: SshClient
) -> None:
    banner = stock_sshd.directory / "banner"
    banner.write_text("Only for those who were invited.\n")
    stock_sshd.configure(Banner=str(banner))
    stock_sshd.reload()
    words = "We record this hour.\nAsk us to stop at any time."
    told = host.new(stock_sshd.address, "--consent-text", words, consent=True)
    untold = host.new(stock_sshd.address)
    for session in (told, untold):
        host.admit(session)
    printed = {}
    clients = {"direct": direct, "told": client_of(told), "untold": client_of(untold)}
    for name, client in clients.items():
        assert client.run("true").returncode == 0  # which also learns the host key
        printed[name] = client.with_options("LogLevel=INFO").run("true").stderr.decode()
    assert "Only for those who were invited." in printed["direct"]
    assert printed["untold"] == printed["direct"]
    assert printed["told"] == f"{words}\n{printed['direct']}"
    (terms,) = journal(told.directory, "session-terms")
    assert (terms["consent"], terms["consent_text"]) == ("banner", words + "\n")
    (terms,) = journal(untold.directory, "session-terms")
    assert terms["consent"] == "elsewhere"
    assert "consent_text" not in terms
    shown_to = [line["connection"] for line in journal(told.directory, "consent-shown")]
    assert shown_to == [1, 2]
    assert journal(untold.directory, "consent-shown") == []


def test_words_and_clock_come_from_the_exercise(
    host: Host, stock_sshd: StockSshd, client_of: ClientOf
) -> None:
    session = host.new(stock_sshd.address, "--exercise", "ghost", consent=True)
    host.admit(session)
    done = client_of(session).with_options("LogLevel=INFO").run("true")
    assert b"This session is recorded for the hiring team" in done.stderr
    started = host.json("session", "start", session.id)
    assert started["clock_length"] == 3600
    assert started["clock_ends"] - started["clock_started"] == 3600
    assert started["exercise"] == "ghost"
    wait_for(
        lambda: host.json("session", "list")[0]["clock_started"] is not None, "clock in the store"
    )
    again = host.run("session", "start", session.id)
    assert again.returncode == 1
    assert "runs already" in again.stderr


def test_clock_that_runs_out_closes_the_session_in_order(
    host: Host, stock_sshd: StockSshd, client_of: ClientOf, open_terminal: OpenTerminal,
    account: Account,
) -> None:  # fmt: skip
    session = host.new(stock_sshd.address, "--minutes", "0.05")
    host.admit(session)
    seat = open_terminal()
    seat.start(client_of(session).argv())
    log_in(seat, account.password)
    # Before it starts, so that a slow machine does not let it run out first.
    extended = host.json("session", "extend", session.id, "0.05")
    assert extended["clock_length"] == pytest.approx(6.0)
    host.json("session", "start", session.id)
    assert seat.await_exit() == 255
    await_event(session.directory, "session-closed")
    lines = journal(session.directory)
    assert [line["event"] for line in lines][-4:] == [
        "clock-ended", "channel-closed", "connection-closed", "session-closed",
    ]  # fmt: skip
    (started,) = journal(session.directory, "clock-started")
    (ended,) = journal(session.directory, "clock-ended")
    assert started["length"] == pytest.approx(6.0)
    assert 6.0 <= ended["t"] - started["t"] < 9
    assert _details(session) == "the clock ran out"
    wait_for(lambda: not host.session_processes, "end of the session's process")
    verify(host.home, session.directory)


def test_limits_on_length_and_size_close_a_session(
    start_host: StartHost, stock_sshd: StockSshd, client_of: ClientOf
) -> None:
    host = start_host("--max-size", "1", name="small")
    session = host.new(stock_sshd.address)
    host.admit(session)
    client_of(session).run("head -c 3000000 /dev/urandom | base64", flags=("-tt",))
    closed = await_event(session.directory, "session-closed")
    assert (closed["reason"], "1 MiB" in closed["detail"]) == ("closed", True)
    wait_for((session.directory / "manifest.json.sig").exists, "signature")
    verify(host.home, session.directory)
    short = start_host("--max-hours", "0.0005", name="short")
    session = short.new(stock_sshd.address)
    closed = await_event(session.directory, "session-closed")
    assert "the most that is allowed" in closed["detail"]


def test_limits_on_logins_hold(
    start_host: StartHost, stock_sshd: StockSshd, client_of: ClientOf
) -> None:
    stock_sshd.configure(MaxAuthTries="50")
    stock_sshd.reload()
    host = start_host("--max-tries", "2", "--max-startups", "2", "--login-grace", "6")
    session = host.new(stock_sshd.address)
    host.admit(session)
    ssh = client_of(session)
    wrong = SshClient(
        directory=ssh.directory, port=ssh.port, user=ssh.user, passwords=("a", "b", "c", "d")
    ).with_options("NumberOfPasswordPrompts=5", "PreferredAuthentications=password")
    done = wrong.run("true")
    assert done.returncode == 255
    assert b"Too many authentication failures" in done.stderr
    await_event(session.directory, "connection-closed", connection=1)
    assert len([
        line for line in journal(session.directory, "login-attempt") if line["method"] == "password"
    ]) == 2  # fmt: skip
    began = time.monotonic()
    open_sockets = [socket.create_connection(("127.0.0.1", session.port)) for _ in range(2)]
    for each in open_sockets:
        assert each.recv(4) == b"SSH-"
    assert ssh.run("true").returncode == 255
    assert await_event(session.directory, "connection-refused", reason="startups")
    for each in open_sockets:
        each.settimeout(60)
        while each.recv(4096):
            pass
        each.close()
    assert 5.5 < time.monotonic() - began < 15
    assert ssh.run("echo in").stdout == b"in\n"


def test_target_with_another_host_key_is_cured_by_repin(
    host: Host, stock_sshd: StockSshd, admitted: Opened, client_of: ClientOf
) -> None:
    ssh = client_of(admitted)
    assert ssh.run("true").returncode == 0
    stock_sshd.stop()
    stock_sshd.make_host_key()
    stock_sshd.start()
    assert ssh.run("true").returncode == 255
    shown = await_event(admitted.directory, "target-host-key", verdict="changed")["fingerprint"]
    assert "session repin" in host.run("session", "new", "--target", stock_sshd.address).stderr
    asked = host.run("session", "repin", admitted.id)
    assert asked.returncode == 2
    assert shown in asked.stderr
    wrong = host.run("session", "repin", admitted.id, "--fingerprint", f"{shown[:-1]}?")
    assert wrong.returncode == 1
    assert "nothing was changed" in wrong.stderr
    assert ssh.run("true").returncode == 255
    done = host.run("session", "repin", admitted.id, "--fingerprint", shown)
    assert done.returncode == 0, done.stderr
    await_event(admitted.directory, "target-host-key", verdict="repinned", fingerprint=shown)
    assert ssh.run("echo in").stdout == b"in\n"
    again = host.run("session", "repin", admitted.id)
    assert again.returncode == 0
    assert "nothing to do" in again.stderr


def test_control_socket_is_for_its_owner(
    host: Host, account: Account, stock_sshd: StockSshd
) -> None:
    control = host.home / "control.sock"
    assert stat.S_IMODE(control.stat().st_mode) == 0o600
    # Where even the way to the socket and its mode are open, the kernel still says who calls.
    for path in [control, *control.parents]:
        if path != Path("/") and str(path).startswith("/tmp/"):
            path.chmod(0o777)
    order = json.dumps({"verb": "close", "session": "x"})
    code = (
        "import socket,sys; s=socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]);"
        " s.sendall(sys.argv[2].encode()+b'\\n'); print(s.recv(4096))"
    )
    python = shutil.which("python3", path="/usr/bin")
    if python is None:
        pytest.skip("no python3 of the system, which another user could run")
    done = subprocess.run(
        ["runuser", "-u", account.name, "--", python, "-c", code, str(control), order],
        capture_output=True, text=True, check=False, timeout=60, cwd="/",
    )  # fmt: skip
    assert (done.stdout.strip() or "b''") == "b''", done
    wait_for(lambda: "may not give orders" in host.err.read_text(), "word about who called")
    host.home.chmod(0o700)


def test_second_host_on_the_same_home_is_refused(host: Host, tmp_path: Path) -> None:
    done = host.run("serve", "--listen", "127.0.0.1:0")
    assert (done.returncode, done.stdout) == (1, "")
    assert "another `jumpseat serve`" in done.stderr


def test_host_that_was_opened_for_one_session_ends_with_it(
    tmp_path: Path, stock_sshd: StockSshd
) -> None:
    host = Host(tmp_path / "one", "--target", stock_sshd.address, "--consent", "elsewhere")
    with host.out.open("wb") as out:
        process = subprocess.Popen(host.argv, stdout=out, stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: "listening on" in host.out.read_text(), "line `listening on`")
        told = host.json("session", "close", "latest")
        assert told["gate"] == "everybody"
        assert process.wait(timeout=60) == 0
    finally:
        process.kill()
        process.wait()
