"""What cannot work says so in one line that names the cause and the way out."""

from __future__ import annotations

import shutil
import socket
import socketserver
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.end_to_end.support.accounts import Account
from tests.end_to_end.support.hop import Hop, run_jumpseat
from tests.end_to_end.support.network import LOOPBACK, free_port
from tests.end_to_end.support.sshd import StockSshd


def _fails(directory: Path, *words: str, status: int = 1, powerless: bool = False) -> str:
    """Run a verb that must fail, and return its one line."""
    done = run_jumpseat(*words, directory=directory, powerless=powerless)
    assert done.returncode == status, (done.stdout, done.stderr)
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert "Traceback" not in lines[0]
    assert "unexpected" not in lines[0]
    cause, _, remedy = lines[0].partition("; ")
    assert cause
    assert remedy
    return lines[0]


@pytest.fixture
def home(tmp_path: Path) -> str:
    return str(tmp_path / "home")


def test_target_whose_name_nobody_knows(tmp_path: Path, home: str) -> None:
    line = _fails(tmp_path, "serve", "--home", home, "--target", "web01.invalid",
                  "--listen", "127.0.0.1:0")  # fmt: skip
    assert "web01.invalid" in line


def test_target_that_refuses_the_port(tmp_path: Path, home: str) -> None:
    port = free_port()
    line = _fails(tmp_path, "serve", "--home", home, "--target", f"{LOOPBACK}:{port}",
                  "--listen", "127.0.0.1:0")  # fmt: skip
    assert str(port) in line
    assert "refused" in line


class _MailServer(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"220 mail.example ready\r\n")


def test_target_that_speaks_no_ssh(tmp_path: Path, home: str) -> None:
    with (
        socketserver.ThreadingTCPServer((LOOPBACK, 0), _MailServer) as other,
        ThreadPoolExecutor(1) as serving,
    ):
        serving.submit(other.serve_forever, poll_interval=0.05)
        port = other.server_address[1]
        try:
            line = _fails(tmp_path, "serve", "--home", home, "--target", f"{LOOPBACK}:{port}",
                          "--listen", "127.0.0.1:0")  # fmt: skip
        finally:
            other.shutdown()
    assert str(port) in line


@pytest.mark.parametrize(
    "target", ["host:port", "host:0", "host:65536", ":22", "", "[::1", "host:-1"]
)
def test_target_that_is_none(tmp_path: Path, home: str, target: str) -> None:
    _fails(tmp_path, "serve", "--home", home, "--target", target, "--listen", "127.0.0.1:0",
           status=2)  # fmt: skip


def test_listen_port_that_is_busy(tmp_path: Path, home: str, stock_sshd: StockSshd) -> None:
    with socket.socket() as other:
        other.bind((LOOPBACK, 0))
        other.listen()
        port = other.getsockname()[1]
        line = _fails(tmp_path, "serve", "--home", home, "--target", stock_sshd.address,
                      "--listen", f"{LOOPBACK}:{port}")  # fmt: skip
    assert str(port) in line


def test_failed_start_leaves_no_session_behind(
    tmp_path: Path, home: str, stock_sshd: StockSshd
) -> None:
    with socket.socket() as other:
        other.bind((LOOPBACK, 0))
        other.listen()
        port = other.getsockname()[1]
        _fails(tmp_path, "serve", "--home", home, "--target", stock_sshd.address,
               "--listen", f"{LOOPBACK}:{port}")  # fmt: skip
    done = run_jumpseat("session", "list", "--json", "--home", home, directory=tmp_path)
    assert done.stdout.strip() == "[]"


def test_home_that_can_not_be_made(tmp_path: Path, stock_sshd: StockSshd) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    line = _fails(tmp_path, "serve", "--home", str(blocked / "home"), "--target",
                  stock_sshd.address, "--listen", "127.0.0.1:0")  # fmt: skip
    assert str(blocked) in line


def test_home_that_belongs_to_another(stock_sshd: StockSshd, account: Account) -> None:
    home = account.home / "foreign"
    home.mkdir(mode=0o755)
    shutil.chown(home, account.name)
    line = _fails(account.scratch, "serve", "--home", str(home), "--target", stock_sshd.address,
                  "--listen", "127.0.0.1:0", powerless=True)  # fmt: skip
    assert str(home) in line
    assert "ermission" in line


@pytest.mark.parametrize("verb", ["commands", "tags", "replay"])
def test_session_that_nobody_knows(hop: Hop, verb: str) -> None:
    words = [verb, "no-such-session", "--home", str(hop.home)]
    line = _fails(hop.directory, *words, *([] if verb == "replay" else ["--json"]))
    assert "no-such-session" in line


@pytest.mark.parametrize("verb", ["commands", "tags"])
def test_home_without_any_session(tmp_path: Path, home: str, verb: str) -> None:
    line = _fails(tmp_path, verb, "latest", "--home", home)
    assert home in line
    assert not Path(home).exists()


@pytest.mark.parametrize("words", [["serve", "--no-such-flag"], ["no-such-verb"], ["commands"]])
def test_wrong_usage(tmp_path: Path, words: list[str]) -> None:
    done = run_jumpseat(*words, directory=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()
