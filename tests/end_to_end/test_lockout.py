"""A lock-out, tested through the hop: the server is reconfigured while sessions are open.

Each step is compared with a direct connection. What is no lock-out (the server is down, shuts the
hop out, or the hop itself cannot follow) must neither print nor be recorded as one.
"""

from __future__ import annotations

import shutil
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.conftest import OpenTerminal, log_in
from tests.end_to_end.support.accounts import Account
from tests.end_to_end.support.client import SshClient
from tests.end_to_end.support.comparing import assert_same
from tests.end_to_end.support.hop import Hop
from tests.end_to_end.support.keys import authorize, by_key, new_key, public
from tests.end_to_end.support.network import LOOPBACK
from tests.end_to_end.support.recordings import await_event, journal
from tests.end_to_end.support.sshd import StockSshd

REFUSED = b"Permission denied"


def _last_attempt(hop: Hop, connection: int) -> dict[str, Any]:
    await_event(hop.session, "connection-closed", connection=connection)
    lines = journal(hop.session, "login-attempt")
    return [each for each in lines if each["connection"] == connection][-1]


def _passwords(sshd: StockSshd, answer: str) -> None:
    sshd.configure(PasswordAuthentication=answer)
    sshd.reload()


def test_whole_lockout(
    hop: Hop, ssh: SshClient, direct: SshClient, stock_sshd: StockSshd, account: Account,
    open_terminal: OpenTerminal, tmp_path: Path,
) -> None:  # fmt: skip
    """Password off, refused; the open session lives on; a key by ssh-copy-id; locked out."""
    seat = open_terminal()
    seat.start(ssh.argv())
    log_in(seat, account.password)
    assert assert_same(ssh, direct, "echo in").stdout == b"in\n"

    key = new_key(tmp_path / "key")
    tool = ssh.with_options("PubkeyAuthentication=yes")
    assert tool.run_tool("ssh-copy-id", "-i", str(public(key))).returncode == 0
    _passwords(stock_sshd, "no")
    shown = assert_same(ssh, direct, "echo in")
    assert shown.stderr.endswith(b": Permission denied (publickey).\r\n")
    seat.run("echo still here")
    shown = assert_same(by_key(ssh, key), by_key(direct, key), "echo in")
    assert shown.stdout == b"in\n"

    # Now the key is lost as well: nobody gets in, and the open session shows how to mend it.
    seat.run("mv .ssh/authorized_keys .ssh/lost")
    shown = assert_same(by_key(ssh, key), by_key(direct, key), "echo in")
    assert REFUSED in shown.stderr
    seat.run("mv .ssh/lost .ssh/authorized_keys")
    assert assert_same(by_key(ssh, key), by_key(direct, key), "echo in").stdout == b"in\n"
    _passwords(stock_sshd, "yes")
    assert assert_same(ssh, direct, "echo in").stdout == b"in\n"
    seat.run("echo and still here")


def test_server_that_is_stopped(hop: Hop, ssh: SshClient, stock_sshd: StockSshd) -> None:
    assert ssh.run("true").returncode == 0
    stock_sshd.stop()
    shown = ssh.run("true")
    assert REFUSED not in shown.stderr
    assert b"cannot be reached" in shown.stderr
    attempt = _last_attempt(hop, 2)
    assert (attempt["outcome"], attempt["cause"]) == ("error", "unreachable")
    assert "target" not in attempt
    stock_sshd.start()
    assert ssh.run("true").returncode == 0


def test_management_key_that_was_removed(
    hop: Hop, ssh: SshClient, direct: SshClient, stock_sshd: StockSshd, account: Account,
    tmp_path: Path,
) -> None:  # fmt: skip
    place = stock_sshd.directory / "management_keys"
    shutil.copy(public(new_key(hop.home / "keys" / "management")), place)
    stock_sshd.configure(
        AuthorizedKeysFile=f".ssh/authorized_keys {place}", StrictModes="no",
        PasswordAuthentication="no",
    )  # fmt: skip
    stock_sshd.reload()
    key = new_key(tmp_path / "key")
    authorize(account, key)
    assert assert_same(by_key(ssh, key), by_key(direct, key), "echo in").stdout == b"in\n"
    await_event(hop.session, "connection-closed", connection=1)
    place.unlink()
    shown = by_key(ssh, key).run("echo in")
    assert (shown.stdout, REFUSED in shown.stderr) == (b"", False)
    attempt = _last_attempt(hop, 2)
    assert (attempt["outcome"], attempt["cause"], attempt["target"]) == ("error", "hop", "accepts")
    # A real lock-out looks and is recorded otherwise.
    authorize(account)
    shown = by_key(ssh, key).run("echo in")
    assert REFUSED in shown.stderr
    attempt = _last_attempt(hop, 3)
    assert (attempt["outcome"], attempt["cause"], attempt["target"]) == (
        "refused", "refused", "refuses",
    )  # fmt: skip


def test_another_host_key_is_the_hop_s_matter(
    hop: Hop, ssh: SshClient, stock_sshd: StockSshd
) -> None:
    assert ssh.run("true").returncode == 0
    stock_sshd.stop()
    stock_sshd.make_host_key()
    stock_sshd.start()
    shown = ssh.run("echo in")
    assert REFUSED not in shown.stderr
    attempt = _last_attempt(hop, 2)
    assert (attempt["outcome"], attempt["cause"]) == ("error", "hop")
    assert "host key" in attempt["detail"]


class _ClosesAtOnce(socketserver.BaseRequestHandler):
    """What a server does to an address that tcp-wrappers or its own penalties shut out."""


@pytest.fixture
def shut_out(stock_sshd: StockSshd, hop: Hop) -> Iterator[None]:
    """The target's port closes every connection without a word."""
    stock_sshd.stop()
    socketserver.ThreadingTCPServer.allow_reuse_address = True
    with socketserver.ThreadingTCPServer((LOOPBACK, stock_sshd.port), _ClosesAtOnce) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield
        server.shutdown()
        thread.join()


def test_server_that_shuts_the_hop_out(hop: Hop, ssh: SshClient, shut_out: None) -> None:
    shown = ssh.run("true")
    assert REFUSED not in shown.stderr
    attempt = _last_attempt(hop, 1)
    assert (attempt["outcome"], attempt["cause"]) == ("error", "banned")


def test_sessions_that_are_open_survive_the_end_of_the_server(
    hop: Hop, ssh: SshClient, stock_sshd: StockSshd
) -> None:
    with ssh.started("read line; echo got $line") as open_one:
        await_event(hop.session, "channel-opened", connection=1)
        stock_sshd.stop()
        assert replace(ssh, passwords=()).run("true").returncode == 255
        assert open_one.communicate(b"word\n", timeout=60)[0] == b"got word\n"
    assert _last_attempt(hop, 2)["cause"] == "unreachable"
