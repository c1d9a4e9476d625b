"""The seat's port: who gets in, what they get, and that nothing is left when they go."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from pathlib import Path

import asyncssh
import pytest

from recorder.errors import ControlError, InterviewersError, ListenError
from recorder.home import Home
from recorder.keys import load_keys
from recorder.seats import port as module
from recorder.seats.port import SeatPort
from recorder.seats.spec import SeatOptions
from tests.recorder.seats.conftest import DEAF, FLOOD, STUBBORN, TELL, WAIT, Start, seated, until

BIG = 0xFFFFFFFF


def of_process(process: int, what: str) -> str:
    """Return what the kernel says of a process."""
    return Path(f"/proc/{process}/{what}").read_text()


def exists(process: int | None) -> bool:
    return Path(f"/proc/{process}").exists()


def memory(process: int) -> int:
    """Return how much of it is in memory, in bytes."""
    return int(of_process(process, "statm").split()[1]) * os.sysconf("SC_PAGESIZE")


async def shown_out(process: asyncssh.SSHClientProcess[str], why: str) -> None:
    """Wait for the end of a seat; its terminal is set right, and the viewer told."""
    async with asyncio.timeout(60):
        done = await process.wait()
    assert (done.exit_status, why in str(done.stderr)) == (1, True)
    assert "\x1b[?1049l" in str(done.stdout)


async def ask(connection: asyncssh.SSHClientConnection, command: str, **how: object) -> object:
    done = await connection.run(command, term_type="xterm", **how)  # type: ignore[arg-type]
    assert done.exit_status == 0, done.stderr
    assert isinstance(done.stdout, str)
    return json.loads(done.stdout)


async def test_a_seat_gets_name_and_request_and_nothing_of_the_clients_choice(start: Start) -> None:
    seats = await start(TELL)
    env = {
        "LANG": "xx_YY", "COLORTERM": "truecolor", "NO_COLOR": "1\n", "LD_PRELOAD": "/tmp/x.so",
        "PYTHONPATH": "/tmp", "JUMPSEAT_HOME": "/tmp", "TEXTUAL_DRIVER": "os:system", "PATH": "/x",
        "JUMPSEAT_SEAT_PARENT": "1",
    }  # fmt: skip
    async with seats.connect("alice") as connection:
        told = await ask(connection, "watch --sidebar k7", env=env, term_size=(100, 30))
    assert isinstance(told, dict)
    assert told["argv"] == ["alice", "watch", "--sidebar", "k7"]
    assert told["size"] == [100, 30]
    parent = told["env"].pop("JUMPSEAT_SEAT_PARENT")
    assert parent == str(seats.port.process)
    assert told["env"] == {
        "PATH": os.environ["PATH"], "SCRAP": str(seats.scrap), "COLORTERM": "truecolor",
        "TERM": "xterm", **{k: v for k, v in told["env"].items() if k == "LC_CTYPE"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("said", "given"),
    [((BIG, BIG), [500, 200]), ((0, 0), [80, 24]), ((1, 1), [2, 1]), ((65536, 70000), [500, 200])],
)
async def test_absurd_sizes_become_ones_that_can_be_drawn(
    start: Start, said: tuple[int, int], given: list[int]
) -> None:
    seats = await start(TELL)
    async with seats.connect("bob") as connection:
        told = await ask(connection, "", term_size=said)
    assert isinstance(told, dict)
    assert (told["argv"], told["size"]) == (["bob"], given)


@pytest.mark.parametrize(
    ("term", "known"),
    [
        ("xterm-kitty", "xterm-kitty"),
        ("no-such-terminal", "no-such-terminal"),
        ("../../x", "xterm-256color"),
        ("$(id)", "xterm-256color"),
        ("x" * 5000, "xterm-256color"),
    ],
)
async def test_a_kind_of_terminal_that_is_no_word_becomes_the_usual_one(
    start: Start, term: str, known: str
) -> None:
    seats = await start(TELL)
    async with seats.connect("bob") as connection:
        done = await connection.run("replay latest", term_type=term)
    assert json.loads(str(done.stdout))["env"]["TERM"] == known


async def test_a_terminal_that_cannot_draw_is_told_so(start: Start) -> None:
    seats = await start(TELL)
    async with seats.connect("bob") as connection:
        done = await connection.run("watch", term_type="dumb")
    assert done.exit_status == 1
    assert "cannot show a seat" in str(done.stderr)


async def test_nobody_gets_in_with_anothers_key_or_name(start: Start) -> None:
    seats = await start(WAIT)
    seats.team.keys["eve"] = asyncssh.generate_private_key("ssh-ed25519")
    for name, key in (("bob", "alice"), ("alice", "eve"), ("eve", "eve"), ("root", "alice")):
        with pytest.raises(asyncssh.PermissionDenied):
            async with seats.connect(name, key):
                pass
    assert seats.running() == []


async def test_a_connection_that_tries_key_after_key_is_closed(start: Start) -> None:
    seats = await start(WAIT, tries=3)
    strangers = [asyncssh.generate_private_key("ssh-ed25519") for _ in range(5)]
    keys = [*strangers, seats.team.keys["alice"]]
    with pytest.raises(asyncssh.DisconnectError, match="Too many authentication failures"):
        await asyncssh.connect(
            "127.0.0.1", seats.number, config=None, known_hosts=None, username="alice",
            client_keys=keys, agent_path=None,
        )  # fmt: skip


async def test_the_ports_have_different_host_keys(start: Start) -> None:
    seats = await start(WAIT)
    shown = await asyncssh.get_server_host_key("127.0.0.1", seats.number, config=None)
    keys = load_keys(seats.home)
    assert shown is not None
    assert shown.public_data not in {keys.host.public_data, keys.signing.public_data}


async def test_nothing_is_forwarded_and_no_subsystem_is_had(start: Start) -> None:
    seats = await start(WAIT)
    async with seats.connect("alice") as connection:
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.open_connection("127.0.0.1", seats.number)
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.open_unix_connection(str(seats.home.control))
        with pytest.raises(asyncssh.ChannelListenError):
            await connection.forward_remote_port("127.0.0.1", 0, "127.0.0.1", seats.number)
        with pytest.raises(asyncssh.ChannelListenError):
            await connection.forward_remote_path("/tmp/never", str(seats.home.control))
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.start_sftp_client()
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.create_process(subsystem="netconf")
    assert seats.running() == []


async def test_a_viewer_who_leaves_takes_the_seat_along(start: Start) -> None:
    seats = await start(WAIT)
    async with seated(seats):
        assert len(seats.running()) == 1
    await until(lambda: not seats.running(), "end of the seat")


async def test_a_seat_that_ignores_the_hang_up_is_killed(start: Start) -> None:
    seats = await start(STUBBORN)
    async with seated(seats):
        assert len(seats.running()) == 1
    await until(lambda: not seats.running(), "end of the seat")


async def test_a_viewer_that_does_not_read_stops_only_its_own_seat(start: Start) -> None:
    seats = await start(FLOOD)
    assert seats.port.process is not None
    async with seats.connect("alice") as slow, seats.connect("bob") as quick:
        idle = await slow.create_process("watch", term_type="xterm", window=1 << 16)
        idle.channel.pause_reading()
        busy = await quick.create_process("watch", term_type="xterm")
        for _ in range(200):
            assert await busy.stdout.readexactly(1 << 16)
        assert memory(seats.port.process) < 200 << 20
        (stopped,) = [
            each for each in seats.running()
            if "alice" in of_process(each, "cmdline").split("\0")
        ]  # fmt: skip
        before = of_process(stopped, "io")
        assert await busy.stdout.readexactly(1 << 20)
        assert of_process(stopped, "io") == before
    await until(lambda: not seats.running(), "end of the seats")


async def test_a_seat_that_does_not_read_makes_its_viewer_wait(start: Start) -> None:
    seats = await start(DEAF)
    async with seated(seats) as process:
        process.stdin.write("x" * (1 << 20))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await process.stdin.drain()
        async with seated(seats, "bob"):
            assert len(seats.running()) == 2
        process.channel.get_connection().abort()
    await until(lambda: not seats.running(), "end of the seats")


async def test_a_client_that_is_dead_is_noticed(start: Start) -> None:
    seats = await start(WAIT, keepalive=1.0, unanswered=2)
    async with seated(seats) as process:
        transport = process.channel.get_connection()._transport
        assert transport is not None
        transport.pause_reading()  # the kernel still takes what comes; nobody answers
        await until(lambda: not seats.running(), "end of a dead client's seat")
        transport.resume_reading()


async def test_seats_and_connections_of_one_interviewer_are_bounded(start: Start) -> None:
    seats = await start(WAIT, seats=2, connections=2)
    async with seated(seats), seated(seats):
        async with seats.connect("bob") as bobs:
            assert bobs.get_extra_info("peername")
        with pytest.raises((asyncssh.Error, OSError)):
            async with seats.connect("alice") as third:
                await third.run("watch", term_type="xterm")
    await until(lambda: not seats.running(), "end of the seats")
    async with seats.connect("alice") as connection:
        for _ in range(2):
            process = await connection.create_process("watch", term_type="xterm")
            assert "seated" in await process.stdout.readline()
        refused = await connection.run("watch", term_type="xterm")
        assert (refused.exit_status, "2 seats open" in str(refused.stderr)) == (1, True)


async def test_strangers_from_one_address_keep_nobody_else_out(start: Start) -> None:
    seats = await start(WAIT, startups_each=5)
    flood = []
    for _ in range(50):
        sock = socket.create_connection(
            ("127.0.0.1", seats.number), source_address=("127.0.0.2", 0)
        )
        flood.append(sock)
    try:
        async with seated(seats):
            assert len(seats.running()) == 1
    finally:
        for sock in flood:
            sock.close()


async def test_a_login_that_takes_too_long_is_ended(start: Start) -> None:
    seats = await start(WAIT, login_grace=0.5)
    reader, writer = await asyncio.open_connection("127.0.0.1", seats.number)
    async with asyncio.timeout(60):
        await reader.read()
    writer.close()


async def test_who_is_taken_off_the_list_is_shown_out_and_who_is_put_on_gets_in(
    start: Start,
) -> None:
    seats = await start(WAIT)
    async with seated(seats, "alice") as alices, seated(seats, "bob") as bobs:
        seats.team.write("bob", "carol")
        await shown_out(alices, "no longer listed")
        async with seated(seats, "carol"):
            pass
        with pytest.raises(asyncssh.PermissionDenied):
            async with seats.connect("alice"):
                pass
        assert not bobs.stdout.at_eof()
        assert len(seats.running()) >= 1


async def test_a_seat_is_told_the_role_that_the_file_says_and_no_client_can_say(
    start: Start,
) -> None:
    seats = await start(TELL)
    seats.team.write("alice:facilitator", "bob")
    async with seats.connect("alice") as connection:
        told = await ask(connection, "replay k7", env={"JUMPSEAT_ROLE": "admin"})
    assert isinstance(told, dict)
    assert told["argv"] == ["alice:facilitator", "replay", "k7"]
    for name in ("bob:admin", "alice:admin", "alice:facilitator"):
        with pytest.raises(asyncssh.PermissionDenied):
            async with seats.connect(name, key=name.partition(":")[0]):
                pass


async def test_whoever_gets_another_role_is_shown_out_and_the_others_stay(start: Start) -> None:
    seats = await start(WAIT)
    seats.team.write("alice:admin", "bob")
    async with seated(seats, "alice") as alices, seated(seats, "bob") as bobs:
        seats.team.write("alice", "bob")
        await shown_out(alices, "your role has changed")
        assert not bobs.stdout.at_eof()


async def test_a_file_that_was_spoilt_lets_nobody_new_in_and_ends_nothing(start: Start) -> None:
    seats = await start(WAIT)
    async with seated(seats, "alice") as alices:
        good = seats.team.file.read_text()
        seats.team.file.write_text("what is this\n")
        with pytest.raises(asyncssh.PermissionDenied):
            async with seats.connect("bob"):
                pass
        assert "nobody new gets a seat" in seats.log()
        await asyncio.sleep(2.5)  # looks at the file; nothing that could be awaited must happen
        assert not alices.stdout.at_eof()
        seats.team.file.write_text(good)
        async with seated(seats, "bob"):
            assert not alices.stdout.at_eof()


async def test_a_killed_seat_is_one_viewers_loss(start: Start) -> None:
    seats = await start(WAIT)
    async with seated(seats, "alice") as alices:
        (first,) = seats.running()
        async with seated(seats, "bob") as bobs:
            os.kill(first, signal.SIGKILL)
            done = await alices.wait()
            assert done.exit_status == 128 + signal.SIGKILL
            assert not bobs.stdout.at_eof()


async def test_a_killed_server_is_started_again_on_its_port_and_its_seats_are_gone(
    start: Start,
) -> None:
    seats = await start(STUBBORN)
    async with seated(seats) as process:
        first = seats.port.process
        assert first is not None
        os.kill(first, signal.SIGKILL)
        with pytest.raises((asyncssh.Error, OSError)):
            await process.stdout.readexactly(10**6)
    await until(lambda: not seats.running(), "end of the seat")
    async with seated(seats):
        assert seats.port.process not in {None, first}


async def test_nothing_is_left_when_the_port_closes(tmp_path: Path, start: Start) -> None:
    seats = await start(STUBBORN)
    async with seated(seats) as process:
        server = seats.port.process
        await seats.port.__aexit__()
        await shown_out(process, "serve has ended")
    assert seats.running() == []
    assert not exists(server)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", seats.number))


async def test_mistakes_are_told_before_anything_listens(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").ensure()
    file = tmp_path / "team"
    file.write_text("alice\n")
    said: list[str] = []
    options = SeatOptions(interviewers=file, listen="127.0.0.1:0", argv=("false",), variables={})
    with pytest.raises(InterviewersError, match=":1: "):
        await SeatPort(home, options, said.append).__aenter__()
    key = asyncssh.generate_private_key("ssh-ed25519").export_public_key("openssh").decode()
    file.write_text(f"alice {key}")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        taken_options = SeatOptions(interviewers=file, listen=listen, argv=("false",), variables={})
        with pytest.raises(ListenError, match="--seat-port"):
            await SeatPort(home, taken_options, said.append).__aenter__()
    assert said == []


@pytest.mark.parametrize("program", ["import sys; sys.exit(3)", "print('nonsense', flush=True)"])
async def test_a_process_that_does_not_start_is_told(tmp_path: Path, program: str) -> None:
    home = Home(tmp_path / "home").ensure()
    key = asyncssh.generate_private_key("ssh-ed25519").export_public_key("openssh").decode()
    (tmp_path / "team").write_text(f"alice {key}")
    options = SeatOptions(
        interviewers=tmp_path / "team", listen="127.0.0.1:0", argv=("false",), variables={}
    )
    said: list[str] = []
    port = SeatPort(home, options, said.append, command=(sys.executable, "-c", program))
    with pytest.raises(ControlError, match="does not start"):
        await port.__aenter__()
    assert said == []


async def test_a_process_that_dies_over_and_over_is_left_alone_and_the_port_closed(
    start: Start, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "_FIRST_PAUSE", 0.001)
    seats = await start(WAIT)
    monkeypatch.setattr(seats.port, "_command", (sys.executable, "-c", "pass"))
    assert seats.port.process is not None
    os.kill(seats.port.process, signal.SIGKILL)
    await until(lambda: "nobody can get a seat" in caplog.text, "word that it is given up")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", seats.number))
