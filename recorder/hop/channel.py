"""The candidate's channel, with the manners of OpenSSH's server where asyncssh has others.

A client whose both directions have ended closes the channel at once. OpenSSH's server then waits
for the program to end and still reports its exit status before it closes too; asyncssh would answer
the close immediately, and the status would be lost. Commands are bytes to OpenSSH; asyncssh refuses
those that are not UTF-8. A client that wants no more output says so (eow@openssh.com, section 2.1
of OpenSSH's PROTOCOL), which ends ``ssh host yes | head -1``. Nothing but such manners is here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import asyncssh
from asyncssh.packet import SSHPacket


class CandidateChannel(asyncssh.SSHServerChannel[bytes]):
    """A channel that may put off its answer to the candidate's close.

    Attributes:
        may_close: Asked at the candidate's close; False puts the answer off until `finish`.
        on_enough: Told that the candidate's client reads no more output.

    """

    may_close: Callable[[], bool]
    on_enough: Callable[[], None]
    _put_off: tuple[int, int, SSHPacket] | None

    @classmethod
    def adopt(cls, channel: asyncssh.SSHServerChannel[bytes]) -> CandidateChannel:
        """Make a channel of asyncssh's own making, not opened yet, one of these.

        Its constructor takes a dozen of the connection's settings, which asyncssh alone knows.
        """
        channel.__class__ = cls
        adopted = cast("CandidateChannel", channel)
        adopted.may_close = lambda: True
        adopted.on_enough = lambda: None
        adopted._put_off = None  # noqa: SLF001 (its own)
        return adopted

    def finish(self) -> None:
        """Answer a close that was put off; whatever was to be said has been sent."""
        if self._put_off is not None:
            kind, number, packet = self._put_off
            self._put_off = None
            super()._process_close(kind, number, packet)

    def _process_close(self, kind: int, number: int, packet: SSHPacket) -> None:
        if self.may_close():
            super()._process_close(kind, number, packet)
        else:
            self._put_off = (kind, number, packet)

    def _process_exec_request(self, packet: SSHPacket) -> bool:
        command = packet.get_string()
        packet.check_end()
        return self._start_session(command=command.decode("utf-8", "surrogateescape"))

    def _process_eow_at_openssh_dot_com_request(self, packet: SSHPacket) -> bool:
        packet.check_end()
        self.on_enough()
        return True

    _packet_handlers = {  # noqa: RUF012 (asyncssh declares it as an instance's)
        **asyncssh.SSHServerChannel._packet_handlers,  # noqa: SLF001 (asyncssh has no hook here)
        asyncssh.constants.MSG_CHANNEL_CLOSE: _process_close,
    }


def tell_enough(upstream: asyncssh.SSHClientChannel[bytes]) -> None:
    """Tell the target that no more output is wanted; its program then meets a closed pipe."""
    upstream._send_request(b"eow@openssh.com")  # noqa: SLF001 (asyncssh does not know this one)


def takes_requests(upstream: asyncssh.SSHClientChannel[bytes]) -> bool:
    """Tell whether a channel can be sent requests: its input may have ended, it is not closed.

    asyncssh's own ``is_closing`` says no from the end of input on, though a program that has read
    all of it can still be sent a signal, a window size, or that its output is not wanted.
    """
    return upstream._send_state not in {"close_pending", "closed"}  # noqa: SLF001 (as above)
