"""A lock-out on a whole Debian server, as a candidate makes it, and what only looks like one."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.lab.image import PASSWORD, USER
from tests.end_to_end.lab.target import Target
from tests.end_to_end.support.client import SshClient
from tests.end_to_end.support.hop import Hop
from tests.end_to_end.support.keys import by_key, new_key, public
from tests.end_to_end.support.recordings import await_event, journal
from tests.end_to_end.support.terminal import Terminal

REFUSED = b"Permission denied"


@pytest.fixture
def lab_direct(tmp_path: Path, target: Target) -> SshClient:
    """The candidate's ssh to the booted target, without a hop between."""
    place = tmp_path / "direct"
    place.mkdir()
    return SshClient(
        directory=place, port=22, user=USER, address=target.address, passwords=(PASSWORD,)
    )


def _same(through: SshClient, direct: SshClient, *words: str) -> bytes:
    """Compare what both print, but for the address that they reach the server at."""
    expected = direct.run(*words)
    shown = through.run(*words)
    unaddressed = expected.stderr.replace(direct.address.encode(), through.address.encode())
    assert (shown.stdout, shown.stderr, shown.returncode) == (
        expected.stdout, unaddressed, expected.returncode,
    )  # fmt: skip
    return shown.stdout + shown.stderr


def _last_attempt(hop: Hop, connection: int) -> dict[str, Any]:
    await_event(hop.session, "connection-closed", connection=connection)
    lines = journal(hop.session, "login-attempt")
    return [each for each in lines if each["connection"] == connection][-1]


def _sudo(seat: Terminal, command: str) -> None:
    seat.run(f"sudo {command}")


def _become_able(seat: Terminal) -> None:
    seat.enter("sudo true")
    seat.wait_for_cursor("password for candidate: $")
    seat.enter(PASSWORD)
    seat.prompt()


def test_candidate_who_switches_passwords_off(
    lab_hop: Hop, lab_seat: Terminal, lab_ssh: SshClient, lab_direct: SshClient, target: Target,
    tmp_path: Path,
) -> None:  # fmt: skip
    _become_able(lab_seat)
    key = new_key(tmp_path / "key")
    tool = lab_ssh.with_options("PubkeyAuthentication=yes")
    assert tool.run_tool("ssh-copy-id", "-i", str(public(key))).returncode == 0
    _sudo(lab_seat, "sh -c 'echo PasswordAuthentication no > /etc/ssh/sshd_config.d/a.conf'")
    # Not yet: the server has not read it.
    assert b"in\n" in _same(lab_ssh, lab_direct, "echo in")
    with target.rereading_ssh():
        _sudo(lab_seat, "systemctl reload ssh")
    # Debian 11 leaves keyboard-interactive off and PAM on.
    assert REFUSED in _same(lab_ssh, lab_direct, "echo in")
    assert b"in\n" in _same(by_key(lab_ssh, key), by_key(lab_direct, key), "echo in")
    assert "lockout-tested" in [tag["signal"] for tag in lab_hop.json("tags", "latest")]
    lab_seat.run("echo still here")


def test_candidate_who_forgets_the_other_way_in(
    lab_hop: Hop, lab_seat: Terminal, lab_ssh: SshClient, lab_direct: SshClient, target: Target
) -> None:
    """The classic trap: passwords are off, and PAM still asks for them."""
    _become_able(lab_seat)
    _sudo(lab_seat, "sh -c 'echo PasswordAuthentication no > /etc/ssh/sshd_config.d/a.conf'")
    switch = "s/^ChallengeResponse.*/ChallengeResponseAuthentication yes/"
    _sudo(lab_seat, f"sed -i {switch!r} /etc/ssh/sshd_config")
    with target.rereading_ssh():
        _sudo(lab_seat, "systemctl reload ssh")
    assert b"in\n" in _same(lab_ssh, lab_direct, "echo in")
    wrong = [replace(each, passwords=("a", "b", "c")) for each in (lab_ssh, lab_direct)]
    assert b"(publickey,keyboard-interactive)" in _same(*wrong, "echo in")


def test_server_that_is_stopped_by_the_candidate(
    lab_hop: Hop, lab_seat: Terminal, lab_ssh: SshClient
) -> None:
    _become_able(lab_seat)
    _sudo(lab_seat, "systemctl stop ssh")
    shown = lab_ssh.run("true")
    assert REFUSED not in shown.stderr
    assert _last_attempt(lab_hop, 2)["cause"] == "unreachable"
    lab_seat.run("echo still here")
    _sudo(lab_seat, "systemctl start ssh")
    assert lab_ssh.run("true").returncode == 0


def test_port_that_is_changed_by_the_candidate(
    lab_hop: Hop, lab_seat: Terminal, lab_ssh: SshClient
) -> None:
    _become_able(lab_seat)
    _sudo(lab_seat, "sh -c 'echo Port 2022 > /etc/ssh/sshd_config.d/a.conf'")
    _sudo(lab_seat, "systemctl restart ssh")
    shown = lab_ssh.run("true")
    assert REFUSED not in shown.stderr
    assert _last_attempt(lab_hop, 2)["cause"] == "unreachable"


@pytest.mark.parametrize("how", ["REJECT", "DROP"])
def test_hop_that_is_banned(
    lab_hop: Hop, lab_seat: Terminal, lab_ssh: SshClient, target: Target, how: str
) -> None:
    """As fail2ban does it, but for connections that stand."""
    rule = ["-p", "tcp", "--dport", "22", "--syn", "-j", how]
    subprocess.run(
        ["ip", "netns", "exec", target.name, "iptables", "-A", "INPUT", *rule], check=True
    )
    shown = lab_ssh.run("true")
    assert REFUSED not in shown.stderr
    attempt = _last_attempt(lab_hop, 2)
    assert (attempt["outcome"], attempt["cause"]) == ("error", "banned"), attempt
    lab_seat.run("echo still here")
    assert [tag["signal"] for tag in lab_hop.json("tags", "latest")] == []
