"""The candidate's login, mirrored: what the target would refuse, the hop refuses in its words.

Each request of the candidate's goes to the target as it came, and each answer comes back as it is:
methods and their order, prompts, banners, the last word of MaxAuthTries. Only a signed key cannot
be passed on; then the target is asked whether it accepts the key, the candidate proves to the hop
that they hold it, and the hop follows by a way of its own (`recorder.hop.keylogin`). An offered key
proves nothing. No channels and no files belong here.
"""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Protocol

import asyncssh

from recorder.hop import userauth
from recorder.hop.attempts import AttemptLog, public_key
from recorder.hop.keylogin import KeyLogin, RememberedPasswords
from recorder.hop.login import UpstreamLogin
from recorder.hop.lost import TargetLostError
from recorder.hop.wire import CandidateWire

UNREACHABLE = "The server cannot be reached at the moment"
TOO_MANY = "Too many authentication failures"
NOT_FOLLOWED = (
    "The server accepts this key; the recording host in between cannot log in with it at the moment"
)
_WENT_AWAY = "the candidate went away"
_ANSWERED_BY_HAND = frozenset({"password", "keyboard-interactive"})


class Owner(Protocol):
    """The connection whose login it is."""

    def may_try(self) -> bool:
        """Count a try, and tell whether it is to be made."""

    def begin_login(self, user: str) -> None:
        """Take note of the user, before the target is asked anything."""

    def own(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run a coroutine as a task that ends with the connection."""

    def abort(self, why: str) -> None:
        """Cut both sides off."""

    def upstream_gone(self, error: Exception | None) -> None:
        """Close: the target's side is gone."""


class Session(Protocol):
    """What the logins of one session share."""

    passwords: RememberedPasswords

    def connect(self, user: bytes) -> UpstreamLogin:
        """Return a connection to the target, not begun."""

    def key_login(self) -> KeyLogin:
        """Return the ways in after a key."""

    def any_login(self) -> UpstreamLogin | None:
        """Return any connection to the target on which somebody is logged in."""


class Authentication:
    """The login of one connection; asyncssh's packets come in through `recorder.hop.wire`."""

    def __init__(self, owner: Owner, session: Session, attempts: AttemptLog) -> None:
        self._owner = owner
        self._session = session
        self._attempts = attempts
        self._wire: CandidateWire
        self._current: userauth.Request | None = None
        self._hidden: list[bytes] = []
        self._question: userauth.Question | None = None
        self._done = False
        self._left = False
        self.login: UpstreamLogin | None = None
        self.why: str | None = None

    def attach(self, wire: CandidateWire) -> None:
        """Speak to the candidate through this."""
        self._wire = wire

    def candidate_left(self) -> None:
        """Begin nothing more for this connection: nobody would end it."""
        self._left = True

    # What the candidate says.

    async def request(self, payload: bytes) -> None:
        """Answer USERAUTH_REQUEST.

        Raises:
            asyncssh.ProtocolError: It is malformed.

        """
        try:
            request = userauth.parse_request(payload)
        except userauth.MalformedError as error:
            raise asyncssh.ProtocolError(str(error)) from None
        if not self._owner.may_try():
            self._done = True
            self.why = "too many tries to log in"
            self._wire.disconnect(asyncssh.DISC_PROTOCOL_ERROR, TOO_MANY)
            return
        self._current = request
        self._hidden.clear()
        self._question = None
        try:
            login = self.login or await self._begin(request)
            if isinstance(request.body, userauth.Key) and request.body.signature is not None:
                await self._prove(login, request, request.body)
            else:
                await self._pass_on(login, await login.exchange(payload))
        except TargetLostError as error:
            self._target_lost(error)

    async def continuation(self, payload: bytes) -> None:
        """Pass on a message of the method that is being tried."""
        login, request = self.login, self._current
        if login is None or request is None:
            raise asyncssh.ProtocolError("no login is being tried")
        try:
            if request.method != "keyboard-interactive":
                login.send(payload)
                return
            self._keep_hidden(payload)
            await self._pass_on(login, await login.exchange(payload))
        except TargetLostError as error:
            self._target_lost(error)

    async def _begin(self, request: userauth.Request) -> UpstreamLogin:
        self._owner.begin_login(request.shown_user)
        login = self.login = self._session.connect(request.user)
        login.hold(self._owner, self._owner.upstream_gone)
        login.on_banner = self._tell
        login.on_reply = lambda reply: self._owner.own(self._pass_on(login, reply), "login reply")
        login.on_lost = lambda error: self._target_lost(error, answered=True)
        try:
            await login.begin()
        except TargetLostError as error:
            if error.silent and await self._others_live():
                error.cause = "banned"
                error.detail += "; connections that are open live on: new ones are shut out"
            raise
        return login

    async def _others_live(self) -> bool:
        other = self._session.any_login()
        wire = other.connection if other is not None else None
        return wire is not None and await wire.is_alive()

    # What the target answers.

    async def _pass_on(self, login: UpstreamLogin, reply: bytes) -> None:
        request = self._current
        if request is None or self._done:
            return
        if reply[0] == userauth.SUCCESS:
            self._remember(request)
            self._attempts.accepted(request, login.methods, "relayed")
            await self._let_in(request)
            return
        if reply[0] == userauth.FAILURE:
            self._refused(request, reply)
        elif reply[0] == userauth.CONTINUATION and request.method == "keyboard-interactive":
            self._question = _question(reply)
        self._tell(reply)

    def _refused(self, request: userauth.Request, reply: bytes) -> None:
        try:
            failure = userauth.parse_failure(reply)
        except userauth.MalformedError:
            failure = userauth.Failure(methods=(), partial=False)
        self._attempts.refused(request, failure)

    def _target_lost(self, error: TargetLostError, *, answered: bool = False) -> None:
        """End the candidate's side as the target ended its own."""
        if self._done:
            return
        self._done = True
        self.why = error.detail
        login = self.login
        if self._current is not None and not answered:
            self._attempts.lost(self._current, login.methods if login else (), error)
        if error.dropped:
            # A word of goodbye from the hop would be one that the target did not say.
            self._owner.abort(error.detail)
        elif (words := error.farewell) is not None:
            self._wire.disconnect(words.code, words.reason, words.lang)
        else:
            self._wire.disconnect(asyncssh.DISC_SERVICE_NOT_AVAILABLE, UNREACHABLE)

    def _tell(self, payload: bytes) -> None:
        if not self._wire.is_logged_in:
            self._wire.tell(payload)

    async def _let_in(self, request: userauth.Request) -> None:
        self._done = True
        self._hidden.clear()
        await self._wire.let_in(request.shown_user)

    # Keys.

    async def _prove(
        self, login: UpstreamLogin, request: userauth.Request, key: userauth.Key
    ) -> None:
        known = public_key(key.blob)
        if known is not None and not self._wire.verifies(known, key):
            # The target cannot verify it either, and gives its own refusal.
            await self._pass_on(login, await login.exchange(request.payload))
            return
        offer = userauth.key_request(request.user, key.algorithm, key.blob)
        reply = await login.exchange(offer)
        if not userauth.accepts_key(reply, key):
            await self._pass_on(login, reply)
        elif known is None:
            kind = key.algorithm.decode("ascii", "replace")
            self._not_followed(login, request, f"the hop cannot verify keys of kind {kind}")
        else:
            await self._follow(login, request)

    async def _follow(self, login: UpstreamLogin, request: userauth.Request) -> None:
        methods = login.methods
        followed = await self._session.key_login().follow(login)
        if self._left:
            # Whoever took another of the session's connections now would hold it for ever.
            raise TargetLostError(None, _WENT_AWAY)
        if followed.more is not None:
            self._refused(request, followed.more)
            self._tell(followed.more)
        elif followed.way is None or followed.login is None:
            self._not_followed(login, request, followed.detail)
        else:
            self._attempts.accepted(request, methods, followed.way)
            self._move_to(followed.login)
            await self._let_in(request)

    def _move_to(self, other: UpstreamLogin) -> None:
        login = self.login
        if login is None or login is other:
            return
        other.hold(self._owner, self._owner.upstream_gone)
        self.login = other
        login.on_lost = _ignore
        login.release(self._owner)

    def _not_followed(self, login: UpstreamLogin, request: userauth.Request, detail: str) -> None:
        """Say that it is no lock-out, and let the candidate try what they can answer by hand."""
        self._attempts.not_followed(request, login.methods, detail)
        self._tell(userauth.banner(f"{NOT_FOLLOWED}\r\n"))
        if login.lost is None and _ANSWERED_BY_HAND & set(login.methods):
            self._tell(userauth.failure(login.methods))
            return
        self._done = True
        self.why = f"the hop could not log in: {detail}"
        self._wire.disconnect(asyncssh.DISC_SERVICE_NOT_AVAILABLE, NOT_FOLLOWED)

    # Secrets, in memory only.

    def _keep_hidden(self, payload: bytes) -> None:
        question, self._question = self._question, None
        try:
            given = userauth.parse_answers(payload)
        except userauth.MalformedError as error:
            raise asyncssh.ProtocolError(str(error)) from None
        if question is not None:
            pairs = zip(question.prompts, given, strict=False)
            self._hidden += [answer for (_, shown), answer in pairs if not shown]

    def _remember(self, request: userauth.Request) -> None:
        """Keep the password that the target took; one among other secrets cannot be told."""
        match request.body, self._hidden:
            case userauth.Password() as body, _:
                password = body.password if body.new is None else body.new
            case _, [only]:
                password = only
            case _, [_, *_, new, again] if new == again:
                # An expired password was changed: the old one, the new one twice.
                password = new
            case _:
                return
        self._session.passwords.remember(request.user, password)


def _question(payload: bytes) -> userauth.Question | None:
    try:
        return userauth.parse_question(payload)
    except userauth.MalformedError:
        return None


def _ignore(_error: TargetLostError) -> None:
    """Nobody waits for this connection any more."""
