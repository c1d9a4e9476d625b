"""What a target allows and forbids: each refusal reads as it does without the hop."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from tests.end_to_end.support.accounts import Account, clear_password, set_password
from tests.end_to_end.support.client import SshClient
from tests.end_to_end.support.comparing import assert_same
from tests.end_to_end.support.hop import Hop
from tests.end_to_end.support.recordings import await_event, journal
from tests.end_to_end.support.sshd import StockSshd

Configure = Callable[..., None]


@pytest.fixture
def configure(stock_sshd: StockSshd) -> Configure:
    """Changes the target's settings while it runs."""

    def change(**settings: str) -> None:
        stock_sshd.configure(**settings)
        stock_sshd.reload()

    return change


def _outcomes(hop: Hop, connection: int = 1) -> list[tuple[str, str]]:
    await_event(hop.session, "connection-closed", connection=connection)
    return [
        (each["method"], each["outcome"])
        for each in journal(hop.session, "login-attempt")
        if each["connection"] == connection
    ]


@pytest.mark.parametrize("most", ["1", "2"])
def test_too_many_tries(
    hop: Hop, ssh: SshClient, direct: SshClient, configure: Configure, most: str
) -> None:
    configure(MaxAuthTries=most)
    clients = [replace(each, passwords=("one", "two", "three")) for each in (ssh, direct)]
    shown = assert_same(*clients, "echo in")
    assert b"Too many authentication failures" in shown.stderr
    assert _outcomes(hop) == [("none", "refused"), *[("password", "refused")] * int(most)]


def test_hop_has_enough_where_the_target_never_has(
    hop: Hop, ssh: SshClient, configure: Configure, account: Account
) -> None:
    configure(MaxAuthTries="1000")
    words = tuple(f"word{number}" for number in range(30))
    endless = replace(ssh, passwords=words).with_options("NumberOfPasswordPrompts=30")
    shown = endless.run("echo in")
    assert b"Too many authentication failures" in shown.stderr
    assert _outcomes(hop) == [("none", "refused"), *[("password", "refused")] * 20]
    assert ssh.run("echo in").stdout == b"in\n"


def test_user_who_is_not_allowed(
    hop: Hop, ssh: SshClient, direct: SshClient, configure: Configure, account: Account
) -> None:
    configure(AllowUsers="somebody-else")
    assert assert_same(ssh, direct, "echo in").status == 255
    configure(AllowUsers=f"somebody-else {account.name}")
    assert assert_same(ssh, direct, "echo in").stdout == b"in\n"
    configure(DenyUsers=account.name)
    assert assert_same(ssh, direct, "echo in").status == 255
    assert _outcomes(hop, 1)[-1] == _outcomes(hop, 3)[-1] == ("password", "refused")
    assert _outcomes(hop, 2)[-1] == ("password", "accepted")


def test_password_off_for_one_user_only(
    hop: Hop, ssh: SshClient, direct: SshClient, configure: Configure, account: Account
) -> None:
    configure(Match=f"User {account.name}\n  PasswordAuthentication no")
    shown = assert_same(ssh, direct, "echo in")
    assert b"Permission denied (publickey)." in shown.stderr


@pytest.mark.parametrize("allowed", ["no", "yes"])
def test_empty_password(
    hop: Hop,
    ssh: SshClient,
    direct: SshClient,
    configure: Configure,
    account: Account,
    allowed: str,
) -> None:
    clear_password(account)
    configure(PermitEmptyPasswords=allowed)
    clients = [replace(each, passwords=("", "", "")) for each in (ssh, direct)]
    shown = assert_same(*clients, "echo in")
    assert shown.stdout == (b"in\n" if allowed == "yes" else b"")
    assert _outcomes(hop)[0] == ("none", "accepted" if allowed == "yes" else "refused")


@pytest.mark.parametrize("password", ["x²-Å-ﬁ", "Ⅸ\u00ad\u200b-soft", "  blanks  "])
def test_password_reaches_the_target_as_it_was_typed(
    ssh: SshClient, direct: SshClient, account: Account, password: str
) -> None:
    set_password(account, password)
    clients = [replace(each, passwords=(password,)) for each in (ssh, direct)]
    assert assert_same(*clients, "echo in").stdout == b"in\n"


def test_user_whose_name_is_no_text(ssh: SshClient, direct: SshClient, hop: Hop) -> None:
    clients = [
        replace(each, user="caf\udce9\udcff", passwords=("a", "b", "c")) for each in (ssh, direct)
    ]
    assert assert_same(*clients, "echo in").status == 255
    await_event(hop.session, "connection-closed", connection=1)
    users = {each["user"] for each in journal(hop.session, "login-attempt")}
    assert users == {"caf\ufffd\ufffd"}


def test_grace_time_of_the_target(
    hop: Hop, ssh: SshClient, direct: SshClient, stock_sshd: StockSshd, tmp_path: Path
) -> None:
    stock_sshd.configure(LoginGraceTime="3")
    stock_sshd.reload()
    # The answer to the question for the password comes when it is too late.
    slow = tmp_path / "slow"
    slow.write_text(
        '#!/bin/sh\nread -r server <"$0.pid"\n'
        'while [ -n "$(cat "/proc/$server/task/$server/children")" ]; do sleep 0.1; done\n'
        "echo late\n"
    )
    slow.chmod(0o755)
    slow.with_name("slow.pid").symlink_to(stock_sshd.directory / "sshd.pid")
    clients = [replace(each, variables={"SSH_ASKPASS": str(slow)}) for each in (ssh, direct)]

    def said(client: SshClient) -> bytes:
        with client.started("true") as process:
            return process.communicate(timeout=60)[1].replace(str(client.port).encode(), b"")

    with ThreadPoolExecutor(2) as both:
        outputs = list(both.map(said, clients))
    assert outputs[0] == outputs[1]
    await_event(hop.session, "connection-closed", connection=1)
    attempts = journal(hop.session, "login-attempt")
    assert [each["outcome"] for each in attempts] == ["refused"]
