"""Fixtures of the tests that drive the real tools: accounts, sshd, the hop, terminals.

What they are lies in ``support``; here is only who makes them, for how long, and what is skipped
where a tool or a right is missing.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.end_to_end.support.accounts import Account, throw_away_account
from tests.end_to_end.support.client import SshClient
from tests.end_to_end.support.hop import Hop
from tests.end_to_end.support.sshd import SSHD, StockSshd
from tests.end_to_end.support.terminal import Terminal

TOOLS = ("ssh", "ssh-keygen", "tmux", "useradd", "userdel", "chpasswd")

StartHop = Callable[..., Hop]
OpenTerminal = Callable[..., Terminal]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything below this directory."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.end_to_end)


@pytest.fixture(scope="session")
def _stock_tools() -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root: a stock sshd lets in other users only where root started it")
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    missing += [] if SSHD else ["sshd"]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")


@dataclass(frozen=True, slots=True)
class Common:
    """What tests marked `shares_a_hop` use one after the other, and leave as it was."""

    account: Account
    sshd: StockSshd
    hop: Hop


@pytest.fixture(scope="module")
def _common(_stock_tools: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Common]:
    with throw_away_account() as account, _running_sshd(account) as sshd:
        hop = Hop(tmp_path_factory.mktemp("common") / "hop", sshd.address)
        hop.start()
        yield Common(account, sshd, hop)
        hop.stop()


def _of_all(request: pytest.FixtureRequest) -> Common | None:
    if request.node.get_closest_marker("shares_a_hop") is None:
        return None
    common: Common = request.getfixturevalue("_common")
    return common


@contextlib.contextmanager
def _running_sshd(account: Account) -> Iterator[StockSshd]:
    server = StockSshd(account.scratch / "sshd")
    server.start()
    try:
        yield server
        for process in server.session_processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, 9)
    finally:
        server.stop()


@pytest.fixture
def account(request: pytest.FixtureRequest, _stock_tools: None) -> Iterator[Account]:
    """A throw-away local user."""
    if common := _of_all(request):
        yield common.account
        return
    with throw_away_account() as account:
        yield account


@pytest.fixture
def stock_sshd(request: pytest.FixtureRequest, account: Account) -> Iterator[StockSshd]:
    """A stock sshd that lets the throw-away user in by password."""
    if common := _of_all(request):
        yield common.sshd
        return
    with _running_sshd(account) as server:
        yield server


@pytest.fixture
def start_hop(tmp_path: Path) -> Iterator[StartHop]:
    """Starts jump hosts in a home of their own, or in one given; each must end in order."""
    started: list[Hop] = []

    def start(target: str, *words: str, name: str = "hop") -> Hop:
        hop = Hop(tmp_path / name, target, *words)
        started.append(hop)
        hop.start()
        return hop

    yield start
    for hop in reversed(started):
        hop.stop()


@pytest.fixture
def hop(request: pytest.FixtureRequest, start_hop: StartHop, stock_sshd: StockSshd) -> Hop:
    """A jump host in front of the stock sshd."""
    if common := _of_all(request):
        return common.hop
    return start_hop(stock_sshd.address)


@pytest.fixture
def direct(tmp_path: Path, stock_sshd: StockSshd, account: Account) -> SshClient:
    """The candidate's ssh without a hop between, to compare with."""
    place = tmp_path / "direct"
    place.mkdir()
    return SshClient(
        directory=place, port=stock_sshd.port, user=account.name, passwords=(account.password,)
    )


@pytest.fixture
def ssh(tmp_path: Path, hop: Hop, account: Account) -> SshClient:
    """The candidate's ssh through the hop."""
    place = tmp_path / "candidate"
    place.mkdir()
    return SshClient(
        directory=place, port=hop.port, user=account.name, passwords=(account.password,)
    )


@pytest.fixture
def open_terminal(tmp_path: Path) -> Iterator[OpenTerminal]:
    """Opens terminals, and closes them."""
    opened: list[Terminal] = []

    def make(columns: int = 100, lines: int = 30) -> Terminal:
        terminal = Terminal(tmp_path / f"tmux-{len(opened)}", columns=columns, lines=lines)
        opened.append(terminal)
        return terminal

    yield make
    for terminal in opened:
        terminal.close()


@pytest.fixture
def seat(open_terminal: OpenTerminal, ssh: SshClient, account: Account) -> Terminal:
    """The candidate's terminal, logged in through the hop, at the first prompt."""
    terminal = open_terminal()
    terminal.start(ssh.argv())
    log_in(terminal, account.password)
    return terminal


def log_in(terminal: Terminal, password: str) -> None:
    """Answer ssh's question for the password and wait for the shell."""
    terminal.wait_for("password:")
    terminal.enter(password)
    terminal.prompt()
