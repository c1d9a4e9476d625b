"""Keyboard-interactive: what PAM asks, in as many rounds as it likes, shown as it wants it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.end_to_end.conftest import OpenTerminal
from tests.end_to_end.support import pam
from tests.end_to_end.support.accounts import Account, expire_password, set_password
from tests.end_to_end.support.client import SshClient
from tests.end_to_end.support.comparing import assert_same
from tests.end_to_end.support.hop import Hop
from tests.end_to_end.support.keys import authorize, by_key, new_key
from tests.end_to_end.support.recordings import await_event, journal, new_secret, traces_of
from tests.end_to_end.support.sshd import StockSshd

_CODE_MODULES = list(Path("/usr/lib").glob("*/security/pam_google_authenticator.so"))
CODES = [f"{number}2345678"[:8] for number in range(1, 9)]


@pytest.fixture
def pam_sshd(stock_sshd: StockSshd) -> Iterator[StockSshd]:
    """The target asks PAM for a password, by keyboard-interactive alone."""
    stock_sshd.stop()
    with pam.pam_service(pam.PASSWORD) as service:
        pam.use_pam(stock_sshd, service)
        stock_sshd.configure(PasswordAuthentication="no")
        stock_sshd.start()
        yield stock_sshd


@pytest.fixture
def code_sshd(stock_sshd: StockSshd, account: Account) -> Iterator[StockSshd]:
    """The target asks for a password, then for a code whose digits it shows."""
    if not _CODE_MODULES:
        pytest.skip("not installed: libpam-google-authenticator")
    stock_sshd.stop()
    pam.give_one_time_codes(account.home, account.uid, CODES)
    with pam.pam_service(pam.PASSWORD, pam.ONE_TIME_CODE) as service:
        pam.use_pam(stock_sshd, service)
        stock_sshd.configure(PasswordAuthentication="no")
        stock_sshd.start()
        yield stock_sshd


def _methods(hop: Hop, connection: int) -> list[tuple[str, str]]:
    await_event(hop.session, "connection-closed", connection=connection)
    return [
        (each["method"], each["outcome"])
        for each in journal(hop.session, "login-attempt")
        if each["connection"] == connection and each["method"] != "none"
    ]


def test_password_asked_by_pam(
    pam_sshd: StockSshd, hop: Hop, ssh: SshClient, direct: SshClient, account: Account
) -> None:
    passwords = ("not-this-one", account.password)
    clients = [replace(each, passwords=passwords) for each in (ssh, direct)]
    assert assert_same(*clients, "echo in").stdout == b"in\n"
    assert _methods(hop, 1) == [
        ("keyboard-interactive", "refused"), ("keyboard-interactive", "accepted"),
    ]  # fmt: skip


def test_password_logins_off_but_questions_left_on(
    pam_sshd: StockSshd, hop: Hop, ssh: SshClient, direct: SshClient
) -> None:
    clients = [replace(each, passwords=("one", "two", "three")) for each in (ssh, direct)]
    shown = assert_same(*clients, "echo in")
    assert b"Permission denied (publickey,keyboard-interactive)." in shown.stderr
    assert _methods(hop, 1) == [("keyboard-interactive", "refused")] * 3


def test_both_kinds_of_passwords_offered(
    pam_sshd: StockSshd, ssh: SshClient, direct: SshClient
) -> None:
    pam_sshd.configure(PasswordAuthentication="yes", MaxAuthTries="20")
    pam_sshd.reload()
    passwords = tuple(f"wrong{number}" for number in range(6))
    clients = [replace(each, passwords=passwords) for each in (ssh, direct)]
    shown = assert_same(*clients, "echo in")
    # After some refusals by PAM sshd offers no more than keys: that, too, is seen.
    assert b"Permission denied (publickey" in shown.stderr


def test_password_given_to_pam_lets_the_hop_follow_a_key(
    pam_sshd: StockSshd, hop: Hop, ssh: SshClient, account: Account, tmp_path: Path
) -> None:
    assert ssh.run("true").returncode == 0
    key = new_key(tmp_path / "key")
    authorize(account, key)
    assert replace(by_key(ssh, key), passwords=()).run("echo in").stdout == b"in\n"
    await_event(hop.session, "connection-closed", connection=2)
    lines = journal(hop.session, "login-attempt")
    assert lines[-1]["hop"] == "password"


def test_code_after_the_password(
    code_sshd: StockSshd, hop: Hop, ssh: SshClient, direct: SshClient, account: Account
) -> None:
    through = replace(ssh, passwords=(account.password, CODES[0])).run("echo in")
    expected = replace(direct, passwords=(account.password, CODES[1])).run("echo in")
    assert expected.stdout == b"in\n"
    assert (through.stdout, through.stderr) == (expected.stdout, expected.stderr)
    assert _methods(hop, 1) == [("keyboard-interactive", "accepted")]


def test_digits_are_shown_and_the_password_is_not(
    code_sshd: StockSshd, hop: Hop, ssh: SshClient, direct: SshClient, account: Account,
    open_terminal: OpenTerminal,
) -> None:  # fmt: skip
    screens = []
    for client, code in ((ssh, CODES[2]), (direct, CODES[3])):
        terminal = open_terminal()
        terminal.start(client.argv())
        terminal.wait_for_cursor(r"[Pp]assword: $")
        terminal.enter(account.password)
        terminal.wait_for_cursor(r"erification code: $")
        terminal.enter(code)
        terminal.prompt()
        shown = terminal.screen().split("$")[0]
        assert code in shown
        assert account.password not in shown
        screens.append(shown.replace(code, "CODE"))
    assert screens[0] == screens[1]
    hop.stop()
    assert traces_of(account.password, hop.home, hop.out, hop.err) == []


def test_expired_password_changed_at_login(
    pam_sshd: StockSshd, hop: Hop, ssh: SshClient, direct: SshClient, account: Account,
    open_terminal: OpenTerminal,
) -> None:  # fmt: skip
    screens = []
    new = new_secret()
    for client in (direct, ssh):
        set_password(account, account.password)
        expire_password(account)
        terminal = open_terminal()
        terminal.start(client.argv())
        terminal.wait_for_cursor(r"[Pp]assword: $")
        terminal.enter(account.password)
        for question in ("Current", "New", "Retype new"):
            terminal.wait_for_cursor(rf"{question} password: $")
            terminal.enter(account.password if question == "Current" else new)
        terminal.prompt()
        screens.append(terminal.screen().split("$")[0])
        terminal.enter("exit")
        terminal.await_exit()
    assert screens[0] == screens[1]
    assert "required to change your password" in screens[0]
    assert _methods(hop, 1) == [("keyboard-interactive", "accepted")]
    # The new one is the one that the hop would use after a key.
    assert replace(ssh, passwords=(new,)).run("echo in").stdout == b"in\n"
    hop.stop()
    for secret in (new, account.password):
        assert traces_of(secret, hop.home, hop.out, hop.err) == []


def test_expired_password_that_is_not_changed_well(
    pam_sshd: StockSshd, ssh: SshClient, direct: SshClient, account: Account
) -> None:
    expire_password(account)
    passwords = (account.password, account.password, "one", "other", "x", "y", "z")
    clients = [replace(each, passwords=passwords) for each in (ssh, direct)]
    assert assert_same(*clients, "echo in").status == 255


def test_expired_password_changed_in_the_session(
    pam_sshd: StockSshd, ssh: SshClient, direct: SshClient, account: Account,
) -> None:  # fmt: skip
    pam_sshd.configure(PasswordAuthentication="yes", KbdInteractiveAuthentication="no")
    pam_sshd.reload()
    expire_password(account)
    shown = assert_same(ssh, direct, "echo in")
    assert b"Password change required" in shown.stderr
