"""The hop's looks from outside, at a stock sshd and from a running `jumpseat serve`."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import asyncssh
import pytest

from recorder.exercise.loader import shipped_directory
from recorder.exercise.schema import LoginProbe
from recorder.probes.logins import look_at_logins
from recorder.recording.journal import Probe
from tests.end_to_end.conftest import StartHop
from tests.end_to_end.support.accounts import Account
from tests.end_to_end.support.client import SshClient
from tests.end_to_end.support.hop import children_with, is_gone
from tests.end_to_end.support.network import LOOPBACK
from tests.end_to_end.support.recordings import await_event, journal
from tests.end_to_end.support.sshd import StockSshd
from tests.end_to_end.support.waiting import wait_for


@pytest.fixture
def quiet_sshd(stock_sshd: StockSshd) -> StockSshd:
    """An sshd that logs at the level that distributions set."""
    stock_sshd.configure(LogLevel="INFO")
    stock_sshd.reload()
    # Its last words about who asked whether it is there, before and after.
    wait_for(lambda: _closed(stock_sshd) >= 2, "lines about closed connections")
    return stock_sshd


def _closed(server: StockSshd) -> int:
    lines = server.log.read_text().splitlines()
    return sum(line.startswith(("Connection closed by", "Connection reset by")) for line in lines)


async def _look(server: StockSshd, account: Account) -> Probe:
    key = asyncssh.read_public_key(server.directory / "host_key.pub")
    probe = LoginProbe(kind="logins", id="ssh", title="ssh", user=account.name)
    return await look_at_logins(LOOPBACK, server.port, key, probe)


async def test_a_look_tells_the_methods_that_sshd_offers_at_that_moment(
    quiet_sshd: StockSshd, account: Account
) -> None:
    seen = await _look(quiet_sshd, account)
    assert (seen.outcome, seen.methods) == ("answered", ("password", "publickey"))
    assert seen.place == f"{account.name}@127.0.0.1:{quiet_sshd.port}"
    quiet_sshd.configure(PasswordAuthentication="no")
    quiet_sshd.reload()
    assert (await _look(quiet_sshd, account)).methods == ("publickey",)
    quiet_sshd.configure(PubkeyAuthentication="no", KbdInteractiveAuthentication="yes")
    quiet_sshd.reload()
    assert (await _look(quiet_sshd, account)).methods == ("keyboard-interactive",)


async def test_looks_are_no_failures_in_sshds_log(quiet_sshd: StockSshd, account: Account) -> None:
    before = len(quiet_sshd.log.read_text().splitlines())
    for _ in range(5):
        await _look(quiet_sshd, account)

    def lines() -> list[str] | None:
        found = quiet_sshd.log.read_text().splitlines()[before:]
        return found if len(found) >= 5 else None

    found = wait_for(lines, "a line for each look")
    expected = f"Connection closed by authenticating user {account.name} 127.0.0.1 port"
    assert [line for line in found if not line.startswith(expected)] == []
    assert len(found) == 5


async def test_what_stands_in_the_way_is_told_apart(
    quiet_sshd: StockSshd, account: Account
) -> None:
    quiet_sshd.stop()
    assert (await _look(quiet_sshd, account)).outcome == "refused"
    old = (quiet_sshd.directory / "host_key.pub").read_bytes()
    quiet_sshd.make_host_key()
    (quiet_sshd.directory / "host_key.pub").write_bytes(old)
    quiet_sshd.start()
    seen = await _look(quiet_sshd, account)
    assert (seen.outcome, seen.cause) == ("broken", "it shows another host key than the pinned one")


@dataclass
class Site:
    """A web server whose page the test changes."""

    body: str
    port: int = 0


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site("<h1>The kettle that sings in tune</h1>")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(site.body.encode())

        def log_message(self, *words: object) -> None:
            pass

    with ThreadingHTTPServer((LOOPBACK, 0), Handler) as server:
        site.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield site
        server.shutdown()
        thread.join()


@pytest.fixture
def exercise(tmp_path: Path, site: Site, account: Account) -> Path:
    """The shipped exercise, for this user and this site, looked at as often as may be."""
    text = (shipped_directory() / "ghost.toml").read_text()
    for old, new in (
        ('user = "candidate"', f'user = "{account.name}"'),
        ("port = 80\n", f"port = {site.port}\n"),
        ("every = 60", "every = 15"),
    ):
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "ours.toml"
    path.write_text(text)
    return path


def test_a_session_records_what_changes_and_its_plan(
    start_hop: StartHop, stock_sshd: StockSshd, exercise: Path, site: Site, account: Account,
    tmp_path: Path,
) -> None:  # fmt: skip
    hop = start_hop(stock_sshd.address, "--exercise", str(exercise))
    seen = await_event(hop.session, "probe", probe="marketing-page", timeout=60)
    assert (seen["outcome"], seen["status"], seen["contains"]) == ("answered", 200, True)
    logins = await_event(hop.session, "probe", probe="ssh-logins", timeout=60)
    assert logins["methods"] == ["password", "publickey"]
    site.body = "Welcome to nginx!"
    changed = await_event(hop.session, "probe", probe="marketing-page", contains=False, timeout=60)
    assert changed["t"] > seen["t"]
    client = SshClient(
        directory=tmp_path, port=hop.port, user=account.name, passwords=(account.password,)
    )
    assert client.run("echo in").stdout == b"in\n"
    hop.stop()
    lines = journal(hop.session, "probe")
    assert [line["contains"] for line in lines if line["probe"] == "marketing-page"] == [
        True, False,
    ]  # fmt: skip
    (plan,) = journal(hop.session, "exercise")
    assert plan["name"] == "ours"
    assert [task["id"] for task in plan["plan"]["task"]][-1] == "no-passwords"
    assert "CHANGE_ME!" not in json.dumps(plan)
    assert next((hop.home / "logs").glob("probes-*")).read_text() == ""


def test_nobody_looks_any_more_after_the_host_was_killed(
    start_hop: StartHop, stock_sshd: StockSshd, exercise: Path
) -> None:
    hop = start_hop(stock_sshd.address, "--exercise", str(exercise))
    await_event(hop.session, "probe", probe="marketing-page", timeout=60)
    (prober,) = children_with(hop.session_process, b"recorder.probes")
    hop.kill()
    wait_for(lambda: is_gone(prober), "end of the probing process")


def test_a_faulty_exercise_starts_nothing(
    tmp_path: Path, start_hop: StartHop, stock_sshd: StockSshd, exercise: Path
) -> None:
    exercise.write_text(exercise.read_text().replace("days = 180", "days = 0"))
    with pytest.raises(AssertionError, match=r"ours\.toml:\d+: retention\.days: "):
        start_hop(stock_sshd.address, "--exercise", str(exercise))


def test_the_practice_server_is_not_looked_at(start_hop: StartHop) -> None:
    hop = start_hop("practice", "--exercise", "ghost")
    assert "no address that could be looked at" in hop.err.read_text()
    hop.stop()
    assert journal(hop.session, "probe") == []
    assert len(journal(hop.session, "exercise")) == 1
