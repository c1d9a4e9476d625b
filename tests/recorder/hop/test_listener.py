"""Who is let in to a session, and who is not any more."""

from __future__ import annotations

from pathlib import Path

import asyncssh

from recorder.gates import AddressGate
from recorder.home import Home
from recorder.hop.connection import CandidateConnection
from recorder.hop.hostkeys import PinnedKeys
from recorder.hop.listener import Hop, bind
from recorder.hop.target import Contact, TcpTarget
from recorder.hop.terms import Terms
from recorder.limits import Limits

KEY = asyncssh.generate_private_key("ssh-ed25519")


class Accepted:
    """A connection that asyncio accepted, as far as a gate looks at it."""

    aborted = False

    def get_extra_info(self, _name: str) -> tuple[str, int]:
        return ("127.0.0.1", 50_522)

    def abort(self) -> None:
        self.aborted = True


async def test_who_is_accepted_as_the_session_ends_is_not_served_unrecorded(
    context, tmp_path: Path
) -> None:
    hop = Hop(
        target=TcpTarget("127.0.0.1", 1),
        contact=Contact(version="OpenSSH_8.2p1", key=KEY.convert_to_public(), verdict="known"),
        pinned=PinnedKeys(Home(tmp_path / "home").ensure()),
        writer=context.writer,
        host_key=KEY,
        terms=Terms(gate=AddressGate(open=True), limits=Limits(), consent=None),
    )
    await hop.start(bind("127.0.0.1", 0))
    await hop.close("the clock ran out")
    # The loop hands a connection over a turn or two after it was accepted.
    late = Accepted()
    CandidateConnection(hop).connection_made(late)
    assert late.aborted
    assert hop.open_connections == 0
    assert context.entries == []
