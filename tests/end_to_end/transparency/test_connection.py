"""What holds for a whole connection: several sessions, keys anew, compression, keep-alives, limits.

Each is done directly and through the hop, and compared.
"""

from __future__ import annotations

import hashlib
import os
import re
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.end_to_end.support.accounts import Account, processes_of
from tests.end_to_end.support.hop import Hop
from tests.end_to_end.support.recordings import await_event
from tests.end_to_end.support.routes import TARGET, Result, Route, Routes
from tests.end_to_end.support.sshd import StockSshd
from tests.end_to_end.support.waiting import wait_for


@pytest.mark.shares_a_hop
def test_keys_are_made_anew_while_data_flow_both_ways(routes: Routes) -> None:
    data = os.urandom(30_000_000)

    def act(route: Route) -> tuple[int, str, int]:
        route.configure(LogLevel="DEBUG1", RekeyLimit="1M")
        status, output, errors = route.run_ssh(TARGET, "cat", stdin=data)
        return status, hashlib.sha256(output).hexdigest(), errors.count(b"rekeying in progress")

    assert act(routes.direct)[:2] == (0, hashlib.sha256(data).hexdigest())
    status, digest, _ = act(routes.hop)
    assert (status, digest) == (0, hashlib.sha256(data).hexdigest())
    _, _, errors = routes.hop.run_ssh(TARGET, "head -c 10000000 /dev/zero")
    assert errors.count(b"SSH2_MSG_NEWKEYS received") > 3


def test_target_that_wants_new_keys_gets_them(routes: Routes, stock_sshd: StockSshd) -> None:
    stock_sshd.configure(RekeyLimit="1M")
    stock_sshd.reload()
    data = os.urandom(20_000_000)
    assert routes.same_ssh(TARGET, "cat", stdin=data) == (0, data, b"")


@pytest.mark.shares_a_hop
def test_compression_is_agreed_on(routes: Routes) -> None:
    data = b"the same again\n" * 200_000

    def act(route: Route) -> tuple[int, bytes, set[bytes]]:
        route.configure(LogLevel="DEBUG1", Compression="yes")
        status, output, errors = route.run_ssh(TARGET, "cat", stdin=data)
        return status, output, set(re.findall(rb"compression: (\S+)", errors))

    status, output, methods = routes.same(act)
    assert (status, output) == (0, data)
    assert methods == {b"zlib@openssh.com"}


@pytest.mark.parametrize("asker", ["client", "target"])
def test_keep_alive_is_answered_by_the_other_end(
    routes: Routes, stock_sshd: StockSshd, asker: str
) -> None:
    if asker == "client":
        routes.configure(ServerAliveInterval="1", ServerAliveCountMax="4")
    else:
        stock_sshd.configure(ClientAliveInterval="1", ClientAliveCountMax="4")
        stock_sshd.reload()
    # Without an answer it would end after five seconds; a busy machine may take two for one.
    run = routes.same_at_once
    assert run(lambda route: route.run_ssh(TARGET, "sleep 7; echo alive")) == (0, b"alive\n", b"")


def test_client_notices_that_the_target_is_frozen(routes: Routes, stock_sshd: StockSshd) -> None:
    """A hop that answered for the target would hide that it hangs."""
    routes.verbose()
    routes.configure(ServerAliveInterval="1", ServerAliveCountMax="2", LogLevel="INFO")

    def act(route: Route) -> tuple[int, bytes]:
        before = set(stock_sshd.session_processes())
        with route.started(TARGET, "echo up; exec sleep 1000") as client:
            assert client.stdout is not None
            assert client.stderr is not None
            assert client.stdout.readline() == b"up\n"
            frozen = set(stock_sshd.session_processes()) - before
            for process in frozen:
                os.kill(process, signal.SIGSTOP)
            try:
                return client.wait(timeout=60), client.stderr.read()
            finally:
                for process in frozen:
                    os.kill(process, signal.SIGCONT)

    status, said = routes.same(act)
    assert status == 255
    assert b"not responding" in said


@pytest.mark.shares_a_hop
def test_sessions_over_one_master_are_whole(routes: Routes) -> None:
    """120 in soak; `test_volume` has fifty of another size."""
    expected = "".join(f"{number}\n" for number in range(1, 2001)).encode()

    def act(route: Route) -> set[Result]:
        master = str(route.place / "master")
        with route.started("-M", "-S", master, "-N", TARGET):
            wait_for(Path(master).exists, "socket of the master")
            with ThreadPoolExecutor(4) as clients:
                return set(
                    clients.map(
                        lambda _: route.run_ssh("-S", master, TARGET, "seq 1 2000"), range(24)
                    )
                )

    assert routes.same(act) == {(0, expected, b"")}


@pytest.mark.soak
def test_120_outputs_over_one_master_are_whole(routes: Routes) -> None:
    expected = "".join(f"{number}\n" for number in range(1, 20001)).encode()
    route = routes.hop
    master = str(route.place / "master")
    with route.started("-M", "-S", master, "-N", TARGET):
        wait_for(Path(master).exists, "socket of the master")
        found = [route.run_ssh("-S", master, TARGET, "seq 1 20000") for _ in range(120)]
    assert set(found) == {(0, expected, b"")}


def test_session_beyond_the_targets_limit_is_refused_alike(
    routes: Routes, stock_sshd: StockSshd, hop: Hop
) -> None:
    stock_sshd.configure(MaxSessions="1")
    stock_sshd.reload()
    routes.verbose()

    def act(route: Route) -> tuple[bytes, bytes]:
        master = str(route.place / "master")
        with route.started("-M", "-S", master, TARGET, "echo up; cat") as first:
            assert first.stdin is not None
            assert first.stdout is not None
            assert first.stderr is not None
            assert first.stdout.readline() == b"up\n"
            second = route.run_ssh("-S", master, "-o", "ControlMaster=no", TARGET, "echo no")
            first.stdin.close()
            first.wait(timeout=60)
            return first.stderr.read(), second[2].replace(str(route.place).encode(), b"")

    said, _ = routes.same(act)
    assert b"open failed" in said
    assert await_event(hop.session, "channel-refused")["kind"] == "session"


def test_variables_arrive_that_the_target_accepts(routes: Routes, stock_sshd: StockSshd) -> None:
    stock_sshd.configure(AcceptEnv="LANG LC_* GIT_*")
    stock_sshd.reload()
    values = "LANG=de_DE.UTF-8 LC_TIME=C GIT_AUTHOR_NAME=A SECRET_THING=x"
    for route in routes.both:
        route.configure(SetEnv=values)
    status, output, _ = routes.same_ssh(
        TARGET, "echo $LANG $LC_TIME $GIT_AUTHOR_NAME [$SECRET_THING]"
    )
    assert (status, output) == (0, b"de_DE.UTF-8 C A []\n")


@pytest.mark.shares_a_hop
def test_addresses_and_names_are_as_the_target_tells_them(routes: Routes) -> None:
    """The target sees the hop's address, which here is the same; everything else is the user's."""
    status, output, _ = routes.same_ssh(TARGET, "env | cut -d= -f1 | sort; id; ulimit -a; umask")
    assert status == 0
    assert b"SSH_CONNECTION" in output
    assert b"SSH_AUTH_SOCK" not in output


def test_connection_that_the_target_ends_is_told_alike(
    routes: Routes, stock_sshd: StockSshd
) -> None:
    routes.verbose()

    def act(route: Route) -> tuple[int, bytes, bytes]:
        before = set(stock_sshd.session_processes())
        with route.started(TARGET, "echo last words; exec sleep 1000") as client:
            assert client.stdout is not None
            assert client.stderr is not None
            first = client.stdout.readline()
            for process in set(stock_sshd.session_processes()) - before:
                os.kill(process, signal.SIGTERM)
            return client.wait(timeout=60), first, client.stderr.read()

    status, first, said = routes.same(act)
    assert (status, first) == (255, b"last words\n")
    assert b"closed by remote host" in said


def written(process: int) -> int:
    """Return how many bytes a process has written, 0 where it has ended."""
    try:
        return int(Path(f"/proc/{process}/io").read_text().split()[3])
    except (FileNotFoundError, ProcessLookupError):
        return 0


def test_all_that_was_said_before_the_end_of_a_connection_arrives(
    routes: Routes, stock_sshd: StockSshd
) -> None:
    """Such as the last output before a reboot, once sshd has sent what it has."""
    size = 1_900_000

    def act(route: Route) -> tuple[int, int]:
        before = set(stock_sshd.session_processes())
        looks: list[list[int]] = []

        def sent() -> bool:
            looks.append([written(each) for each in set(stock_sshd.session_processes()) - before])
            still = len(looks) > 15 and looks[-15] == looks[-1]
            return still and max(looks[-1], default=0) > size

        command = f"head -c {size} /dev/zero; exec sleep 1000"
        with ThreadPoolExecutor(1) as reader, route.started(TARGET, command) as client:
            assert client.stdout is not None
            output = reader.submit(client.stdout.read)
            wait_for(sent, "all of it sent by the target", detail=lambda: str(looks[-1:]))
            for process in set(stock_sshd.session_processes()) - before:
                os.kill(process, signal.SIGKILL)
            return client.wait(timeout=60), len(output.result())

    assert routes.same(act) == (255, size)


def test_client_that_is_killed_is_gone_from_the_target(routes: Routes, account: Account) -> None:
    def act(route: Route) -> int:
        with route.started("-tt", TARGET, "echo up; exec sleep 1000") as client:
            assert client.stdout is not None
            assert client.stdout.readline().strip() == b"up"
            client.kill()
            client.wait(timeout=60)
        wait_for(lambda: not processes_of(account.uid), "end of the candidate's processes")
        return len(processes_of(account.uid))

    assert routes.same(act) == 0


@pytest.mark.shares_a_hop
def test_quiet_connection_stays(routes: Routes) -> None:
    """Half an hour in soak."""
    assert routes.hop.run_ssh(TARGET, "sleep 10; echo still") == (0, b"still\n", b"")


@pytest.mark.soak
@pytest.mark.timeout(2400)
def test_connection_stays_that_is_quiet_for_half_an_hour(routes: Routes) -> None:
    done = routes.hop.run_ssh(TARGET, "sleep 1800; echo still", timeout=2000)
    assert done == (0, b"still\n", b"")


@pytest.mark.shares_a_hop
def test_background_program_keeps_the_client_as_long_as_direct(routes: Routes) -> None:
    """`sleep 3 & echo fg`: sshd ends when the shell does, if nobody else holds the output."""

    def waited(route: Route) -> bool:
        status, output, errors = route.run_ssh(TARGET, "date +%s%N; sleep 3 & echo fg")
        began, foreground = output.split()
        assert (status, foreground, errors) == (0, b"fg", b"")
        return time.time_ns() - int(began) >= 3_000_000_000

    def left_behind(route: Route) -> bool:
        command = "sleep 1000 >/dev/null 2>&1 </dev/null & echo $! fg"
        status, output, errors = route.run_ssh(TARGET, command)
        background, foreground = output.split()
        assert (status, foreground, errors) == (0, b"fg", b"")
        os.kill(int(background), signal.SIGKILL)
        return True

    assert routes.same(waited)
    assert routes.same(left_behind)
