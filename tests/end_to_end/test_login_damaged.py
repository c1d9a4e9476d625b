"""A damaged link between the hop and the target is no refusal: the candidate is not locked out."""

from __future__ import annotations

from pathlib import Path

import pytest

from recorder.home import Home
from recorder.hop import userauth
from recorder.hop.hostkeys import PinnedKeys
from recorder.hop.login import UpstreamLogin
from recorder.hop.lost import TargetLostError
from recorder.hop.target import TcpTarget, contact
from tests.end_to_end.conftest import StartHop
from tests.end_to_end.support.accounts import Account
from tests.end_to_end.support.client import SshClient
from tests.end_to_end.support.mangling import Plan, mangler
from tests.end_to_end.support.network import LOOPBACK
from tests.end_to_end.support.recordings import await_event
from tests.end_to_end.support.sshd import StockSshd

STEP = 93
"""Bytes from one place of damage to the next, through a login of some 2,000 each way."""

USER = b"nobody-here"


async def _lose(login: UpstreamLogin) -> TargetLostError | None:
    """Try to log in, fewer times than the target allows; return how the target was lost."""
    login.hold(holder := object(), lambda _error: None)
    try:
        await login.begin()
        for _ in range(3):
            await login.exchange(userauth.password_request(USER, b"wrong"))
    except TargetLostError as error:
        return error
    finally:
        login.release(holder, cut=True)
        await login.wait_closed()
    return None


@pytest.mark.parametrize("to_server", [True, False])
async def test_a_flipped_byte_anywhere_is_no_refusal(
    stock_sshd: StockSshd, tmp_path: Path, to_server: bool
) -> None:
    pinned = PinnedKeys(Home(tmp_path / "home").ensure())
    found: list[TargetLostError | None] = []
    with mangler(stock_sshd.port) as proxy:
        target = TcpTarget(LOOPBACK, proxy.port)
        key = (await contact(target, pinned)).key
        for place in range(0, 2000, STEP):
            proxy.plan = Plan(to_server=to_server, damage="flip", place=place, noise=b"\x81")
            found.append(await _lose(UpstreamLogin(target, pinned, key, USER)))
    causes = [error.cause for error in found if error is not None]
    assert set(causes) == {"hop", "unreachable"}
    # Nor does the hop say its own complaints to the candidate as if they were the target's.
    assert [error.farewell for error in found if error is not None] == [None] * len(causes)


def test_a_candidate_behind_a_damaged_link_is_not_recorded_as_refused(
    start_hop: StartHop, stock_sshd: StockSshd, account: Account, tmp_path: Path
) -> None:
    with mangler(stock_sshd.port) as proxy:
        hop = start_hop(f"{LOOPBACK}:{proxy.port}")
        client = SshClient(
            directory=tmp_path, port=hop.port, user=account.name, passwords=(account.password,)
        )
        proxy.plan = Plan(to_server=False, damage="flip", place=1_400, noise=b"\x81")
        done = client.run("true")
        attempt = await_event(hop.session, "login-attempt")
        proxy.plan = None
        assert client.run("echo in").stdout == b"in\n"
    assert done.returncode == 255
    assert b"Permission denied" not in done.stderr
    assert (attempt["outcome"], attempt["cause"]) == ("error", "unreachable")
    assert "target" not in attempt
    assert "MAC verification failed" in attempt["detail"]
