"""The candidate's agent and screen, used from the target through the hop as without it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.support.hop import Hop
from tests.end_to_end.support.needed import needs
from tests.end_to_end.support.recordings import await_event, journal
from tests.end_to_end.support.routes import TARGET, Result, Route, Routes
from tests.end_to_end.support.sshd import StockSshd
from tests.end_to_end.support.waiting import wait_for


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[Path]:
    """A stock ssh-agent with one key; the path of its socket."""
    path = tmp_path / "agent.sock"
    key = tmp_path / "agent_key"
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "the candidate's", "-f", str(key)],
        check=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    with subprocess.Popen(["ssh-agent", "-D", "-a", str(path)], stdout=subprocess.DEVNULL) as own:
        wait_for(path.exists, "socket of the agent")
        subprocess.run(
            ["ssh-add", "-q", str(key)], env=os.environ | {"SSH_AUTH_SOCK": str(path)}, check=True
        )
        yield path
        own.terminate()


def with_agent(route: Route, agent: Path, *words: str) -> Result:
    flags = ("-o", f"IdentityAgent={agent}", *words)
    route.config.write_text(route.config.read_text().replace("IdentityAgent none\n", ""))
    return route.run(
        "ssh", "-F", str(route.config), *flags, variables={"SSH_AUTH_SOCK": str(agent)}
    )


def test_forwarded_agent_signs_on_the_target(routes: Routes, agent: Path, hop: Hop) -> None:
    sign = "cat > key.pub && echo text | ssh-keygen -Y sign -n file -f key.pub 2>/dev/null"
    command = f"ssh-add -l; ssh-add -L > listed; ({sign}) < listed; rm -f listed key.pub"

    def act(route: Route) -> Result:
        return with_agent(route, agent, "-A", TARGET, command)

    status, output, errors = routes.same(act)
    assert (status, errors) == (0, b"")
    assert b"the candidate's (ED25519)" in output
    assert b"BEGIN SSH SIGNATURE" in output
    opened = await_event(hop.session, "forward-opened", kind="agent")
    closed = await_event(hop.session, "forward-closed", channel=opened["channel"])
    assert {flow["stream"] for flow in closed["flows"]} == {"in", "out"}


@pytest.mark.shares_a_hop
def test_forwarded_agent_answers_many_at_once(routes: Routes, agent: Path) -> None:
    command = "for i in 1 2 3 4 5 6 7 8; do ssh-add -l > out.$i & done; wait; cat out.*; rm out.*"
    _, output, _ = routes.same(lambda route: with_agent(route, agent, "-A", TARGET, command))
    assert output.count(b"the candidate's") == 8


def test_there_is_no_agent_without_asking(routes: Routes, agent: Path, hop: Hop) -> None:
    command = "echo [$SSH_AUTH_SOCK]; ssh-add -l"
    status, output, _ = routes.same(lambda route: with_agent(route, agent, TARGET, command))
    assert (status, output) == (2, b"[]\n")
    assert journal(hop.session, "forward-opened") == []


def test_agent_that_the_target_forbids_is_not_there(
    routes: Routes, agent: Path, stock_sshd: StockSshd
) -> None:
    stock_sshd.configure(AllowAgentForwarding="no")
    stock_sshd.reload()
    command = "echo [$SSH_AUTH_SOCK]"
    _, output, _ = routes.same(lambda route: with_agent(route, agent, "-A", TARGET, command))
    assert output == b"[]\n"


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An X server without a screen of its own; the variables that find it."""
    needs("Xvfb", "xauth", "xdpyinfo")
    authority = tmp_path / "authority"
    said = tmp_path / "display"
    cookie = os.urandom(16).hex()
    xauth = ["xauth", "-q", "-f", str(authority)]
    # The server takes every cookie of the file, whatever display it is for.
    authority.touch()
    subprocess.run([*xauth, "add", ":99", ".", cookie], check=True)
    with (
        said.open("wb") as out,
        subprocess.Popen(
            ["Xvfb", "-displayfd", "1", "-auth", str(authority), "-nolisten", "tcp",
             "-screen", "0", "640x480x8"],
            stdout=out, stderr=subprocess.DEVNULL,
        ) as server,
    ):  # fmt: skip
        try:
            display = wait_for(lambda: said.read_text().strip(), "display of the X server")
            subprocess.run([*xauth, "add", f":{display}", ".", cookie], check=True)
            variables = {"DISPLAY": f":{display}", "XAUTHORITY": str(authority)}
            shown = subprocess.run(
                ["xdpyinfo"], env=os.environ | variables, capture_output=True, check=False
            )
            assert shown.returncode == 0, shown.stderr
            yield variables
        finally:
            server.terminate()


def show(route: Route, screen: dict[str, str], flag: str) -> Result:
    command = "xdpyinfo | grep -E 'dimensions|version number' || echo none"
    ssh = ("ssh", "-F", str(route.config), flag, TARGET, command)
    return route.run(*ssh, variables=screen)


def test_windows_open_on_the_candidates_screen(
    routes: Routes, screen: dict[str, str], stock_sshd: StockSshd, hop: Hop
) -> None:
    stock_sshd.configure(X11Forwarding="yes")
    stock_sshd.reload()
    # The first time xauth on the target says that it makes this file.
    assert routes.direct.run_ssh(TARGET, "touch .Xauthority")[0] == 0
    for flag in ("-X", "-Y"):
        status, output, _ = routes.same(lambda route, flag=flag: show(route, screen, flag))
        assert status == 0
        assert b"dimensions:    640x480 pixels" in output
    opened = await_event(hop.session, "forward-opened", kind="x11")
    await_event(hop.session, "forward-closed", channel=opened["channel"])


def test_windows_that_the_target_forbids_are_refused_alike(
    routes: Routes, screen: dict[str, str], stock_sshd: StockSshd, hop: Hop
) -> None:
    stock_sshd.configure(X11Forwarding="no")
    stock_sshd.reload()
    routes.verbose()
    _, output, errors = routes.same(lambda route: show(route, screen, "-Y"))
    assert output == b"none\n"
    assert b"X11 forwarding request failed" in errors
    assert journal(hop.session, "forward-opened") == []
