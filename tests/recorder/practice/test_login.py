"""Who gets in, and how bytes and statuses travel."""

from __future__ import annotations

import asyncio
import hashlib
import os

import asyncssh
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.practice import PracticeServer
from recorder.practice.login import parse_settings, password_matches
from tests.recorder.practice.client import PASSWORD, log_in, terminal

anyio = pytest.mark.asyncio(loop_scope="module")


async def as_root(connection: asyncssh.SSHClientConnection, command: str) -> str:
    done = await connection.run(f"sudo -S bash -c '{command}'", input=f"{PASSWORD}\n")
    return f"{done.stdout}{done.stderr}"


@anyio
async def test_a_wrong_password_and_a_strange_user_are_refused(server: PracticeServer) -> None:
    for options in ({"password": "wrong"}, {"username": "root", "password": PASSWORD}):
        with pytest.raises(asyncssh.PermissionDenied):
            await log_in(server, **options)


@anyio
async def test_password_off_counts_after_the_restart_and_keys_still_work(
    fresh: PracticeServer,
) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    public = key.export_public_key().decode().strip()
    async with await log_in(fresh, password=PASSWORD) as first:
        await first.run(f"mkdir -p .ssh; echo {public} >> .ssh/authorized_keys", check=True)
        drop_in = "/etc/ssh/sshd_config.d/10-keys.conf"
        await as_root(first, f"echo PasswordAuthentication no > {drop_in}")
        (await log_in(fresh, password=PASSWORD)).abort()
        await as_root(first, "sshd -t && systemctl restart ssh")
        with pytest.raises(asyncssh.PermissionDenied):
            await log_in(fresh, password=PASSWORD)
        async with await log_in(fresh, client_keys=[key]) as second:
            assert (await second.run("whoami", check=True)).stdout == "candidate\n"
        stranger = asyncssh.generate_private_key("ssh-ed25519")
        with pytest.raises(asyncssh.PermissionDenied):
            await log_in(fresh, client_keys=[stranger])
        assert (await first.run("echo still here")).stdout == "still here\n"
        await as_root(first, f"rm {drop_in}; systemctl reload ssh")
    (await log_in(fresh, password=PASSWORD)).abort()


@anyio
async def test_pipes_in_place_of_its_files_hold_the_server_up_for_nobody(
    fresh: PracticeServer,
) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    logs = "/var/log/auth.log /var/log/wtmp /run/utmp"
    async with asyncio.timeout(60):
        async with await log_in(fresh, password=PASSWORD) as connection:
            await connection.run("rm -rf ~/.ssh; mkdir ~/.ssh; mkfifo ~/.ssh/authorized_keys")
            made = await as_root(connection, f"rm -f {logs}; mkfifo {logs}; stat -c %F {logs}")
            assert made.count("fifo") == 3
        with pytest.raises(asyncssh.PermissionDenied):
            await log_in(fresh, password="wrong", client_keys=[key])
        async with (
            await log_in(fresh, password=PASSWORD, client_keys=[key]) as connection,
            terminal(connection) as shell,
        ):
            await shell.run("true")


@anyio
async def test_a_stopped_sshd_takes_nobody_in(fresh: PracticeServer) -> None:
    async with await log_in(fresh, password=PASSWORD) as first:
        await as_root(first, "systemctl stop ssh")
        with pytest.raises((asyncssh.Error, OSError)):
            await log_in(fresh, password=PASSWORD)
        await as_root(first, "echo Bogus yes >> /etc/ssh/sshd_config")
        assert "Bad configuration option: Bogus" in await as_root(first, "sshd -t")


@anyio
async def test_statuses_and_signals_arrive(server: PracticeServer) -> None:
    async with await log_in(server, password=PASSWORD) as connection:
        assert (await connection.run("exit 37")).exit_status == 37
        assert (await connection.run("true")).exit_status == 0
        done = await connection.run("kill -TERM $$")
        assert done.exit_signal is not None
        assert done.exit_signal[0] == "TERM"
        done = await connection.run("echo out; echo err >&2", term_type=None)
        assert (done.stdout, done.stderr) == ("out\n", "err\n")


@anyio
async def test_bytes_travel_whole_both_ways_and_eof_is_passed_on(server: PracticeServer) -> None:
    data = os.urandom(1_500_000)
    async with await log_in(server, password=PASSWORD) as connection:
        for _ in range(5):
            done = await connection.run("cat", input=data, encoding=None)
            assert done.stdout == data
        done = await connection.run("sort", input="b\na\n")
        assert done.stdout == "a\nb\n"
        wanted = "".join(f"{n}\r\n" for n in range(1, 20001))
        for _ in range(5):
            done = await connection.run("seq 1 20000", term_type="xterm")
            assert done.stdout == wanted


@given(st.text())
def test_no_settings_text_breaks_the_reader(text: str) -> None:
    assert 0 < parse_settings(text).max_tries < 1000


@given(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8")), st.uuids())
def test_only_the_right_password_matches(right: str, other: str, salt: object) -> None:
    digest = hashlib.sha256(f"{salt}{right}".encode()).hexdigest()
    shadow = f"root:!:1:\ncandidate:$film${salt}${digest}:18375:0:99999:7:::\n"
    assert password_matches(shadow, "candidate", right)
    assert password_matches(shadow, "candidate", other) == (other == right)
    assert not password_matches(shadow, "root", "")
