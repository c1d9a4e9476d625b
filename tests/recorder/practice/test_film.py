"""The stand-ins, driven through SSH on a terminal as a candidate would."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from pathlib import Path

import asyncssh
import pytest

from recorder.practice import PracticeServer
from recorder.practice.sandbox import FILM
from tests.recorder.practice.client import PASSWORD, PROMPT, Terminal, log_in, terminal

pytestmark = pytest.mark.asyncio(loop_scope="module")
SUDO = "[sudo] password for candidate: "


async def sudo(shell: Terminal, command: str, prompt: str = PROMPT) -> str:
    await shell.type("sudo -k")
    await shell.expect(PROMPT)
    await shell.type(f"sudo {command}")
    await shell.expect(SUDO)
    await shell.type(PASSWORD)
    return await shell.expect(prompt)


async def test_the_terminal_is_sane_and_has_the_clients_size(shell: Terminal) -> None:
    seen = await shell.run("stty -a; tty")
    assert "rows 30; columns 100" in seen
    for word in (" icanon ", " echo ", "isig ", "intr = ^C", "erase = ^?", "/dev/pts/"):
        assert word in seen
    shell.process.change_terminal_size(80, 24)
    await shell.type("stty size")
    await shell.expect("24 80")


async def test_sudo_asks_without_echo_and_gives_up_after_three(shell: Terminal) -> None:
    await shell.run("sudo -k")
    await shell.type("sudo id")
    seen = await shell.answer((SUDO, "hidden-1"), (SUDO, "hidden-2"), (SUDO, "hidden-3"))
    assert seen.count("Sorry, try again.") == 2
    assert "sudo: 3 incorrect password attempts" in seen
    assert "hidden" not in seen
    assert "uid=0" not in seen


async def test_sudo_remembers_until_told_not_to(shell: Terminal) -> None:
    assert "uid=0(root) gid=0(root)" in await sudo(shell, "id")
    assert "uid=0(root)" in await shell.run("sudo id")
    await shell.run("sudo -k")
    assert "a password is required" in await shell.run("sudo -n id")
    assert "invalid option" in await shell.run("sudo -Z id")


async def test_a_root_shell_looks_like_one_and_may_write_etc(shell: Terminal) -> None:
    await sudo(shell, "-i", "root@web01:~# ")
    await shell.run("echo by-root > /etc/made-by-root; whoami", "root@web01:~# ")
    await shell.type("exit")
    await shell.expect(PROMPT)
    assert "by-root" in await shell.run("cat /etc/made-by-root")
    assert "Permission denied" in await shell.run("echo x > /etc/made-by-root")


async def test_apt_needs_root_asks_and_can_be_declined(shell: Terminal) -> None:
    assert "lock-frontend - open (13: Permission denied)" in await shell.run("apt upgrade")
    question = "Do you want to continue? [Y/n] "
    await sudo(shell, "apt-get upgrade", question)
    await shell.type("n")
    assert "Abort." in await shell.expect(PROMPT)
    assert "Unpacking" not in await shell.run("sudo apt list --upgradable")


async def test_apt_upgrades_once(shell: Terminal) -> None:
    seen = await sudo(shell, "FILM_PACE=0 apt upgrade -y")
    for word in ("Get:1 ", "Unpacking libc6", "Setting up openssl", "Progress: ["):
        assert word in seen
    assert "0 upgraded, 0 newly installed" in await shell.run("sudo apt upgrade")


async def test_systemctl_without_root_stops_nothing(shell: Terminal) -> None:
    seen = await shell.run("systemctl stop apache2; systemctl is-active apache2")
    assert "Failed to stop apache2.service: Interactive authentication required." in seen
    assert "\nactive" in seen


async def test_the_page_is_there_while_apache_runs(shell: Terminal) -> None:
    assert "I must stay up" in await shell.run("curl -s localhost")
    await sudo(shell, "systemctl stop apache2")
    assert "Connection refused" in await shell.run("curl localhost")
    assert "inactive (dead)" in await shell.run("systemctl status apache2 | cat")
    await shell.run("sudo service apache2 start")
    assert "I must stay up" in await shell.run("curl -s localhost")
    assert "Could not resolve host" in await shell.run("curl https://example.org/")


async def test_nginx_cannot_start_while_apache_holds_the_port(shell: Terminal) -> None:
    assert "not found, but can be installed" in await shell.run("nginx -t")
    await sudo(shell, "FILM_PACE=0 apt install -y nginx")
    seen = await shell.run("sudo systemctl start nginx; sudo nginx; sudo nginx -t")
    assert "Job for nginx.service failed" in seen
    assert "bind() to 0.0.0.0:80 failed (98: Address already in use)" in seen
    assert "test is successful" in seen
    assert "apache2" in await shell.run("sudo ss -tlpn | grep :80")


async def test_node_is_too_old_for_ghost(shell: Terminal) -> None:
    await sudo(shell, "FILM_PACE=0 apt install -y nodejs npm")
    assert "v12." in await shell.run("node --version")
    assert "Unsupported engine" in await shell.run("sudo FILM_PACE=0 npm install -g ghost-cli")
    assert "version of Node.js you are using is not supported" in await shell.run("ghost install")


async def test_passwd_refuses_and_then_changes(fresh: PracticeServer) -> None:
    async with await log_in(fresh, password=PASSWORD) as connection, terminal(connection) as shell:
        new, again = "New password: ", "Retype new password: "
        await shell.type("passwd")
        seen = await shell.answer(("Current password: ", "wrong-one"))
        assert "password unchanged" in seen
        await shell.type("passwd")
        seen = await shell.answer(
            ("Current password: ", PASSWORD), (new, "a-new-one"), (again, "x")
        )
        assert "Sorry, passwords do not match." in seen
        await shell.type("passwd")
        seen = await shell.answer(
            ("Current password: ", PASSWORD), (new, "abc"), (new, "a-new-one"), (again, "a-new-one")
        )
        assert "You must choose a longer password" in seen
        assert "passwd: password updated successfully" in seen
        assert "a-new-one" not in seen
    with pytest.raises(asyncssh.PermissionDenied):
        await log_in(fresh, password=PASSWORD)
    (await log_in(fresh, password="a-new-one")).abort()


async def test_an_editor_may_write_etc_for_root_and_only_for_root(shell: Terminal) -> None:
    if shutil.which("vi") is None:
        pytest.skip("vi is not installed")
    await sudo(shell, "vi -c 'normal Gonew-line' -c wq /etc/hosts", "\x1b")
    await shell.expect(PROMPT)
    assert "new-line" in await shell.run("tail -n 1 /etc/hosts")
    await shell.run("ls -l /etc/hosts; echo more >> /etc/hosts")
    assert "more" not in await shell.run("tail -n 1 /etc/hosts")


async def test_why_a_unit_failed_is_in_its_journal(fresh: PracticeServer) -> None:
    async with await log_in(fresh, password=PASSWORD) as connection, terminal(connection) as shell:
        await sudo(shell, "bash -c 'echo Nonsense 1 >> /etc/ssh/sshd_config'")
        await shell.run("sudo systemctl restart ssh")
        seen = await shell.run("systemctl status ssh")
        assert "failed (Result: exit-code)" in seen
        assert "Bad configuration option: Nonsense" in seen
        assert "ssh.service" in await shell.run("systemctl --failed")
        await shell.run("sudo FILM_PACE=0 apt install -y nginx")
        seen = await shell.run("journalctl --no-pager -u nginx")
        assert "[emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)" in seen
        assert "sshd" not in seen


async def test_logins_and_sudo_are_in_the_auth_log(fresh: PracticeServer) -> None:
    for name in ("candidate", "intruder"):
        with pytest.raises(asyncssh.PermissionDenied):
            await log_in(fresh, username=name, password="wrong")
    async with await log_in(fresh, password=PASSWORD) as connection, terminal(connection) as shell:
        await sudo(shell, "true")
        lines = (await shell.run("cat /var/log/auth.log")).splitlines()
    found = [line.partition(": ")[2] for line in lines if "10.20.0.7" in line]
    assert [line.partition(" from ")[0] for line in found] == [
        "Failed password for candidate",
        "Failed password for invalid user intruder",
        "Accepted password for candidate",
    ]
    assert any(re.search(r"TTY=pts/\d+ ; .* COMMAND=/usr/bin/true", line) for line in lines)


async def test_ssh_to_itself_meets_the_same_login(fresh: PracticeServer) -> None:
    if shutil.which("ssh") is None:
        pytest.skip("ssh is not installed")
    question = "candidate@localhost's password: "
    again = "ssh -o StrictHostKeyChecking=no -o LogLevel=ERROR localhost echo in-again"
    async with await log_in(fresh, password=PASSWORD) as connection, terminal(connection) as shell:
        await shell.type(again)
        assert "in-again" in (await shell.answer((question, PASSWORD))).splitlines()
        edit = "sed -i 's/^PasswordAuthentication yes/PasswordAuthentication no/'"
        await sudo(shell, f"{edit} /etc/ssh/sshd_config")
        await shell.run("sudo systemctl restart ssh")
        assert "candidate@localhost: Permission denied (publickey)." in await shell.run(again)


async def test_who_is_logged_in_is_known(shell: Terminal) -> None:
    if os.uname().machine != "x86_64":
        pytest.skip("cannot read utmp: it has another form here")
    seen = await shell.run("who; tty")
    line = next(line for line in seen.splitlines() if line.startswith("candidate "))
    assert line.split()[1] in seen.splitlines()[-2]
    assert line.endswith("(10.20.0.7)")


async def test_the_daemons_that_run_are_in_the_process_table(shell: Terminal) -> None:
    assert "/usr/sbin/apache2 -k start" in await shell.run("ps aux | grep --color=never [a]pache")
    await sudo(shell, "systemctl stop apache2")
    assert "-k start" not in await shell.run("ps -ef | grep --color=never [a]pache")
    await shell.run("sudo systemctl start apache2")
    seen = await shell.run("ps aux")
    assert "Ss" in seen
    assert "-bash" in seen
    assert "/usr/bin/ps" not in seen


async def test_a_new_user_can_be_made_and_become_one(fresh: PracticeServer) -> None:
    async with await log_in(fresh, password=PASSWORD) as connection, terminal(connection) as shell:
        await sudo(shell, "adduser helper", "New password: ")
        await shell.type("a-new-one")
        await shell.answer(
            ("Retype new password: ", "a-new-one"), ("Full Name []: ", ""), ("Number []: ", ""),
            ("Work Phone []: ", ""), ("Home Phone []: ", ""), ("Other []: ", ""), ("[Y/n] ", "y"),
        )  # fmt: skip
        await shell.run("sudo usermod -aG sudo helper")
        assert "uid=1001(helper) gid=1001(helper) groups=1001(helper),27(sudo)" in (
            await shell.run("id helper")
        )
        await shell.type("su - helper")
        await shell.expect("Password: ")
        await shell.type("a-new-one")
        await shell.expect("helper@web01:~$ ")
        assert "/home/helper" in await shell.run("pwd; touch mine", "helper@web01:~$ ")


async def test_the_machine_looks_like_the_film(shell: Terminal) -> None:
    assert "Linux web01 5.4.0-42-generic #46-Ubuntu SMP" in await shell.run("uname -a")
    assert "10.20.0.11" in await shell.run("ip -4 addr show eth0")
    assert "27(sudo)" in await shell.run("id")
    assert (await shell.run("df -h /")).splitlines()[-2].endswith(" /")
    assert "no packages found" in await shell.run("dpkg -l nosuchthing")
    assert "2.4.41" in await shell.run("dpkg -l apache2")
    assert "bin/netstat" not in await shell.run("which netstat")
    assert "/usr/bin/curl" in await shell.run("which curl")


async def test_a_reboot_ends_the_sessions_and_starts_what_is_enabled(
    fresh: PracticeServer,
) -> None:
    async with await log_in(fresh, password=PASSWORD) as connection, terminal(connection) as shell:
        assert "Interactive authentication required" in await shell.run("reboot")
        await sudo(shell, "systemctl disable --now apache2")
        await shell.run("sudo systemctl stop ssh")
        await shell.type("sudo reboot")
        with pytest.raises(EOFError):
            await shell.expect("never shown")
    async with await log_in(fresh, password=PASSWORD) as connection:
        done = await connection.run("systemctl is-active apache2 ssh")
        assert str(done.stdout).split() == ["inactive", "active"]


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")
async def test_the_scripts_are_clean() -> None:
    state = FILM / "var/lib/film"
    scripts: list[Path] = [
        *FILM.glob("*bin/*"),
        state / "common.sh",
        state / "vault",
        state / "serving",
        state / "people",
    ]
    done = await asyncio.create_subprocess_exec(
        "shellcheck", "-s", "bash", "-e", "SC1091", *scripts, stdout=asyncio.subprocess.PIPE
    )
    seen, _ = await done.communicate()
    assert seen == b""
