"""`jumpseat target script` on a booted Debian 11: it makes what it says, and makes it once."""

from __future__ import annotations

import socket
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from recorder.exercise.loader import parse_exercise, shipped_directory
from recorder.exercise.schema import HttpProbe
from recorder.probes.http import look_at_page
from tests.end_to_end.lab.image import PASSWORD, USER
from tests.end_to_end.lab.target import Target
from tests.end_to_end.support.client import SshClient
from tests.end_to_end.support.hop import run_jumpseat
from tests.end_to_end.support.waiting import wait_for

DROP_IN = "/etc/ssh/sshd_config.d/50-cloud-init.conf"


@pytest.fixture
def bare(target: Target) -> Target:
    """A server on which nobody has prepared anything, and which takes no passwords."""
    target.run("userdel", "--remove", USER)
    target.run("rm", "/var/www/html/index.html")
    with target.rereading_ssh():
        target.run("sh", "-c", f"echo PasswordAuthentication no >{DROP_IN}; systemctl reload ssh")
    target.run("systemctl", "disable", "--now", "apache2")
    return target


class Preparer:
    """Prints scripts from one home, and runs them on a target."""

    def __init__(self, directory: Path, target: Target) -> None:
        self.home = directory / "preparer"
        self._target = target
        self._directory = directory

    def script(self, *words: str) -> str:
        done = run_jumpseat(
            "target", "script", "--home", str(self.home), *words, directory=self._directory
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def run(self, *words: str) -> str:
        said = self._target.run("sh", "-c", self.script(*words)).stdout
        # systemctl does not wait until sshd listens again.
        wait_for(lambda: _answers_inside(self._target), "sshd inside")
        return said


def _answers_inside(target: Target) -> bool:
    look = "exec 3<>/dev/tcp/127.0.0.1/22; head -c 4 <&3"
    return target.run("bash", "-c", look, check=False).stdout == "SSH-"


@pytest.fixture
def preparer(tmp_path: Path, bare: Target) -> Preparer:
    return Preparer(tmp_path, bare)


@pytest.fixture
def ssh(tmp_path: Path, bare: Target) -> SshClient:
    """The candidate's ssh, straight to the target."""
    place = tmp_path / "candidate"
    place.mkdir()
    return SshClient(
        directory=place, address=bare.address, port=22, user=USER, passwords=(PASSWORD,)
    )


def _state(target: Target) -> str:
    """Return everything that a second run could have touched: names, modes, times, contents."""
    places = "/etc /usr/local /var/www /home"
    listing = target.run("sh", "-c", f"find {places} -printf '%p %m %u %g %T@ %s\\n' | sort").stdout
    rules = "iptables -S; ip6tables -S; systemctl show -p ActiveEnterTimestamp ssh apache2"
    return listing + target.run("sh", "-c", rules).stdout


def _connects(target: Target, source: str) -> bool:
    try:
        with socket.create_connection((target.address, 22), timeout=60, source_address=(source, 0)):
            return True
    except ConnectionRefusedError:
        return False


def test_run_twice_it_makes_everything_once(bare: Target, preparer: Preparer) -> None:
    said = preparer.run("--hop", bare.outside)
    for part in ("user candidate", "password", "sudo", DROP_IN, "management_keys", "index.html",
                 "Apache", "closed port 22"):  # fmt: skip
        assert part in said
    before = _state(bare)
    assert preparer.run("--hop", bare.outside) == "nothing had to be changed\n"
    assert _state(bare) == before
    assert bare.run("/usr/sbin/sshd", "-t").stderr == ""


def test_the_candidate_logs_in_with_the_issued_password_and_may_become_root(
    preparer: Preparer, ssh: SshClient
) -> None:
    assert b"Permission denied" in ssh.run("id -un").stderr
    preparer.run()
    done = ssh.run(f"id -un; echo '{PASSWORD}' | sudo -S id -un")
    assert (done.returncode, done.stdout) == (0, b"candidate\nroot\n"), done.stderr


def test_the_management_key_logs_in_beside_the_candidates_own_keys_and_outside_their_home(
    bare: Target, preparer: Preparer, ssh: SshClient, tmp_path: Path
) -> None:
    preparer.run("--hop", bare.outside)
    key = preparer.home / "keys" / "management"
    own = tmp_path / "own"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(own)], check=True)
    line = own.with_suffix(".pub").read_text().strip()
    home = f"/home/{USER}"
    bare.run("install", "-d", "-o", USER, "-m", "700", f"{home}/.ssh")
    bare.run("sh", "-c", f"echo '{line}' >{home}/.ssh/authorized_keys")
    # Neither passwords, nor what lies in the candidate's home, is needed.
    with bare.rereading_ssh():
        bare.run("sh", "-c", f"echo PasswordAuthentication no >{DROP_IN}; systemctl reload ssh")
    for identity in (key, own):
        options = ("PubkeyAuthentication=yes", f"IdentityFile={identity}", "IdentitiesOnly=yes")
        client = replace(ssh, options=options, passwords=())
        done = client.run("id -un")
        assert done.stdout == b"candidate\n", done.stderr
    assert "management" not in bare.run("grep", "-r", "management", home, check=False).stdout


def test_only_the_hop_reaches_sshd_and_open_connections_stay_open(
    bare: Target, preparer: Preparer, ssh: SshClient
) -> None:
    other = bare.add_neighbour()
    preparer.run()
    assert _connects(bare, other)
    from_other = replace(ssh, options=(f"BindAddress={other}",))
    with from_other.started('echo in; read -r answer; echo "$answer"') as client:
        assert client.stdin is not None
        assert client.stdout is not None
        assert client.stdout.readline() == b"in\n"
        preparer.run("--hop", bare.outside)
        assert _connects(bare, bare.outside)
        assert not _connects(bare, other)
        client.stdin.write(b"still here\n")
        client.stdin.flush()
        assert client.stdout.readline() == b"still here\n"
    # From the server itself, as a candidate tests it, nothing is closed.
    assert _answers_inside(bare)


def test_a_hop_that_moved_is_let_in_and_the_old_one_is_not(
    bare: Target, preparer: Preparer
) -> None:
    other = bare.add_neighbour()
    preparer.run("--hop", bare.outside)
    said = preparer.run("--hop", other)
    assert "closed port 22" in said
    assert (_connects(bare, other), _connects(bare, bare.outside)) == (True, False)


async def test_the_page_is_the_one_that_the_exercise_looks_for(
    bare: Target, preparer: Preparer
) -> None:
    plan = parse_exercise((shipped_directory() / "ghost.toml").read_text(), "ghost.toml")
    probe = next(each for each in plan.probe if each.id == "marketing-page")
    assert isinstance(probe, HttpProbe)
    assert (await look_at_page(bare.address, probe)).outcome == "refused"
    preparer.run()
    seen = await look_at_page(bare.address, probe)
    assert (seen.status, seen.contains) == (200, True)
    assert seen.server is not None
    assert seen.server.startswith("Apache")


def test_parts_that_are_left_out_are_left_alone(bare: Target, preparer: Preparer) -> None:
    said = preparer.run("--no-password", "--no-sudo", "--no-page", "--no-management-key")
    assert said == "changed: created the user candidate\n"
    assert not bare.is_active("apache2")
    assert bare.run("id", "-nG", USER).stdout == "candidate\n"
    assert "PasswordAuthentication no" in bare.run("cat", DROP_IN).stdout


def test_a_configuration_with_errors_is_not_touched(bare: Target, preparer: Preparer) -> None:
    bare.run("sh", "-c", "echo NoSuchThing yes >>/etc/ssh/sshd_config")
    before = bare.run("cat", "/etc/ssh/sshd_config").stdout
    done = bare.run("sh", "-c", preparer.script(), check=False)
    assert done.returncode == 1
    assert "mend them first" in done.stderr
    assert bare.run("cat", "/etc/ssh/sshd_config").stdout == before
