"""What the hop's looks from outside say of a real Apache and a real sshd, as both are changed."""

from __future__ import annotations

import asyncssh
import pytest

from recorder.exercise.loader import parse_exercise, shipped_directory
from recorder.exercise.schema import HttpProbe, LoginProbe
from recorder.hop.target import TcpTarget, read_version
from recorder.probes.http import look_at_page
from recorder.probes.logins import look_at_logins
from recorder.recording.journal import Probe
from tests.end_to_end.lab.image import USER
from tests.end_to_end.lab.target import Target
from tests.end_to_end.support.network import await_ssh
from tests.end_to_end.support.waiting import wait_for

PLAN = parse_exercise((shipped_directory() / "ghost.toml").read_text(), "ghost.toml")
BASIC_AUTH = """\
<Directory /var/www/html>
AuthType Basic
AuthName "Not yet"
AuthUserFile /etc/apache2/htpasswd
Require valid-user
</Directory>
"""


async def _look(target: Target, name: str) -> Probe:
    probe = next(each for each in PLAN.probe if each.id == name)
    assert isinstance(probe, HttpProbe)
    return await look_at_page(target.address, probe)


@pytest.fixture
def campaign(target: Target) -> Target:
    """The target with the exercise's page."""
    assert PLAN.target.page is not None
    page = PLAN.target.page.html
    target.run("sh", "-c", f"cat >/var/www/html/index.html <<'EOF'\n{page}\nEOF")
    return target


async def test_the_page_that_must_stay_up(campaign: Target) -> None:
    up = await _look(campaign, "marketing-page")
    assert (up.status, up.contains) == (200, True)
    campaign.run("systemctl", "stop", "apache2")
    assert (await _look(campaign, "marketing-page")).outcome == "refused"
    campaign.run("systemctl", "start", "apache2")
    assert await _look(campaign, "marketing-page") == up
    campaign.run("sh", "-c", "echo 'It works!' >/var/www/html/index.html")
    assert (await _look(campaign, "marketing-page")).contains is False


async def test_basic_auth_in_front_of_everything(campaign: Target) -> None:
    campaign.run("sh", "-c", f"cat >/etc/apache2/conf-enabled/auth.conf <<'EOF'\n{BASIC_AUTH}EOF")
    campaign.run("htpasswd", "-bc", "/etc/apache2/htpasswd", "reader", "secret")
    campaign.run("systemctl", "restart", "apache2")
    seen = await _look(campaign, "marketing-page")
    assert (seen.status, seen.auth, seen.contains) == (401, ("basic",), False)


async def test_what_listens_on_the_other_ports(campaign: Target) -> None:
    assert (await _look(campaign, "https")).outcome == "refused"
    assert (await _look(campaign, "ghost-port")).outcome == "refused"
    campaign.run("a2enmod", "-q", "ssl")
    campaign.run("sh", "-c", "echo Listen 2368 >>/etc/apache2/ports.conf")
    campaign.run("systemctl", "restart", "apache2")
    # Port 443 is open now, and nothing on it has a certificate.
    assert (await _look(campaign, "https")).outcome == "broken"
    assert (await _look(campaign, "ghost-port")).status == 200


async def test_a_firewall_that_drops_is_a_timeout(campaign: Target) -> None:
    campaign.run("iptables", "-A", "INPUT", "-p", "tcp", "--dport", "2368", "-j", "DROP")
    assert (await _look(campaign, "ghost-port")).outcome == "timeout"


async def test_the_login_methods_and_what_sshds_log_says_of_the_looks(campaign: Target) -> None:
    key = asyncssh.import_public_key(
        campaign.run("cat", "/etc/ssh/ssh_host_ed25519_key.pub").stdout
    )
    probe = LoginProbe(kind="logins", id="ssh", title="ssh", user=USER)
    assert (await read_version(TcpTarget(campaign.address, 22))).startswith("OpenSSH_8.4")

    async def methods() -> tuple[str, ...] | None:
        return (await look_at_logins(campaign.address, 22, key, probe)).methods

    assert await methods() == ("password", "publickey")
    for setting, expected in (
        ("PasswordAuthentication no", ("publickey",)),
        ("PasswordAuthentication no\nChallengeResponseAuthentication yes",
         ("keyboard-interactive", "publickey")),
    ):  # fmt: skip
        drop_in = "/etc/ssh/sshd_config.d/lockout.conf"
        # Debian's own file sets the second further down; the first value wins.
        campaign.run("sh", "-c", f"printf '{setting}\n' >{drop_in}; systemctl restart ssh")
        await_ssh(campaign.address, 22)
        assert await methods() == expected
    # Not by unit: of a process that is gone at once, journald may not know any more whose it was.
    command = ("journalctl", "-t", "sshd", "-o", "cat", "-g", f"user {USER}")

    def lines() -> list[str] | None:
        found = campaign.run(*command, check=False).stdout.splitlines()
        return found if len(found) >= 3 else None

    said = wait_for(lines, "a line for each look")
    expected_line = f"Connection closed by authenticating user {USER} {campaign.outside} port"
    assert len(said) == 3
    assert all(line.startswith(expected_line) for line in said)
