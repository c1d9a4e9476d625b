"""What confines the sandbox, and that it ends with its host."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
from pathlib import Path

import asyncssh
import pytest

import recorder
from recorder.practice import PracticeServer
from tests.recorder.practice.client import PASSWORD, log_in

pytestmark = pytest.mark.asyncio(loop_scope="module")

KEEP_ONE = """
import asyncio, os, sys
sys.path.insert(0, {root!r})
from recorder.practice.sandbox import Program, Sandbox
async def main():
    async with Sandbox() as box:
        argv = ("bash", "-c", "echo ready; read -r", "{mark}")
        running = await box.spawn(Program(user="candidate", program="/bin/bash", argv=argv))
        os.read(running.descriptors[1], 6)
        print("up", flush=True)
        await asyncio.Event().wait()
asyncio.run(main())
"""


async def run(server: PracticeServer, command: str) -> str:
    async with await log_in(server, password=PASSWORD) as connection:
        done = await connection.run(command, stdin=asyncssh.DEVNULL)
        return f"{done.stdout}{done.stderr}"


def mounted() -> str:
    return Path("/proc/self/mountinfo").read_text()


def processes_with(mark: str) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if mark.encode() in words:
            found.append(path.parent.name)
    return found


async def test_the_machines_programs_cannot_be_written(server: PracticeServer) -> None:
    seen = await run(server, "touch /usr/x /usr/bin/x /usr/local/bin/x /x; echo done")
    assert seen.count("cannot touch") == 4


async def test_root_of_the_sandbox_cannot_make_the_binds_writable(server: PracticeServer) -> None:
    command = "unshare -rm sh -c 'mount -o remount,rw,bind /usr; touch /usr/x; umount /usr/bin'"
    seen = await run(server, command)
    assert "denied" in seen
    assert "cannot touch '/usr/x'" in seen
    assert not os.access("/usr/x", os.F_OK)


async def test_the_machines_files_and_processes_are_not_there(
    server: PracticeServer, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("of the machine")
    seen = await run(server, f"cat {tmp_path}/secret; ls /home /srv /mnt /opt")
    assert "of the machine" not in seen
    assert "No such file" in seen
    assert "/home:\ncandidate\n" in seen


async def test_it_has_no_process_of_the_machine(server: PracticeServer) -> None:
    seen = await run(server, "ps -e -o pid=,args=")
    assert str(os.getpid()) not in [line.split()[0] for line in seen.splitlines()]
    assert len(seen.splitlines()) < 10
    assert "/sbin/init" in seen


async def test_the_network_ends_at_loopback(server: PracticeServer) -> None:
    seen = await run(server, "cut -d: -f1 /proc/net/dev | tail -n +3; : >/dev/tcp/192.0.2.1/80")
    assert seen.split()[0] == "lo"
    assert "unreachable" in seen


async def test_a_port_of_the_machine_is_out_of_reach(server: PracticeServer) -> None:
    async def greet(_: object, writer: asyncio.StreamWriter) -> None:
        writer.close()

    listener = await asyncio.start_server(greet, "127.0.0.1", 0)
    async with listener:
        port = listener.sockets[0].getsockname()[1]
        assert "refused" in await run(server, f": >/dev/tcp/127.0.0.1/{port}")


async def test_what_is_written_inside_is_not_on_the_machine(server: PracticeServer) -> None:
    name = f"jumpseat-{os.getpid()}"
    places = [f"/{where}/{name}" for where in ("tmp", "var/tmp", "dev/shm", "etc")]
    command = "unshare -r touch " + " ".join(places) + f"; ls {' '.join(places)}"
    assert (await run(server, command)).split() == sorted(places)
    assert not any(os.access(place, os.F_OK) for place in places)


async def test_etc_takes_root(server: PracticeServer) -> None:
    assert "Permission denied" in await run(server, "echo x >> /etc/ssh/sshd_config")
    assert "Permission denied" in await run(server, "cat /etc/shadow")


async def test_the_identity_reads_like_the_exercise(server: PracticeServer) -> None:
    seen = await run(server, "id; hostname; pwd; . /etc/os-release; echo $VERSION_ID")
    assert seen.split() == [
        "uid=1000(candidate)", "gid=1000(candidate)",
        *[word for word in seen.split() if word.startswith("groups=")],
        "web01", "/home/candidate", "20.04",
    ]  # fmt: skip


async def test_killing_the_host_ends_the_sandbox_and_leaves_nothing() -> None:
    mark = f"3{os.getpid()}"
    root = str(Path(recorder.__file__).parent.parent)
    mounts = mounted()
    program = KEEP_ONE.format(root=root, mark=mark)
    host = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE, start_new_session=True
    )
    assert host.stdout is not None
    assert await host.stdout.readline() == b"up\n"
    try:
        (inside,) = processes_with(mark)
        watched = os.pidfd_open(int(inside))
    except BaseException:
        host.kill()
        raise
    try:
        host.send_signal(signal.SIGKILL)
        await host.wait()
        ended = asyncio.Event()
        asyncio.get_running_loop().add_reader(watched, ended.set)
        async with asyncio.timeout(60):
            await ended.wait()
    finally:
        asyncio.get_running_loop().remove_reader(watched)
        os.close(watched)
    assert mounted() == mounts


async def test_without_namespaces_it_refuses_and_says_the_way_out() -> None:
    limit = Path("/proc/sys/user/max_user_namespaces")
    if os.getuid() != 0 or shutil.which("unshare") is None:
        pytest.skip("only root can take the namespaces away, in a namespace of its own")
    root = str(Path(recorder.__file__).parent.parent)
    # In a fresh user namespace the limit of that namespace is its own root's to set.
    script = (
        f"echo 0 > {limit}; exec {sys.executable} -c "
        f"\"import sys, asyncio; sys.path.insert(0, '{root}')\n"
        "from recorder.practice import PracticeServer\n"
        'asyncio.run(PracticeServer().__aenter__())"'
    )
    done = await asyncio.create_subprocess_exec(
        "unshare", "--user", "--map-root-user", "sh", "-c", script, stderr=asyncio.subprocess.PIPE
    )
    _, seen = await done.communicate()
    assert b"ConfinementError: cannot confine the practice server" in seen
    assert b"--unconfined" in seen


async def test_unconfined_keeps_its_files_in_a_directory_that_goes_away() -> None:
    async with PracticeServer(unconfined=True) as server:
        seen = await run(server, 'echo "$FILM_ROOT"; sudo -n true; curl -s localhost | grep stay')
        prefix = seen.split()[0]
        assert os.access(prefix, os.W_OK)
        assert "I must stay up" in seen
    assert not os.access(prefix, os.F_OK)
