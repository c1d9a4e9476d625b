"""Logging in: the target decides, the candidate reads the target's words, the recording says so."""

from __future__ import annotations

from dataclasses import replace

from tests.end_to_end.support.accounts import Account
from tests.end_to_end.support.client import SshClient
from tests.end_to_end.support.hop import Hop
from tests.end_to_end.support.recordings import await_event, journal
from tests.end_to_end.support.sshd import StockSshd
from tests.end_to_end.support.waiting import wait_for


def _attempts(hop: Hop, method: str = "password") -> list[tuple[str, list[str]]]:
    lines = journal(hop.session, "login-attempt")
    return [(each["outcome"], each["methods"]) for each in lines if each["method"] == method]


def test_right_password_after_a_wrong_one(
    hop: Hop, ssh: SshClient, direct: SshClient, account: Account
) -> None:
    passwords = ("not-this-one", account.password)
    expected = replace(direct, passwords=passwords).run("echo in")
    done = replace(ssh, passwords=passwords).run("echo in")
    assert (done.stdout, done.stderr, done.returncode) == (b"in\n", expected.stderr, 0)
    offered = ["publickey", "password"]
    assert _attempts(hop) == [("refused", offered), ("accepted", offered)]
    assert {each["user"] for each in journal(hop.session, "login-attempt")} == {account.name}


def test_three_wrong_passwords(hop: Hop, ssh: SshClient, direct: SshClient) -> None:
    passwords = ("not-this-one", "nor-this", "give-up")
    expected = replace(direct, passwords=passwords).run("echo in")
    done = replace(ssh, passwords=passwords).run("echo in")
    assert b"Permission denied (publickey,password)" in expected.stderr
    assert (done.stdout, done.stderr, done.returncode) == (b"", expected.stderr, 255)
    await_event(hop.session, "connection-closed", connection=1)
    assert [outcome for outcome, _ in _attempts(hop)] == ["refused"] * 3
    assert journal(hop.session, "channel-opened") == []


def test_unknown_user_is_refused_as_the_target_refuses_it(
    ssh: SshClient, direct: SshClient
) -> None:
    nobody = {"user": "jscand-nobody", "passwords": ("a", "b", "c")}
    expected = replace(direct, **nobody).run("echo in")  # type: ignore[arg-type]  # two fields by name
    done = replace(ssh, **nobody).run("echo in")  # type: ignore[arg-type]  # likewise
    assert (done.stderr, done.returncode) == (expected.stderr, 255)


def test_password_logins_switched_off_on_the_target_are_off_at_once(
    hop: Hop, ssh: SshClient, direct: SshClient, stock_sshd: StockSshd
) -> None:
    assert ssh.run("echo in").returncode == 0
    stock_sshd.configure(PasswordAuthentication="no")
    stock_sshd.reload()
    expected = direct.run("echo in")
    assert b"Permission denied (publickey)." in expected.stderr
    done = ssh.run("echo in")
    assert (done.stderr, done.returncode) == (expected.stderr, 255)
    await_event(hop.session, "connection-closed", connection=2)
    refused = [each for each in journal(hop.session, "login-attempt") if each["connection"] == 2]
    assert refused
    assert all(each["outcome"] == "refused" for each in refused)
    assert refused[-1]["methods"] == ["publickey"]


def test_banner_before_login_is_shown(
    ssh: SshClient, direct: SshClient, stock_sshd: StockSshd
) -> None:
    banner = stock_sshd.directory / "banner"
    banner.write_text("Only for those who were invited.\n")
    stock_sshd.configure(Banner=str(banner))
    stock_sshd.reload()
    shown = ("LogLevel=INFO",)
    # The first connection also says that it learnt the host key.
    for client in (direct, ssh):
        client.run("true")
    expected = direct.with_options(*shown).run("true").stderr
    assert b"Only for those who were invited." in expected
    assert ssh.with_options(*shown).run("true").stderr == expected


def test_host_key_of_the_target_is_pinned_at_first_contact(hop: Hop, ssh: SshClient) -> None:
    assert ssh.run("true").returncode == 0
    assert ssh.run("true").returncode == 0
    verdicts = [each["verdict"] for each in journal(hop.session, "target-host-key")]
    assert verdicts[0] == "pinned"
    assert set(verdicts[1:]) <= {"known"}


def test_target_with_another_host_key_is_refused_in_clear_words(
    hop: Hop, ssh: SshClient, stock_sshd: StockSshd
) -> None:
    assert ssh.run("true").returncode == 0
    stock_sshd.stop()
    stock_sshd.make_host_key()
    stock_sshd.start()
    done = ssh.run("echo in")
    assert done.returncode == 255
    assert done.stdout == b""
    await_event(hop.session, "target-host-key", verdict="changed")
    said = wait_for(
        lambda: [line for line in hop.err.read_text().splitlines() if "host key" in line],
        "line about the host key", detail=hop.err.read_text,
    )  # fmt: skip
    assert any("changed" in line or "another" in line or "not the" in line for line in said)
    accepted = [
        each for each in journal(hop.session, "login-attempt")
        if each["connection"] == 2 and each["outcome"] == "accepted"
    ]  # fmt: skip
    assert accepted == []


def test_target_that_stopped_answering_is_no_wrong_password(
    hop: Hop, ssh: SshClient, stock_sshd: StockSshd
) -> None:
    assert ssh.run("true").returncode == 0
    stock_sshd.stop()
    done = ssh.run("true")
    assert done.returncode == 255
    assert b"Permission denied, please try again" not in done.stderr
    closed = await_event(hop.session, "connection-closed", connection=2)
    assert closed["reason"]
    outcomes = {
        each["outcome"] for each in journal(hop.session, "login-attempt") if each["connection"] == 2
    }
    assert "refused" not in outcomes
    stock_sshd.start()
    assert ssh.run("true").returncode == 0
