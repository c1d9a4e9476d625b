"""What the sandbox may take of the machine, and that it is gone when its host is."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import select
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import asyncssh
import pytest

import recorder
from recorder.practice import PracticeServer, bounds
from tests.recorder.practice.client import PASSWORD, log_in

pytestmark = pytest.mark.asyncio(loop_scope="module")

TRIED = 2000
# Stops at the first refusal and leaves what it started waiting: never more than was tried.
MAKER = f"""
import os, signal
made = 0
try:
    while made < {TRIED}:
        if os.fork() == 0:
            signal.pause()
            os._exit(0)
        made += 1
except OSError as error:
    print(error.strerror)
print("made", made, flush=True)
signal.pause()
"""
HOST = """
import asyncio, os, sys
from recorder.practice.sandbox import Program, Sandbox
async def main():
    async with Sandbox() as box:
        running = await box.spawn(
            Program(user="candidate", program="/bin/bash", argv=("bash", "-c", sys.argv[1]))
        )
        while data := os.read(running.descriptors[1], 65536):
            os.write(1, data)
        await asyncio.Event().wait()
asyncio.run(main())
"""


@contextmanager
def public_package() -> Iterator[Path]:
    """Copy the recorder to where any user of the machine can import it."""
    with tempfile.TemporaryDirectory(prefix="jumpseat-test-") as directory:
        place = Path(directory)
        place.chmod(0o755)
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(Path(recorder.__file__).parent, place / "recorder", ignore=ignore)
        for path in place.rglob("*"):
            path.chmod(0o755 if path.is_dir() else path.stat().st_mode | 0o444)
        yield place


@asynccontextmanager
async def host(
    command: str, *prefix: str, package: Path | None = None, python: str = sys.executable
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start a process that holds a sandbox in which ``command`` runs; what it prints is its."""
    place = package or Path(recorder.__file__).parent.parent
    started = await asyncio.create_subprocess_exec(
        *prefix, python, "-B", "-c", HOST, command, cwd="/",
        env={"PYTHONPATH": str(place), "PATH": os.environ["PATH"]}, start_new_session=True,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield started
    finally:
        if started.returncode is None:
            started.kill()
        await started.wait()


async def line(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    return (await asyncio.wait_for(process.stdout.readline(), 60)).decode().strip()


def make(user: str) -> str:
    """Return the shell command that makes processes as a user of the sandbox."""
    return f"{'exec unshare -r ' if user == 'root' else 'exec '}python3 -c '{MAKER}'"


async def counted(process: asyncio.subprocess.Process) -> int:
    """Return how many processes it got; that it was refused more is checked here."""
    assert await line(process) == "Resource temporarily unavailable"
    said = await line(process)
    assert said.startswith("made ")
    return int(said.split()[1])


@pytest.mark.parametrize("user", ["candidate", "root"])
async def test_a_maker_of_processes_is_bounded(user: str) -> None:
    async with host(make(user)) as process:
        assert bounds.PROCESSES - 10 <= await counted(process) <= bounds.PROCESSES


@pytest.mark.parametrize("user", ["candidate", "root"])
async def test_an_ordinary_users_sandbox_is_bounded_by_itself(user: str) -> None:
    """Whatever else this user runs: the count is the sandbox's own."""
    if os.getuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("only root can start it as another user")
    python = shutil.which("python3", path="/usr/bin:/bin")
    if python is None:
        pytest.skip("no Python that every user can run")
    prefix = ("setpriv", "--reuid=64123", "--regid=64123", "--clear-groups")
    sleepers = [await asyncio.create_subprocess_exec(*prefix, "sleep", "300") for _ in range(20)]
    try:
        with public_package() as package:
            async with host(make(user), *prefix, package=package, python=python) as process:
                assert bounds.PROCESSES - 10 <= await counted(process) <= bounds.PROCESSES
    finally:
        for sleeper in sleepers:
            sleeper.kill()
            await sleeper.wait()


async def test_no_bound_can_be_raised_inside(server: PracticeServer) -> None:
    tries = "for w in u d n c; do ulimit -$w unlimited && echo raised; done 2>&1"
    async with await log_in(server, password=PASSWORD) as connection:
        done = await connection.run(f"{tries}; unshare -r bash -c '{tries}'")
    assert f"{done.stdout}{done.stderr}".count("not permitted") == 8
    assert "raised" not in str(done.stdout)


async def test_a_login_still_works_when_all_processes_are_taken(fresh: PracticeServer) -> None:
    async with await log_in(fresh, password=PASSWORD) as connection:
        maker = await connection.create_process(make("candidate"), stdin=asyncssh.DEVNULL)
        async with asyncio.timeout(60):
            while "made" not in await maker.stdout.readline():
                pass
        # What is a builtin needs no process.
        done = await connection.run("echo in; kill -9 -1", stdin=asyncssh.DEVNULL)
        assert str(done.stdout) == "in\n"
        again = await connection.run("seq 3 | sort -r | head -n 1", stdin=asyncssh.DEVNULL)
        assert str(again.stdout) == "3\n"
        maker.close()


async def test_memory_is_bounded_and_the_sandbox_is_the_first_to_go(
    server: PracticeServer,
) -> None:
    ask = "python3 -c 'bytearray(2 << 30)'; cat /proc/self/oom_score_adj /proc/1/oom_score_adj"
    async with await log_in(server, password=PASSWORD) as connection:
        done = await connection.run(ask, stdin=asyncssh.DEVNULL)
    assert "MemoryError" in str(done.stderr)
    assert str(done.stdout).split() == ["1000", "1000"]


def inside(mark: str) -> list[int]:
    """Return the pids of the processes that carry a mark in their environment."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"MARK={mark}".encode() in path.read_bytes().split(b"\0"):
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


def first_process_of(pid: int) -> int:
    """Climb to the first process of the pid namespace that a process is in."""
    while True:
        status = Path(f"/proc/{pid}/status").read_text()
        numbers = re.search(r"^NSpid:\s+(.*)$", status, re.MULTILINE)
        assert numbers is not None
        if numbers[1].split()[-1] == "1":
            return pid
        parent = re.search(r"^PPid:\s+(\d+)$", status, re.MULTILINE)
        assert parent is not None
        pid = int(parent[1])


def watch(pids: list[int]) -> list[int]:
    """Return a descriptor for each process, for ``ends``; one that is gone has none."""
    descriptors = []
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            descriptors.append(os.pidfd_open(pid))
    return descriptors


def ends(watched: list[int], seconds: float) -> None:
    """Wait for processes that are not our children; that we ourselves come late does not count."""
    until = time.monotonic() + seconds
    poller = select.poll()
    for descriptor in watched:
        poller.register(descriptor, select.POLLIN)
    left = set(watched)
    try:
        while left:
            ended = {each for each, _ in poller.poll(max(0.0, until - time.monotonic()) * 1000)}
            assert ended, f"{len(left)} processes are left"
            for descriptor in ended:
                poller.unregister(descriptor)
            left -= ended
    finally:
        for descriptor in watched:
            os.close(descriptor)


@pytest.mark.skipif(os.getuid() != 0, reason="only root sees into the sandbox from outside")
async def test_a_full_and_stuck_sandbox_is_gone_a_second_after_its_host_was_killed() -> None:
    mark = f"full-{os.getpid()}"
    command = f"export MARK={mark}; setsid {make('root').removeprefix('exec ')}"
    async with host(command) as process:
        await counted(process)
        found = inside(mark)
        assert len(found) > bounds.PROCESSES // 2
        first = first_process_of(found[0])
        # It cannot see that its socket closes: the kernel alone has to end it.
        os.kill(first, signal.SIGSTOP)
        watched = watch([first, *found])
        process.kill()
        ends(watched, 1.0 if os.getloadavg()[0] < (os.cpu_count() or 1) else 5.0)


@pytest.mark.skipif(os.getuid() != 0, reason="only root sees into the sandbox from outside")
async def test_closing_ends_a_sandbox_that_is_stuck() -> None:
    mark = f"stuck-{os.getpid()}"
    async with PracticeServer() as server, await log_in(server, password=PASSWORD) as connection:
        job = await connection.create_process(
            f"export MARK={mark}; exec bash -c 'echo up; sleep 300; :'", stdin=asyncssh.DEVNULL
        )
        await job.stdout.readline()
        found = inside(mark)
        watched = watch(found)
        os.kill(first_process_of(found[0]), signal.SIGSTOP)
    ends(watched, 0.1)


SIGNALS_OFF = (
    "import os, signal, sys\n"
    "for n in (signal.SIGINT, signal.SIGQUIT, signal.SIGCHLD, signal.SIGTSTP, signal.SIGRTMIN + 3):"
    " signal.signal(n, signal.SIG_IGN)\n"
    "signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGCHLD, signal.SIGTERM))\n"
    "os.execvp(sys.argv[1], sys.argv[1:])"
)


LIBRARYS_OWN = 1 << 31 | 1 << 32
"""Signals 32 and 33, which the C library lets nobody set; GNU make leaves them ignored."""


async def test_signals_that_the_host_was_started_without_work_inside() -> None:
    # A child's end, too: the first process has to see that it is over.
    command = "sh -c 'kill -INT $$'; echo $?; sleep 0.1 & wait; exec grep Sig /proc/self/status"
    async with host(command, sys.executable, "-c", SIGNALS_OFF) as process:
        assert await line(process) == str(128 + signal.SIGINT)
        status = dict([(await line(process)).split(":\t") for _ in range(5)])
    assert int(status["SigIgn"], 16) & ~LIBRARYS_OWN == 0
    assert int(status["SigBlk"], 16) == 0
