"""Four signals on a real Debian server, each with what looks like it and is not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.end_to_end.conftest import OpenTerminal, log_in
from tests.end_to_end.lab.image import PASSWORD, UPGRADABLE
from tests.end_to_end.lab.target import Target
from tests.end_to_end.support.checking import check_tags
from tests.end_to_end.support.client import SshClient
from tests.end_to_end.support.hop import Hop
from tests.end_to_end.support.recordings import new_secret, traces_of
from tests.end_to_end.support.terminal import Terminal
from tests.end_to_end.support.waiting import wait_for

SIGNALS = frozenset({"apt-upgrade", "password-changed", "apache-stopped", "lockout-tested"})
"""Those that are tried here; others, such as the use of sudo, are tagged beside them."""


def _tags(hop: Hop) -> list[tuple[str, str]]:
    tags: list[dict[str, Any]] = hop.json("tags", "latest")
    check_tags(tags)
    return [(tag["signal"], tag["outcome"]) for tag in tags if tag["signal"] in SIGNALS]


def _become_able(seat: Terminal) -> None:
    """Have sudo ask for the password once, so that it does not in the commands that follow."""
    seat.enter("sudo true")
    seat.wait_for_cursor("password for candidate: $")
    seat.enter(PASSWORD)
    seat.prompt()


def _answer(seat: Terminal, answer: str) -> None:
    seat.wait_for_cursor(r"Do you want to continue\? \[Y/n\] $")
    seat.enter(answer)
    seat.prompt()


def _version(target: Target) -> str:
    return target.run("dpkg-query", "-W", "-f", "${Version}", UPGRADABLE).stdout


def _heeds_signals(target: Target) -> bool:
    said = target.run("cat", "/var/log/apache2/error.log").stdout
    return "resuming normal operations" in said


@pytest.mark.parametrize("command", ["sudo apt upgrade", "sudo apt-get dist-upgrade"])
def test_upgrade_that_is_accepted(
    lab_hop: Hop, lab_seat: Terminal, target: Target, command: str
) -> None:
    lab_seat.enter(command)
    lab_seat.wait_for_cursor("password for candidate: $")
    lab_seat.enter(PASSWORD)
    _answer(lab_seat, "y")
    assert _version(target) == "2.0"
    assert _tags(lab_hop) == [("apt-upgrade", "ok")]


def test_upgrade_that_is_no_upgrade(lab_hop: Hop, lab_seat: Terminal, target: Target) -> None:
    _become_able(lab_seat)
    lab_seat.enter("sudo apt upgrade")
    _answer(lab_seat, "n")
    lab_seat.wait_for("^Abort")
    lab_seat.run('echo "apt upgrade"')
    lab_seat.run("# sudo apt upgrade -y")
    lab_seat.run("apt upgrade -y")  # not allowed without sudo
    lab_seat.wait_for("are you root")
    lab_seat.run("sudo apt upgrade --dry-run | tail -3")
    lab_seat.run("grep -r 'apt upgrade' .bashrc")
    assert _version(target) == "1.0"
    assert [tag for tag in _tags(lab_hop) if tag[1] != "failed"] == []


@pytest.mark.parametrize(
    "command",
    ["sudo systemctl stop apache2", "sudo service apache2 stop", "sudo apachectl stop"],
)
def test_apache_that_is_stopped(
    lab_hop: Hop, lab_seat: Terminal, target: Target, command: str
) -> None:
    _become_able(lab_seat)
    assert target.is_active("apache2")
    # Apache is active before it can be told to stop: a signal while it starts is forgotten.
    wait_for(lambda: _heeds_signals(target), "end of Apache's start")
    lab_seat.run(command)
    # apachectl only tells Apache to stop.
    wait_for(lambda: not target.is_active("apache2"), "end of Apache", detail=lab_seat.screen)
    tags = _tags(lab_hop)
    assert [signal for signal, _ in tags] == ["apache-stopped"]
    assert tags[0][1] in {"ok", "unknown"}


def test_apache_that_is_not_stopped(lab_hop: Hop, lab_seat: Terminal, target: Target) -> None:
    lab_seat.run("/usr/sbin/apachectl stop")
    lab_seat.enter("sudo systemctl stop apache2")
    for _ in range(3):
        lab_seat.wait_for_cursor("password for candidate: $")
        lab_seat.enter("wrong")
        # sudo waits before it says that this was wrong.
        lab_seat.wait_for_cursor("(password for candidate: |[$] )$")
    lab_seat.wait_for("incorrect password attempts")
    lab_seat.prompt()
    lab_seat.run("pkill apache2")
    lab_seat.run('echo "sudo systemctl stop apache2"')
    lab_seat.run("systemctl status apache2 --no-pager | head -3")
    assert target.is_active("apache2")
    assert [tag for tag in _tags(lab_hop) if tag[1] != "failed"] == []


def test_password_that_is_changed(lab_hop: Hop, lab_seat: Terminal, lab_ssh: SshClient) -> None:
    new = new_secret()
    lab_seat.enter("passwd")
    lab_seat.wait_for_cursor("Current password: $")
    lab_seat.enter(PASSWORD)
    for question in ("New", "Retype new"):
        lab_seat.wait_for_cursor(f"{question} password: $")
        lab_seat.enter(new)
    lab_seat.prompt()
    lab_seat.wait_for("updated successfully")
    assert _tags(lab_hop) == [("password-changed", "ok")]
    lab_hop.stop()
    assert traces_of(new, lab_hop.home, lab_hop.out, lab_hop.err) == []


def test_password_that_is_not_changed(lab_hop: Hop, lab_seat: Terminal) -> None:
    lab_seat.enter("passwd")
    lab_seat.wait_for_cursor("Current password: $")
    lab_seat.enter(PASSWORD)
    lab_seat.wait_for_cursor("New password: $")
    lab_seat.enter("%one+thing-7Wx")
    lab_seat.wait_for_cursor("Retype new password: $")
    lab_seat.enter("%another+thing-7Wx")
    lab_seat.wait_for("do not match")
    lab_seat.prompt()
    lab_seat.enter("passwd")
    lab_seat.wait_for_cursor("Current password: $")
    # passwd does not end by Ctrl-C.
    lab_seat.key("C-d")
    lab_seat.prompt()
    lab_seat.run("echo passwd: password updated successfully")
    assert [tag for tag in _tags(lab_hop) if tag[1] != "failed"] == []


def _set_password_logins(seat: Terminal, answer: str) -> None:
    seat.run(f"echo PasswordAuthentication {answer} | sudo tee /etc/ssh/sshd_config.d/a.conf")
    seat.run("sudo systemctl reload ssh")


def test_lockout_that_is_tested_by_a_login_that_works(
    lab_hop: Hop, lab_seat: Terminal, lab_ssh: SshClient
) -> None:
    _become_able(lab_seat)
    assert lab_ssh.run("true").returncode == 0
    assert _tags(lab_hop) == []
    _set_password_logins(lab_seat, "yes")
    assert _tags(lab_hop) == []
    assert lab_ssh.run("true").returncode == 0
    assert "lockout-tested" in [signal for signal, _ in _tags(lab_hop)]


def test_lockout_that_is_tested_by_a_login_that_is_refused(
    lab_hop: Hop, lab_seat: Terminal, lab_ssh: SshClient
) -> None:
    _become_able(lab_seat)
    _set_password_logins(lab_seat, "no")
    refused = lab_ssh.run("true")
    assert b"Permission denied (publickey)." in refused.stderr
    lab_seat.run("echo still here")
    assert "lockout-tested" in [signal for signal, _ in _tags(lab_hop)]


def test_second_login_without_any_change_tests_no_lockout(
    lab_hop: Hop, lab_seat: Terminal, lab_ssh: SshClient, open_terminal: OpenTerminal
) -> None:
    _become_able(lab_seat)
    lab_seat.run("cat /etc/ssh/sshd_config | tail -3")
    lab_seat.run("sudo systemctl reload apache2")
    second = open_terminal()
    second.start(lab_ssh.argv())
    log_in(second, PASSWORD)
    second.run("echo 'systemctl reload ssh'")
    assert _tags(lab_hop) == []


def test_login_after_the_first_session_ended_tests_no_lockout(
    lab_hop: Hop, lab_seat: Terminal, lab_ssh: SshClient
) -> None:
    _become_able(lab_seat)
    _set_password_logins(lab_seat, "yes")
    lab_seat.enter("exit")
    lab_seat.await_exit()
    assert lab_ssh.run("true").returncode == 0
    assert _tags(lab_hop) == []
