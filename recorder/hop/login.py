"""The candidate's login, replayed on the target: what it would refuse, the hop refuses.

One connection to the target is held in its authentication phase; each try of the candidate's is
made on it, and its answer is the answer. Public keys are probed: the target says whether it takes
them, though the hop cannot sign for the candidate. Secrets pass through and are kept nowhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import asyncssh

from recorder.errors import TargetError
from recorder.hop.hostkeys import PinnedKeys
from recorder.hop.target import Target, changed_key

LOGIN_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the target said to one try.

    ``refused`` and ``accepted`` are its own words; ``error`` means that it could not be asked.
    ``disconnect`` carries what the target said as it closed the connection, where it did; it is
    ``dropped`` where it closed the connection without a word, as sshd does at LoginGraceTime;
    ``other_key`` is the host key that it showed in place of the pinned one.
    """

    outcome: Literal["accepted", "refused", "error"]
    cause: str | None = None
    disconnect: asyncssh.DisconnectError | None = None
    dropped: bool = False
    other_key: asyncssh.SSHKey | None = None


@dataclass(slots=True)
class _Try:
    method: Literal["password", "publickey"]
    password: str | None = None
    key: asyncssh.SSHKey | None = None
    sent: bool = False


class _ProbedKey(asyncssh.SSHKeyPair):
    """A key pair whose private half is the candidate's: being asked to sign means acceptance."""

    def __init__(self, key: asyncssh.SSHKey, on_accepted: Callable[[], None]) -> None:
        super().__init__(
            key.algorithm,
            key.algorithm,
            key.sig_algorithms,
            key.sig_algorithms,
            key.public_data,
            None,
        )
        self._on_accepted = on_accepted

    def sign(self, data: bytes) -> bytes:  # noqa: ARG002
        self._on_accepted()
        # asyncssh takes a ValueError as "this key cannot sign" and goes on to the next try.
        raise ValueError("only the candidate can sign")


class UpstreamLogin(asyncssh.SSHClient):
    """One connection to the target, from its first packet until somebody is logged in.

    Attributes:
        methods: What the target offered last, as it named it.
        connection: The connection, once the target let the candidate in.

    """

    def __init__(
        self, target: Target, pinned: PinnedKeys, pinned_key: asyncssh.SSHKey, user: str
    ) -> None:
        self._target = target
        self._pinned = pinned
        self._pinned_key = pinned_key
        self._user = user
        self._connecting: asyncssh.SSHClientConnection | None = None
        self._next: asyncio.Queue[_Try] = asyncio.Queue()
        self._current: _Try | None = None
        self._answer: asyncio.Future[Answer] | None = None
        self._ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._task: asyncio.Task[None] | None = None
        self._shown_key: asyncssh.SSHKey | None = None
        self._lost: Answer | None = None
        self.methods: tuple[str, ...] = ()
        self.connection: asyncssh.SSHClientConnection | None = None
        self.on_banner: Callable[[str, str], None] = lambda _message, _language: None
        self.on_lost: Callable[[Exception | None], None] = lambda _error: None

    async def begin(self) -> Answer | None:
        """Connect, and wait until the target asks for a try.

        Returns:
            None where it asks, an answer where none is needed (it let the user in without) or
            possible (unreachable, another host key).

        """
        self._task = asyncio.get_running_loop().create_task(self._run(), name="upstream login")
        await self._ready
        if self.connection is not None:
            return Answer("accepted")
        return self._lost

    async def try_password(self, password: str) -> Answer:
        """Give the candidate's password to the target."""
        return await self._try(_Try("password", password=password))

    async def try_key(self, key: asyncssh.SSHKey) -> Answer:
        """Ask the target whether it would take this key; nothing is signed."""
        return await self._try(_Try("publickey", key=key))

    def close(self) -> None:
        """Close the connection to the target, logged in or not."""
        if self._connecting is not None:
            self._connecting.close()
        if self._task is not None and not self._task.done():
            self._task.cancel()

    def abort(self) -> None:
        """Cut the connection to the target off."""
        if self._connecting is not None:
            self._connecting.abort()
        self.close()

    async def wait_closed(self) -> None:
        """Wait until the connection to the target has ended."""
        if self._task is not None:
            await asyncio.wait([self._task])
        if self._connecting is not None:
            await self._connecting.wait_closed()

    async def _try(self, attempt: _Try) -> Answer:
        if self._lost is not None:
            return self._lost
        self._answer = asyncio.get_running_loop().create_future()
        self._next.put_nowait(attempt)
        return await self._answer

    async def _run(self) -> None:
        """Connect and authenticate; the tries come in through the callbacks below."""
        try:
            sock = await self._target.connect()
            await asyncssh.connect(
                sock=sock,
                host=self._target.label,
                config=None,
                username=self._user,
                client_factory=lambda: self,
                known_hosts=([self._pinned_key], [], []),
                client_keys=None,
                agent_path=None,
                gss_host=None,
                preferred_auth=("publickey", "password", "keyboard-interactive"),
                compression_algs=None,
                login_timeout=LOGIN_SECONDS,
                keepalive_interval=0,
            )
        except TargetError as error:
            self._fail(Answer("error", cause=error.cause))
        except asyncssh.PermissionDenied:
            self._fail(Answer("refused", cause="the target offers no method that the hop relays"))
        except asyncssh.HostKeyNotVerifiable as error:
            shown = self._shown_key
            cause = error.reason
            if shown is not None:
                key = self._pinned_key
                cause = changed_key(self._target.label, key, shown, self._pinned).cause
            self._fail(Answer("error", cause, other_key=shown))
        except asyncssh.ConnectionLost:
            cause = "the target closed the connection before the login"
            self._fail(Answer("error", cause, dropped=True))
        except asyncssh.DisconnectError as error:
            self._fail(Answer("refused", cause=error.reason, disconnect=error))
        except (OSError, asyncssh.Error) as error:
            self._fail(Answer("error", cause=str(error) or type(error).__name__))
        except asyncio.CancelledError:
            self._fail(Answer("error", cause="the candidate went away"))
            raise

    def _fail(self, answer: Answer) -> None:
        self._lost = answer
        self._settle(answer)
        if not self._ready.done():
            self._ready.set_result(None)

    def _settle(self, answer: Answer) -> None:
        self._current = None
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(answer)

    async def _take(self, method: str) -> _Try | None:
        """Return the try to make now, None where it is for another method than this."""
        current = self._current
        if current is not None and current.sent:
            self._settle(Answer("refused"))
            current = None
        if current is None:
            self._note_methods()
            if not self._ready.done():
                self._ready.set_result(None)
            current = self._current = await self._next.get()
        if current.method != method:
            return None
        current.sent = True
        return current

    def _note_methods(self) -> None:
        if self._connecting is not None:
            self.methods = tuple(self._connecting.get_server_auth_methods())

    # What asyncssh calls.

    def connection_made(self, conn: asyncssh.SSHClientConnection) -> None:
        """Keep the connection while it logs in."""
        self._connecting = conn

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

    def auth_banner_received(self, msg: str, lang: str) -> None:
        """Pass on what the target shows before the login."""
        self.on_banner(msg, lang)

    async def public_key_auth_requested(self) -> asyncssh.SSHKeyPair | None:
        """Offer the candidate's key when that is what is tried."""
        attempt = await self._take("publickey")
        if attempt is None or attempt.key is None:
            return None
        return _ProbedKey(
            attempt.key,
            lambda: self._settle(
                Answer("error", cause="the target accepts this key, the hop cannot sign for it")
            ),
        )

    async def password_auth_requested(self) -> str | None:
        """Give the candidate's password when that is what is tried."""
        attempt = await self._take("password")
        return attempt.password if attempt else None

    async def kbdint_auth_requested(self) -> None:
        """Wait here too, so that a target that offers nothing else is not given up."""
        await self._take("keyboard-interactive")

    def auth_completed(self) -> None:
        """Note that the target let the candidate in."""
        self.connection = self._connecting
        self._settle(Answer("accepted"))
        if not self._ready.done():
            self._ready.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever relays that the target's side is gone."""
        self.on_lost(exc)
