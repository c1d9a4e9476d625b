"""Copying files through the hop, with each tool that candidates use, as without it.

The sizes of the issue (100 MB, 10,000 files) are those of the tests marked soak; the others take a
fifth of the bytes and a tenth of the files.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

import pytest

from tests.end_to_end.support.accounts import Account
from tests.end_to_end.support.hop import Hop
from tests.end_to_end.support.needed import needs
from tests.end_to_end.support.network import free_port
from tests.end_to_end.support.recordings import await_event
from tests.end_to_end.support.routes import TARGET, Result, Route, Routes
from tests.end_to_end.support.sshd import StockSshd
from tests.end_to_end.support.waiting import wait_for

SIZES = [20_000_000, pytest.param(100_000_000, marks=pytest.mark.soak)]
COUNTS = [1_000, pytest.param(10_000, marks=pytest.mark.soak)]
LONG = 600.0
"""Seconds that a transfer of full size may take on a busy machine."""


def hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def random_file(path: Path, size: int) -> str:
    """Write random bytes; return their hash."""
    with path.open("wb") as file:
        for start in range(0, size, 1 << 20):
            file.write(os.urandom(min(1 << 20, size - start)))
    return hash_of(path)


def tree(top: Path) -> dict[str, tuple[int, str]]:
    """Return what lies below a directory: mode and hash of each file."""
    return {
        str(path.relative_to(top)): (path.stat().st_mode, hash_of(path))
        for path in sorted(top.rglob("*"))
        if path.is_file()
    }


def copied(route: Route, account: Account, size: int, *tool: str) -> tuple[Result, Result]:
    """Copy a file to the target and back; check that it is the same there and here."""
    known = random_file(route.place / "up", size)
    there = account.home / "there"
    up = route.run(*tool, "up", f"{TARGET}:there", timeout=LONG)
    assert hash_of(there) == known
    down = route.run(*tool, f"{TARGET}:there", "down", timeout=LONG)
    assert hash_of(route.place / "down") == known
    there.unlink()
    return up, down


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("flags", [("-O",), ("-s",)], ids=["scp-old", "scp-sftp"])
def test_scp_copies_both_ways(
    routes: Routes, hop: Hop, account: Account, flags: tuple[str, ...], size: int
) -> None:
    def act(route: Route) -> tuple[Result, Result]:
        return copied(route, account, size, "scp", "-q", *flags, "-F", str(route.config))

    assert routes.same(act) == ((0, b"", b""), (0, b"", b""))
    opened = await_event(hop.session, "channel-opened")
    expected = ("exec", "scp -t there") if flags == ("-O",) else ("subsystem", "sftp")
    assert (opened["kind"], opened["command"]) == expected
    flows = await_event(hop.session, "channel-closed")["flows"]
    assert next(flow["size"] for flow in flows if flow["stream"] == "in") > size


@pytest.mark.parametrize("flag", ["-O", "-s"])
def test_scp_takes_globs_and_trees_and_tells_what_is_missing(
    routes: Routes, account: Account, flag: str
) -> None:
    for name in ("a.txt", "b.txt", "sub/c d.txt", "sub/empty"):
        path = account.home / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name * 100)

    def act(route: Route) -> object:
        scp = ("scp", "-q", flag, "-F", str(route.config))
        results = [
            route.run(*scp, "-r", f"{TARGET}:site", "."),
            route.run(*scp, f"{TARGET}:site/*.txt", "."),
            route.run(*scp, f"{TARGET}:site/missing", "."),
            route.run(*scp, "-r", "site", f"{TARGET}:copy-{route.name}"),
        ]
        here = tree(route.place / "site")
        assert {name: each[1] for name, each in here.items()} == {
            name: each[1] for name, each in tree(account.home / f"copy-{route.name}").items()
        }
        return results, here, (route.place / "b.txt").read_text()

    results, here, _ = routes.same(act)  # type: ignore[misc]
    assert [each[0] for each in results] == [0, 0, 1, 0]
    assert len(here) == 4


def test_sftp_runs_a_batch(routes: Routes, account: Account) -> None:
    (account.home / "poem").write_text("left alone\n")
    batch = (
        "pwd\nls -1\nget poem\nput poem copy\nrename copy moved\nchmod 600 moved\nls -l moved\n"
        "rm moved\n-ls nowhere\nmkdir d\nrmdir d\nget nowhere\n"
    )

    def act(route: Route) -> Result:
        # A batch asks for no password, unless the client was told so before.
        sftp = ("sftp", "-F", str(route.config), "-o", "BatchMode=no", "-b", "-", TARGET)
        done = route.run(*sftp, stdin=batch.encode())
        assert (route.place / "poem").read_text() == "left alone\n"
        return done

    status, output, errors = routes.same(act)
    assert status == 1
    assert b"-rw-------" in output
    assert b"nowhere" in errors


def test_unknown_subsystem_is_refused_alike(routes: Routes, hop: Hop) -> None:
    status, _, errors = routes.same_ssh("-s", TARGET, "nothing-of-the-kind")
    assert status != 0
    assert b"subsystem request failed" in errors
    refused = await_event(hop.session, "channel-refused")
    assert (refused["kind"], refused["command"]) == ("subsystem", "nothing-of-the-kind")


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("count", COUNTS)
def test_rsync_brings_a_tree_to_the_same_state(
    routes: Routes, account: Account, count: int
) -> None:
    needs("rsync")

    def act(route: Route) -> list[Result]:
        source = route.place / "tree"
        for number in range(count):
            path = source / f"{number % 37}" / f"{number}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"%d\n" % number * (number % 50))
        copy = f"{TARGET}:tree-{route.name}"
        rsync = ("rsync", "-a", "--delete", "--stats", "-e", route.ssh)
        first = route.run(*rsync, "tree/", copy, timeout=LONG)
        shutil.rmtree(source / "3")
        (source / "4" / "4").write_text("changed")
        second = route.run(*rsync, "tree/", copy, timeout=LONG)
        assert tree(account.home / f"tree-{route.name}") == tree(source)
        third = route.run(*rsync, copy + "/", "back", timeout=LONG)
        assert tree(route.place / "back") == tree(source)
        return [(status, b"", errors) for status, _, errors in (first, second, third)]

    assert routes.same(act) == [(0, b"", b"")] * 3


def test_sshfs_shows_the_targets_files(routes: Routes, account: Account) -> None:
    needs("sshfs")
    if not os.access("/dev/fuse", os.R_OK | os.W_OK):
        pytest.skip("cannot mount sshfs: no /dev/fuse")
    (account.home / "there").write_text("from the target\n")
    os.chown(account.home / "there", account.uid, -1)

    def act(route: Route) -> tuple[str, list[str], str]:
        mount = route.place / "mount"
        mount.mkdir()
        status, _, errors = route.run("sshfs", "-F", str(route.config), f"{TARGET}:", str(mount))
        if b"fuse" in errors and status:
            pytest.skip(f"cannot mount sshfs: {errors.decode()}")
        try:
            assert status == 0, errors
            (mount / f"new-{route.name}").write_text("from here\n" * 10_000)
            names = sorted(path.name.replace(route.name, "X") for path in mount.glob("[nt]*"))
            return (mount / "there").read_text(), names, hash_of(mount / f"new-{route.name}")
        finally:
            route.run("fusermount3", "-u", str(mount))
            (account.home / f"new-{route.name}").unlink(missing_ok=True)

    text, names, _ = routes.same(act)
    assert text == "from the target\n"
    assert names == ["new-X", "there"]


def test_git_clones_and_pushes(routes: Routes, account: Account) -> None:
    needs("git")

    def act(route: Route) -> tuple[str, list[Result]]:
        variables = {
            "GIT_SSH_COMMAND": route.ssh, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_PAGER": "cat",
            "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org",
            "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org",
            "GIT_AUTHOR_DATE": "2020-01-01T00:00Z", "GIT_COMMITTER_DATE": "2020-01-01T00:00Z",
        }  # fmt: skip

        def git(*words: str, place: str = "work") -> Result:
            return route.run("git", *words, cwd=route.place / place, variables=variables)

        far = f"repository-{route.name}"
        assert route.run_ssh(TARGET, f"git init -q --bare -b main {far}")[0] == 0
        results = [git("clone", "-q", f"{TARGET}:{far}", "work", place=".")]
        (route.place / "work" / "page").write_bytes(bytes(range(256)) * 10_000)
        results += [git("add", "page"), git("commit", "-qm", "page"), git("push", "-q")]
        results += [git("clone", "-q", f"{TARGET}:{far}", "again", place=".")]
        return git("rev-parse", "HEAD", place="again")[1].decode(), results

    head, results = routes.same(act)
    assert len(head.strip()) == 40
    assert [each[0] for each in results] == [0] * 5


@pytest.mark.timeout(600)
@pytest.mark.parametrize("pipelining", ["True", "False"])
def test_ansible_reaches_the_target(routes: Routes, account: Account, pipelining: str) -> None:
    needs("ansible")

    def act(route: Route) -> bytes:
        master = route.place / "master"
        variables = {
            "ANSIBLE_PIPELINING": pipelining,
            "ANSIBLE_SSH_ARGS": f"-F {route.config} -o ControlPath={master}",
            "ANSIBLE_LOCAL_TEMP": str(route.place / "ansible"), "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_CONFIG": str(route.place / "ansible.cfg"), "LANG": "C.UTF-8",
            "ANSIBLE_PYTHON_INTERPRETER": "/usr/bin/python3",
        }  # fmt: skip
        (route.place / "ansible.cfg").write_text("")
        (route.place / "page").write_bytes(b"a page\n" * 1000)

        def ansible(*words: str) -> tuple[int, bytes]:
            inventory = ("ansible", TARGET, "-i", f"{TARGET},")
            done = route.run(*inventory, *words, variables=variables, timeout=200)
            return done[0], done[1] if done[0] == 0 else done[1] + done[2]

        # Without a password of its own to give, Ansible switches passwords off.
        with route.started("-M", "-S", str(master), "-N", TARGET):
            wait_for(master.exists, "socket of the master")
            results = [ansible("-m", "ping"), ansible("-m", "copy", "-a", "src=page dest=~/page")]
        assert [status for status, _ in results] == [0, 0], results
        assert (account.home / "page").read_bytes() == b"a page\n" * 1000
        (account.home / "page").unlink()
        return results[0][1]

    assert b'"ping": "pong"' in routes.same(act)


def test_second_connection_as_editors_make_works(
    routes: Routes, stock_sshd: StockSshd, account: Account
) -> None:
    """VS Code Remote opens a connection with -D whose standard input runs an installing shell."""
    script = b"uname -s; echo listening >&2; echo $((6*7))\n"

    def act(route: Route) -> Result:
        with route.started("-T", "-D", str(free_port()), TARGET, "sh") as client:
            assert client.stdin is not None
            assert client.stdout is not None
            client.stdin.write(b"echo ready\n")
            client.stdin.flush()
            assert client.stdout.readline() == b"ready\n"
            second = route.run_ssh("-T", TARGET, "sh", stdin=script)
            client.stdin.close()
            wait_for(lambda: client.poll() is not None, "end of the first connection")
        return second

    assert routes.same(act)[1] == b"Linux\n42\n"


@pytest.mark.shares_a_hop
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("count", [40, pytest.param(200, marks=pytest.mark.soak)])
def test_many_commands_in_a_row_end_alike(routes: Routes, count: int) -> None:
    """200 in a minute in soak; here a fifth, over one master as Ansible does it."""

    def act(route: Route) -> list[Result]:
        master = str(route.place / "master")
        with route.started("-M", "-S", master, "-N", TARGET):
            wait_for(Path(master).exists, "socket of the master")
            return [
                route.run_ssh("-S", master, TARGET, f"echo {number}; exit {number % 7}")
                for number in range(count)
            ]

    assert routes.same(act)[6] == (6, b"6\n", b"")
