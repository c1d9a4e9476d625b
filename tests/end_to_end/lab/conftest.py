"""Fixtures of the lab: a booted target for each test, and the candidate's way to it.

Each test has a target of its own, so that none can spoil another's: a boot takes less than a second
once the tree is there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.conftest import OpenTerminal, StartHop, log_in
from tests.end_to_end.lab.image import PASSWORD, USER, prepared_tree
from tests.end_to_end.lab.target import BootError, Target, remove_stale_targets
from tests.end_to_end.support.client import SshClient
from tests.end_to_end.support.hop import Hop
from tests.end_to_end.support.terminal import Terminal

TOOLS = ("debootstrap", "systemd-nspawn", "ip", "nsenter", "setpriv", "dpkg-deb", "tmux", "ssh")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything below this directory; with pytest-xdist one worker has the lab."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.lab)
            item.add_marker(pytest.mark.xdist_group("lab"))
            # The first test on a machine waits for debootstrap.
            item.add_marker(pytest.mark.timeout(600))


def _unavailable(why: str) -> None:
    pytest.skip(f"no lab: {why}")


@pytest.fixture(scope="session")
def tree() -> Path:
    """The prepared file system."""
    if os.geteuid() != 0:
        _unavailable("booting a target needs root")
    missing = [
        tool for tool in TOOLS if shutil.which(tool, path=f"{os.environ['PATH']}:/usr/sbin") is None
    ]
    if missing:
        _unavailable(f"not installed: {', '.join(missing)}")
    try:
        return prepared_tree()
    except subprocess.CalledProcessError as error:
        _unavailable(f"{error.cmd[0]} failed: {(error.stderr or error.stdout).strip()[-400:]}")
        raise


@pytest.fixture
def target(tree: Path, tmp_path: Path) -> Iterator[Target]:
    """A freshly booted target."""
    remove_stale_targets()
    machine = Target(tree, tmp_path)
    try:
        machine.boot()
    except BootError as error:
        machine.power_off()
        _unavailable(f"the target does not boot: {error}")
    yield machine
    machine.power_off()


@pytest.fixture
def lab_hop(start_hop: StartHop, target: Target) -> Hop:
    """A jump host in front of the booted target."""
    return start_hop(f"{target.address}:22")


@pytest.fixture
def lab_ssh(tmp_path: Path, lab_hop: Hop) -> SshClient:
    """The candidate's ssh to the booted target, through the hop."""
    place = tmp_path / "candidate"
    place.mkdir()
    return SshClient(directory=place, port=lab_hop.port, user=USER, passwords=(PASSWORD,))


@pytest.fixture
def lab_seat(open_terminal: OpenTerminal, lab_ssh: SshClient) -> Terminal:
    """The candidate's terminal, logged in on the booted target through the hop."""
    terminal = open_terminal()
    terminal.start(lab_ssh.argv())
    log_in(terminal, PASSWORD)
    return terminal
