"""Public keys: the target says whether it accepts one, the candidate proves it, the hop follows."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from tests.end_to_end.support.accounts import Account, set_password
from tests.end_to_end.support.client import SshClient
from tests.end_to_end.support.comparing import assert_same
from tests.end_to_end.support.hop import Hop
from tests.end_to_end.support.keys import (
    authorize,
    by_key,
    certify,
    fingerprint,
    new_key,
    public,
)
from tests.end_to_end.support.network import LOOPBACK
from tests.end_to_end.support.recordings import await_event, journal, new_secret
from tests.end_to_end.support.sshd import StockSshd


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """A key of the candidate's that the target knows nothing of."""
    return new_key(tmp_path / "keys" / "own")


@pytest.fixture
def managed(hop: Hop, stock_sshd: StockSshd) -> Path:
    """The hop's management key, which the target takes for everybody, outside of any home."""
    key = new_key(hop.home / "keys" / "management")
    place = stock_sshd.directory / "management_keys"
    shutil.copy(public(key), place)
    # /tmp is nobody's own, which sshd would mind.
    stock_sshd.configure(AuthorizedKeysFile=f".ssh/authorized_keys {place}", StrictModes="no")
    stock_sshd.reload()
    return key


@pytest.fixture
def accepted(account: Account, stock_sshd: StockSshd, key: Path, managed: Path) -> StockSshd:
    """The target, which takes the candidate's key and the hop's."""
    authorize(account, key)
    return stock_sshd


def _attempts(hop: Hop, connection: int) -> list[dict[str, Any]]:
    await_event(hop.session, "connection-closed", connection=connection)
    lines = journal(hop.session, "login-attempt")
    return [each for each in lines if each["connection"] == connection and each["method"] != "none"]


def _passwords_off(sshd: StockSshd) -> None:
    sshd.configure(PasswordAuthentication="no")
    sshd.reload()


@pytest.mark.parametrize("kind", ["ed25519", "rsa", "ecdsa"])
def test_key_after_a_password_in_the_same_session(
    hop: Hop, ssh: SshClient, direct: SshClient, account: Account, tmp_path: Path, kind: str
) -> None:
    key = new_key(tmp_path / "keys" / kind, kind)
    assert ssh.run("true").returncode == 0
    authorize(account, key)
    without = replace(by_key(ssh, key), passwords=())
    shown = assert_same(without, replace(by_key(direct, key), passwords=()), "echo in")
    assert shown.stdout == b"in\n"
    [attempt] = _attempts(hop, 2)
    assert (attempt["outcome"], attempt["target"], attempt["hop"]) == (
        "accepted", "accepts", "password",
    )  # fmt: skip
    assert attempt["fingerprint"] == fingerprint(key)


def test_stranger_s_key(hop: Hop, ssh: SshClient, direct: SshClient, key: Path) -> None:
    only = "PreferredAuthentications=publickey"
    shown = assert_same(
        by_key(ssh, key).with_options(only), by_key(direct, key).with_options(only), "echo in"
    )
    assert b"Permission denied (publickey,password)." in shown.stderr
    [attempt] = _attempts(hop, 1)
    assert (attempt["outcome"], attempt["cause"], attempt["target"]) == (
        "refused", "refused", "refuses",
    )  # fmt: skip
    assert attempt["fingerprint"] == fingerprint(key)
    assert "hop" not in attempt


def test_stranger_s_key_then_the_password(
    hop: Hop, ssh: SshClient, direct: SshClient, key: Path
) -> None:
    shown = assert_same(by_key(ssh, key), by_key(direct, key), "echo in")
    assert shown.stdout == b"in\n"
    assert [each["outcome"] for each in _attempts(hop, 1)] == ["refused", "accepted"]


def test_management_key_where_passwords_are_off(
    hop: Hop, ssh: SshClient, direct: SshClient, accepted: StockSshd, key: Path, managed: Path
) -> None:
    _passwords_off(accepted)
    shown = assert_same(by_key(ssh, key), by_key(direct, key), "echo in")
    assert shown.stdout == b"in\n"
    [attempt] = _attempts(hop, 1)
    assert (attempt["outcome"], attempt["hop"]) == ("accepted", "management-key")
    assert attempt["fingerprint"] == fingerprint(key) != fingerprint(managed)


def test_management_key_lets_nobody_in_whose_key_the_target_does_not_accept(
    hop: Hop, ssh: SshClient, direct: SshClient, key: Path, managed: Path
) -> None:
    only = "PreferredAuthentications=publickey"
    strangers = [by_key(each, key).with_options(only) for each in (ssh, direct)]
    assert assert_same(*strangers, "echo in").status == 255
    assert [each["outcome"] for each in _attempts(hop, 1)] == ["refused"]


def test_management_certificate(
    hop: Hop, ssh: SshClient, account: Account, stock_sshd: StockSshd, key: Path
) -> None:
    authority = new_key(hop.directory / "authority")
    management = new_key(hop.home / "keys" / "management")
    certify(management, authority, account.name)
    authorize(account, key)
    stock_sshd.configure(TrustedUserCAKeys=str(public(authority)), PasswordAuthentication="no")
    stock_sshd.reload()
    assert by_key(ssh, key).run("echo in").stdout == b"in\n"
    assert [each["hop"] for each in _attempts(hop, 1)] == ["management-key"]


def test_certificate_of_the_candidate_s(
    hop: Hop, ssh: SshClient, direct: SshClient, account: Account, stock_sshd: StockSshd,
    key: Path, managed: Path,
) -> None:  # fmt: skip
    authority = new_key(hop.directory / "authority")
    certify(key, authority, account.name)
    stock_sshd.configure(TrustedUserCAKeys=str(public(authority)), PasswordAuthentication="no")
    stock_sshd.reload()
    shown = assert_same(by_key(ssh, key), by_key(direct, key), "echo in")
    assert shown.stdout == b"in\n"
    assert _attempts(hop, 1)[-1]["fingerprint"] == fingerprint(key)


def test_open_connection_of_the_same_user_where_nothing_else_is_left(
    hop: Hop, ssh: SshClient, direct: SshClient, account: Account, stock_sshd: StockSshd, key: Path
) -> None:
    authorize(account, key)
    with ssh.started("read line; echo got $line") as first:
        await_event(hop.session, "channel-opened", connection=1)
        _passwords_off(stock_sshd)
        with by_key(ssh, key).started("read line; echo got $line") as second:
            await_event(hop.session, "channel-opened", connection=2)
            # Whoever opened the connection may leave before whoever shares it.
            assert first.communicate(b"one\n", timeout=60)[0] == b"got one\n"
            await_event(hop.session, "connection-closed", connection=1)
            assert second.communicate(b"two\n", timeout=60)[0] == b"got two\n"
    assert [each["hop"] for each in _attempts(hop, 2)] == ["open-connection"]
    # With the last one it is closed: now the hop has no way left.
    shown = by_key(ssh, key).run("echo in")
    assert shown.stdout == b""
    assert b"accepts this key" in shown.stderr
    assert b"Permission denied" not in shown.stderr
    [attempt] = _attempts(hop, 3)
    assert (attempt["outcome"], attempt["cause"], attempt["target"]) == ("error", "hop", "accepts")
    assert "hop" not in attempt
    assert by_key(direct, key).run("echo in").stdout == b"in\n"


def test_password_may_be_given_where_the_hop_cannot_follow(
    hop: Hop, ssh: SshClient, account: Account, key: Path
) -> None:
    authorize(account, key)
    shown = by_key(ssh, key).with_options("LogLevel=INFO").run("echo in")
    assert shown.stdout == b"in\n"
    assert b"accepts this key" in shown.stderr
    outcomes = [(each["method"], each["outcome"]) for each in _attempts(hop, 1)]
    assert outcomes == [("publickey", "error"), ("password", "accepted")]
    # From now on the hop can.
    assert replace(by_key(ssh, key), passwords=()).run("echo in").stdout == b"in\n"


def test_password_that_was_changed_is_not_used_again(
    hop: Hop, ssh: SshClient, account: Account, stock_sshd: StockSshd, key: Path, managed: Path
) -> None:
    assert ssh.run("true").returncode == 0
    authorize(account, key)
    set_password(account, new_secret())
    for connection in (2, 3):
        assert by_key(ssh, key).run("echo in").stdout == b"in\n"
        assert [each["hop"] for each in _attempts(hop, connection)] == ["management-key"]
    assert stock_sshd.log.read_text().count("Failed password") == 1


def test_too_many_keys(
    hop: Hop, ssh: SshClient, direct: SshClient, stock_sshd: StockSshd, tmp_path: Path
) -> None:
    stock_sshd.configure(MaxAuthTries="3")
    stock_sshd.reload()
    keys = [new_key(tmp_path / "keys" / f"k{number}") for number in range(5)]
    shown = assert_same(by_key(ssh, *keys), by_key(direct, *keys), "echo in")
    assert b"Too many authentication failures" in shown.stderr
    assert len(_attempts(hop, 1)) == 3


@pytest.mark.parametrize("order", ["publickey,password", "password,publickey"])
def test_key_and_password_both_demanded(
    hop: Hop, ssh: SshClient, direct: SshClient, accepted: StockSshd, key: Path, order: str
) -> None:
    accepted.configure(AuthenticationMethods=order)
    accepted.reload()
    shown = assert_same(by_key(ssh, key), by_key(direct, key), "echo in")
    assert shown.stdout == b"in\n"
    outcomes = [each["outcome"] for each in _attempts(hop, 1)]
    assert outcomes == ["partial", "accepted"]
    wrong = [
        replace(by_key(each, key), passwords=("one", "two", "three")) for each in (ssh, direct)
    ]
    assert assert_same(*wrong, "echo in").status == 255


def test_ssh_copy_id_through_the_hop_then_the_key(
    hop: Hop, ssh: SshClient, direct: SshClient, account: Account, tmp_path: Path
) -> None:
    shown = []
    for name, way in (("through", ssh), ("direct", direct)):
        key = new_key(tmp_path / name / "key")
        client = way.with_options("PubkeyAuthentication=yes")
        done = client.run_tool("ssh-copy-id", "-i", str(public(key)))
        shown.append([line for line in done.stderr.splitlines() if b"/" not in line])
        assert done.returncode == 0, done.stderr
        assert b"Number of key(s) added: 1" in done.stdout
        without = replace(by_key(client, key), passwords=())
        assert without.run("echo in").stdout == b"in\n"
    assert shown[0] == shown[1]
    assert len((account.home / ".ssh/authorized_keys").read_text().splitlines()) == 2


class _Impostor(asyncssh.SSHKeyPair):
    """Offers somebody's public key, and signs with another."""

    def __init__(self, offered: asyncssh.SSHKey, own: asyncssh.SSHKey) -> None:
        algorithm = offered.algorithm
        super().__init__(algorithm, algorithm, [algorithm], [algorithm], offered.public_data, None)
        self._own = own

    def sign(self, data: bytes) -> bytes:
        return self._own.sign(data, self._own.algorithm)


async def test_offered_key_that_is_not_proved(
    hop: Hop, ssh: SshClient, account: Account, key: Path, managed: Path
) -> None:
    assert ssh.run("true").returncode == 0
    authorize(account, key)
    offered = asyncssh.read_public_key(public(key))
    impostor = _Impostor(offered, asyncssh.generate_private_key("ssh-ed25519"))
    with pytest.raises(asyncssh.PermissionDenied):
        await asyncssh.connect(
            LOOPBACK, hop.port, config=None, known_hosts=None, username=account.name,
            client_keys=[impostor], agent_path=None, preferred_auth="publickey",
        )  # fmt: skip
    [attempt] = _attempts(hop, 2)
    assert (attempt["outcome"], attempt["target"]) == ("refused", "refuses")
