"""The login on the target: one connection, from its first packet until somebody is logged in.

What is to be said comes in as payloads and the target's answers go out as payloads; whose they are
and what they mean is `recorder.hop.authentication`'s. Once logged in the connection may be used
for more than one of the candidate's, and closes with the last.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import asyncssh

from recorder.errors import HomeError
from recorder.hop import userauth
from recorder.hop.ciphers import CHEAPEST_FIRST
from recorder.hop.hostkeys import PinnedKeys
from recorder.hop.lost import TargetLostError, by_its_words
from recorder.hop.reach import UnreachedError, reach
from recorder.hop.target import Target, changed_key
from recorder.hop.wire import TargetWire

_log = logging.getLogger(__name__)

LOGIN_SECONDS = 600.0
"""How long the target is waited for; it has a LoginGraceTime of its own, which comes first."""

_NOBODY = "candidate"
"""Names are in the candidate's own requests; asyncssh wants one, and sends it nowhere."""


def _trusted(pinned: PinnedKeys, label: str) -> asyncssh.SSHKey | None:
    """Return the key that a person may have trusted since the session began, where that is told."""
    try:
        return pinned.lookup(label)
    except HomeError as error:
        # A slip of somebody's editor must not lock the candidate out.
        _log.error("%s; the key that the session began with counts", error)
        return None


class UpstreamLogin(asyncssh.SSHClient):
    """One connection to the target.

    Attributes:
        user: The name that the first request asked for, as its bytes.
        methods: What the target offered last, as it named it and in its order.
        connection: The connection, once somebody is logged in.
        lost: Why it can no longer be asked, where that is so.
        on_banner: Takes the payload of each banner.
        on_reply: Takes payloads that no `exchange` waits for.
        on_lost: Told when the target goes before the login, with the reason.

    """

    def __init__(
        self, target: Target, pinned: PinnedKeys, pinned_key: asyncssh.SSHKey, user: bytes
    ) -> None:
        self._target = target
        self._pinned = pinned
        self._key = _trusted(pinned, target.label) or pinned_key
        self.user = user
        self._wire: TargetWire | None = None
        self._waiting: asyncio.Future[bytes] | None = None
        self._asked: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._task: asyncio.Task[None] | None = None
        self._shown_key: asyncssh.SSHKey | None = None
        self._holders: dict[object, Callable[[Exception | None], None]] = {}
        self._gone = False
        self.lost: TargetLostError | None = None
        self.methods: tuple[str, ...] = ()
        self.connection: TargetWire | None = None
        self.on_banner: Callable[[bytes], None] = lambda _payload: None
        self.on_reply: Callable[[bytes], None] = lambda _payload: None
        self.on_lost: Callable[[TargetLostError], None] = lambda _error: None

    # Before the login.

    async def begin(self) -> None:
        """Connect, and wait until the target wants the first request.

        Raises:
            TargetLostError: It does not come to that.

        """
        self._task = asyncio.get_running_loop().create_task(self._run(), name="upstream login")
        await self._asked
        if self.lost is not None:
            raise self.lost

    async def exchange(self, payload: bytes) -> bytes:
        """Say something, and return the answer.

        Raises:
            TargetLostError: There was none.

        """
        waiting: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._waiting = waiting
        try:
            self.send(payload)
        except TargetLostError:
            self._waiting = None
            raise
        return await waiting

    def send(self, payload: bytes) -> None:
        """Say something to which there may be no answer.

        Raises:
            TargetLostError: Nobody listens any more.

        """
        if self.lost is not None:
            raise self.lost
        if self._wire is None:
            raise TargetLostError("hop", "the connection to the target was not begun")
        self._wire.tell(payload)

    @property
    def session_id(self) -> bytes:
        """What a signature for this connection covers first."""
        return self._wire.session_id if self._wire is not None else b""

    # Who uses it, and its end.

    def hold(self, holder: object, on_gone: Callable[[Exception | None], None]) -> None:
        """Use the connection until `release`; ``on_gone`` is told when the target closes it."""
        self._holders[holder] = on_gone

    def release(self, holder: object, *, cut: bool = False) -> None:
        """Use it no more; with its last user it closes, or is cut off."""
        self._holders.pop(holder, None)
        if not self._holders:
            self._end(cut=cut)

    @property
    def is_usable(self) -> bool:
        """Whether somebody is logged in and the connection stands."""
        connection = self.connection
        return connection is not None and not self._gone and not connection.is_closed()

    def _end(self, *, cut: bool) -> None:
        if self._wire is not None:
            if cut:
                self._wire.abort()
            self._wire.close()
        if self._task is not None and not self._task.done():
            self._task.cancel()

    async def wait_closed(self) -> None:
        """Wait until the connection has ended, unless somebody else still uses it."""
        if self._holders:
            return
        if self._task is not None:
            await asyncio.wait([self._task])
        if self._wire is not None:
            await self._wire.wait_closed()

    # Connecting.

    async def _run(self) -> None:
        """Connect, and stay until the login succeeded or the target is lost."""
        try:
            await self._connect()
        except asyncio.CancelledError:
            self._fail(TargetLostError(None, "the candidate went away"))
            raise
        except (OSError, asyncssh.Error, UnreachedError, ValueError, ArithmeticError) as error:
            # What cannot be read at all, asyncssh reports by errors that are not among its own.
            self._fail(self._loss(error))
        finally:
            # Whatever happened, the candidate must not wait for an answer that cannot come.
            if self.connection is None and self.lost is None:
                self._fail(TargetLostError("hop", "the login on the target failed"))

    async def _connect(self) -> None:
        sock = await reach(self._target)
        try:
            await asyncssh.connect(
                sock=sock,
                host=self._target.label,
                config=None,
                username=_NOBODY,
                client_factory=lambda: self,
                known_hosts=([self._key], [], []),
                client_keys=None,
                agent_path=None,
                gss_host=None,
                compression_algs=None,
                encryption_algs=CHEAPEST_FIRST,
                login_timeout=LOGIN_SECONDS,
                keepalive_interval=0,
            )
        finally:
            if self._wire is None:
                sock.close()

    def _loss(self, error: Exception) -> TargetLostError:
        if isinstance(error, asyncssh.DisconnectError) and self._wire and self._wire.dismissed:
            return by_its_words(error)
        match error:
            case UnreachedError():
                return TargetLostError(error.cause, error.detail, silent=error.silent)
            case asyncssh.HostKeyNotVerifiable():
                return self._other_key(error)
            case asyncssh.ConnectionLost():
                words = "the target closed the connection before the login"
                return TargetLostError("unreachable", words, dropped=True)
            case ValueError() | ArithmeticError() | asyncssh.ProtocolError() | asyncssh.MACError():
                return TargetLostError(
                    "unreachable", f"what the target says cannot be read ({error})"
                )
            case _:
                return TargetLostError("hop", str(error) or type(error).__name__)

    def _other_key(self, error: asyncssh.HostKeyNotVerifiable) -> TargetLostError:
        shown = self._shown_key
        detail = error.reason
        if shown is not None:
            detail = changed_key(self._target.label, self._key, shown, self._pinned).cause
        return TargetLostError("hop", detail, other_key=shown)

    def _fail(self, error: TargetLostError) -> None:
        self.lost = error
        waiting, self._waiting = self._waiting, None
        if not self._asked.done():
            self._asked.set_result(None)
        elif waiting is not None and not waiting.done():
            waiting.set_exception(error)
        else:
            self.on_lost(error)

    # What asyncssh and the wire call.

    def connection_made(self, conn: asyncssh.SSHClientConnection) -> None:
        """Take the connection over while it logs in."""
        self._wire = TargetWire.adopt(conn, self)

    def validate_host_public_key(
        self,
        host: str,  # noqa: ARG002
        addr: str,  # noqa: ARG002
        port: int,  # noqa: ARG002
        key: asyncssh.SSHKey,
    ) -> bool:
        """Refuse any key but the pinned one; this is only asked about others."""
        self._shown_key = key
        return False

    def asked(self) -> None:
        """Note that the target wants the first request."""
        if not self._asked.done():
            self._asked.set_result(None)

    def bannered(self, payload: bytes) -> None:
        """Pass on what the target shows."""
        self.on_banner(payload)

    def replied(self, payload: bytes) -> None:
        """Hand an answer to who waits for it."""
        if payload[0] == userauth.FAILURE:
            try:
                self.methods = userauth.parse_failure(payload).methods
            except userauth.MalformedError:
                _log.warning("the target sent a refusal that cannot be read")
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_result(payload)
        else:
            self.on_reply(payload)

    def auth_completed(self) -> None:
        """Note that the target let somebody in."""
        self.connection = self._wire
        self.replied(bytes([userauth.SUCCESS]))

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever uses the connection that the target's side is gone."""
        self._gone = True
        if self.connection is not None:
            for on_gone in list(self._holders.values()):
                on_gone(exc)
