"""The practice server behind the hop, with stock ssh: it behaves, and it is for one user only."""

from __future__ import annotations

import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from tests.end_to_end.conftest import OpenTerminal, StartHop, log_in
from tests.end_to_end.support.accounts import Account
from tests.end_to_end.support.checking import check_tags
from tests.end_to_end.support.client import SshClient
from tests.end_to_end.support.hop import Hop
from tests.end_to_end.support.recordings import verify
from tests.end_to_end.support.terminal import Terminal

PASSWORD = "CHANGE_ME!"


@pytest.fixture
def practice(start_hop: StartHop) -> Hop:
    """A jump host in front of a practice server of its own."""
    return start_hop("practice")


@pytest.fixture
def trainee(practice: Hop, tmp_path: Path) -> SshClient:
    """The trainee's ssh."""
    place = tmp_path / "trainee"
    place.mkdir()
    return SshClient(directory=place, port=practice.port, user="candidate", passwords=(PASSWORD,))


@pytest.fixture
def desk(trainee: SshClient, open_terminal: OpenTerminal) -> Terminal:
    """The trainee's terminal, logged in."""
    terminal = open_terminal()
    terminal.start(trainee.argv())
    log_in(terminal, PASSWORD)
    return terminal


def test_exit_status_and_streams(trainee: SshClient) -> None:
    done = trainee.run("sort; echo complaint >&2; exit 37", stdin=b"b\na\n")
    assert (done.returncode, done.stdout, done.stderr) == (37, b"a\nb\n", b"complaint\n")


def test_wrong_password_is_refused(practice: Hop, trainee: SshClient) -> None:
    wrong = SshClient(
        directory=trainee.directory, port=practice.port, user="candidate",
        passwords=("CHANGE_ME", "change_me!", ""),
    )  # fmt: skip
    done = wrong.run("true")
    assert done.returncode == 255
    assert b"Permission denied" in done.stderr


def test_nothing_done_in_it_touches_this_machine(trainee: SshClient, tmp_path: Path) -> None:
    marker = f"/tmp/practice-{tmp_path.name}-{id(trainee)}"
    done = trainee.run(f"echo here > {marker} && cat {marker}; cat /etc/hostname; ls {tmp_path}")
    assert done.stdout.splitlines()[0] == b"here"
    assert not Path(marker).exists()
    assert Path("/etc/hostname").read_bytes().strip() not in done.stdout.splitlines()
    assert b"No such file" in done.stderr


def test_upgrade_and_apache_are_tagged(practice: Hop, desk: Terminal) -> None:
    desk.enter("sudo apt upgrade")
    desk.wait_for_cursor("password for candidate: $")
    desk.enter(PASSWORD)
    desk.wait_for_cursor(r"\[Y/n\] $")
    desk.enter("y")
    desk.prompt(timeout=60)
    desk.run("curl -s localhost | head -3")
    desk.run("sudo systemctl stop apache2")
    desk.run("curl -s localhost || echo nobody answers")
    desk.wait_for("^nobody answers$")
    tags = practice.json("tags", "latest")
    check_tags(tags)
    expected = ["apt-upgrade", "apache-stopped"]
    assert [tag["signal"] for tag in tags if tag["signal"] in expected] == expected
    session = practice.session
    practice.stop()
    verify(practice.home, session)


def test_password_logins_off_lock_the_next_login_out(
    practice: Hop, desk: Terminal, trainee: SshClient
) -> None:
    desk.enter("sudo sed -i 's/^#*PasswordAuthentication.*/PasswordAuthentication no/'"
               " /etc/ssh/sshd_config")  # fmt: skip
    desk.wait_for_cursor("password for candidate: $")
    desk.enter(PASSWORD)
    desk.prompt()
    assert trainee.run("true").returncode == 0
    desk.run("sudo systemctl restart ssh")
    assert trainee.run("true").returncode == 255
    desk.run("echo still in")
    assert "lockout-tested" in [tag["signal"] for tag in practice.json("tags", "latest")]


def test_a_hop_in_the_background_of_a_script_gives_working_terminals_and_ends(
    tmp_path: Path, open_terminal: OpenTerminal
) -> None:
    # What a shell without job control does to a command that it starts with "&".
    hop = Hop(tmp_path / "hop", "practice")
    hop.argv = ["sh", "-c", "trap '' INT QUIT; exec \"$@\"", "sh", *hop.argv]
    hop.start()
    try:
        place = tmp_path / "trainee"
        place.mkdir()
        trainee = SshClient(directory=place, port=hop.port, user="candidate", passwords=(PASSWORD,))
        desk = open_terminal()
        desk.start(trainee.argv())
        log_in(desk, PASSWORD)
        desk.enter("echo begun; cat; echo never")
        desk.wait_for("^begun$")
        # Until cat runs, what the shell has started is a copy of it.
        desk.enter("first")
        desk.wait_for("^first\nfirst$")
        desk.key("C-c")
        desk.prompt()
        desk.run("echo status $?")
        desk.wait_for("^status 130$")
        desk.enter("sudo cat")
        desk.wait_for_cursor("password for candidate: $")
        desk.enter(PASSWORD)
        desk.wait_for_cursor("^$")
        desk.enter("second")
        desk.wait_for("^second\nsecond$")
        desk.key("C-c")
        desk.prompt()
    finally:
        hop.stop(signal.SIGINT)


def test_another_local_user_is_refused(practice: Hop, trainee: SshClient, account: Account) -> None:
    place = account.scratch / "ssh"
    place.mkdir()
    stranger = SshClient(
        directory=place, port=practice.port, user="candidate", passwords=(PASSWORD,)
    )
    environment = stranger.environment()
    for path in (place, *place.iterdir()):
        shutil.chown(path, account.name)
    done = subprocess.run(
        ["runuser", "-u", account.name, "--", *stranger.argv("echo in")], env=environment,
        stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (255, b"")
    assert trainee.run("echo in").stdout == b"in\n"
