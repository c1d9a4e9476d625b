"""What `jumpseat serve` runs: the host that opens sessions, carries orders to them, and ends them.

Each session is a process of its own; here are only their names, their supervision and what becomes
of one that crashed. Nothing here is on the relay's path, and nothing knows what a recording means.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from recorder.child import SessionChild
from recorder.control.messages import Close, NewSession, Request, Result
from recorder.control.options import LISTEN, SessionOptions
from recorder.control.server import ControlServer, hold_control
from recorder.errors import ControlError, JumpseatError
from recorder.gates import GateKind
from recorder.home import Home
from recorder.hop.target import parse_address
from recorder.keys import Keys, load_keys
from recorder.limits import Limits
from recorder.planning import HostOptions, plan_session
from recorder.recording.redaction import Redaction
from recorder.recording.repair import close_cut_off, close_one_cut_off
from recorder.seats.port import SeatPort
from recorder.seats.spec import SeatOptions
from recorder.session import new_session_id
from recorder.store.engine import open_engine
from recorder.store.migrations import prepare

_log = logging.getLogger(__name__)

_MOST_SESSIONS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeOptions:
    """What `serve` was asked for.

    Attributes:
        at_once: The session to open at once and to end with; None keeps the host for others.
        listen: ADDR:PORT for candidates; port 0 takes any that is free.
        limits: What each session may use up.
        secret_patterns: Regular expressions of secrets in command lines, besides the usual ones.
        seat: Who gets a seat over SSH, and where; None for nobody.

    """

    at_once: SessionOptions | None = None
    listen: str = LISTEN
    limits: Limits = field(default_factory=Limits)
    secret_patterns: tuple[str, ...] = ()
    seat: SeatOptions | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a host works with, all of it ready.

    Attributes:
        home: Where everything lies, and ``keys``, the hop's own.
        database_url: The store, a SQLAlchemy URL.
        announce: Takes whole lines for whoever waits, such as ``listening on 127.0.0.1:2222``.
        follower: Gives the argv of the process to supervise beside a recording's directory.

    """

    home: Home
    keys: Keys
    database_url: str
    announce: Callable[[str], None]
    follower: Callable[[Path], Sequence[str]] | None


async def serve(
    home: Home,
    options: ServeOptions,
    *,
    database_url: str,
    announce: Callable[[str], None],
    follower: Callable[[Path], Sequence[str]] | None,
    stop: asyncio.Event,
) -> None:
    """Keep sessions until ``stop`` is set, or until the one that was opened at once has ended.

    Raises:
        JumpseatError: It could not begin, or the session opened at once failed; the message says
            why and what to do.

    """
    Redaction(options.secret_patterns)
    home.ensure()
    parse_address(options.listen, None)
    keys = load_keys(home)
    engine = open_engine(database_url)
    try:
        prepare(engine)
    finally:
        engine.dispose()
    surroundings = Surroundings(
        home=home, keys=keys, database_url=database_url, announce=announce, follower=follower
    )
    with _control_held(home, alone=options.at_once is None) as held:
        close_cut_off(home, keys.sign)
        async with contextlib.AsyncExitStack() as stack:
            host = await stack.enter_async_context(Host(surroundings, options))
            if held:
                await stack.enter_async_context(ControlServer(home, host.handle))
            if options.seat is not None:
                await stack.enter_async_context(SeatPort(home, options.seat, announce))
            await host.run(stop)


@contextlib.contextmanager
def _control_held(home: Home, *, alone: bool) -> Any:
    """Hold the right to take orders; give whether it could be had.

    Raises:
        ControlError: Another host has it, and this one would be for nothing without it.

    """
    descriptor = hold_control(home)
    if descriptor is None and alone:
        raise ControlError(
            f"another `jumpseat serve` keeps the sessions of {home.path}",
            "use that one, or give this one a home of its own with --home",
        )
    if descriptor is None:
        _log.warning(
            "another `jumpseat serve` takes the orders for this home: `jumpseat session allow`"
            " and the like do not reach this one"
        )
    try:
        yield descriptor is not None
    finally:
        if descriptor is not None:
            os.close(descriptor)


class Host:
    """The sessions that are open, in an ``async with`` block at whose end none is."""

    def __init__(self, surroundings: Surroundings, options: ServeOptions) -> None:
        self._around = surroundings
        self._options = options
        self._host = HostOptions(
            listen=options.listen,
            limits=options.limits,
            secret_patterns=options.secret_patterns,
        )
        self._children: dict[str, SessionChild] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._first: SessionChild | None = None
        self._closing = False

    async def __aenter__(self) -> Self:
        """Begin with no session."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close every session in order, all at the same time."""
        self._closing = True
        closing = [
            asyncio.get_running_loop().create_task(child.close(), name=f"close {name}")
            for name, child in self._children.items()
        ]
        ends = [*closing, *self._tasks.values()]
        if ends:
            await asyncio.wait(ends)

    async def run(self, stop: asyncio.Event) -> None:
        """Open the session that was asked for at once, and keep all until the end.

        Raises:
            JumpseatError: That session could not be opened, or failed.

        """
        stopping = asyncio.get_running_loop().create_task(stop.wait(), name="stop")
        try:
            if self._options.at_once is None:
                self._around.announce("ready for sessions")
                await stopping
            else:
                await self._run_one(self._options.at_once, stopping)
        finally:
            stopping.cancel()

    async def _run_one(self, options: SessionOptions, stopping: asyncio.Task[Any]) -> None:
        work = self._open(options, "everybody")
        opening = asyncio.get_running_loop().create_task(work, name="open")
        await _first_of(opening, stopping)
        if not opening.done():
            opening.cancel()
            await asyncio.wait([opening])
            return
        child = opening.result()
        self._first = child
        await _first_of(child.over, stopping)
        while not stopping.done() and (others := self._others(child)):
            _log.info("this session has ended; the host goes on until the others have, too")
            await _first_of(*others, stopping)
        await child.close()
        await child.wait()

    def _others(self, child: SessionChild) -> list[asyncio.Future[str]]:
        return [each.over for each in self._children.values() if each is not child]

    async def handle(self, request: Request) -> object:
        """Do what came over the control socket; return what it brought.

        Raises:
            JumpseatError: It could not be done.

        """
        match request:
            case NewSession():
                return (await self._open(request.options, "named")).state
            case Close():
                return await self._close(request)
            case _:
                return await self._child(request.session).ask(request)

    def _child(self, session: str) -> SessionChild:
        child = self._children.get(session)
        if child is None or not child.state:
            raise ControlError(
                f"session {session} is not open in the running `serve`",
                "`jumpseat session list` shows which are live",
            )
        return child

    async def _close(self, request: Close) -> Result:
        child = self._child(request.session)
        state: Result = await child.ask(request)
        await child.wait()
        return state | {"state": "closed"}

    async def _open(self, options: SessionOptions, gate: GateKind) -> SessionChild:
        """Open a session and tell where candidates connect.

        Raises:
            JumpseatError: It could not be opened.

        """
        if self._closing or len(self._children) >= _MOST_SESSIONS:
            raise ControlError(
                "this `serve` takes no more sessions",
                f"close some first; {_MOST_SESSIONS} may be open at once",
            )
        session = self._new_id()
        follower = self._around.follower
        directory = self._around.home.recording(session)
        spec = plan_session(
            self._around.home,
            session,
            options,
            self._host,
            database_url=self._around.database_url,
            follower=follower(directory) if follower else None,
            gate=gate,
        )
        child = self._children[session] = SessionChild(spec)
        try:
            state = await child.start()
        except BaseException:
            await child.close()
            await self._forget(child)
            raise
        self._tasks[session] = asyncio.get_running_loop().create_task(
            self._supervise(child), name=f"supervise {session}"
        )
        for address, port in state["relayed"]:
            self._around.announce(f"relaying {address} to port {port} of the target")
        self._around.announce(f"listening on {state['listen']}")
        return child

    def _new_id(self) -> str:
        while (session := new_session_id(self._around.home)) in self._children:
            pass
        return session

    async def _supervise(self, child: SessionChild) -> None:
        """Wait for a session's end, say how it ended, and close what a crash left open."""
        session = child.spec.session
        try:
            _log.info("session %s is closed: %s", session, await child.wait())
        except JumpseatError as error:
            # That of the session opened at once is told as `serve` ends.
            if child is not self._first or len(self._children) > 1:
                _log.error("session %s: %s", session, error)
        finally:
            await child.close()
            await self._forget(child)

    async def _forget(self, child: SessionChild) -> None:
        session = child.spec.session
        self._children.pop(session, None)
        self._tasks.pop(session, None)
        directory = self._around.home.recording(session)
        if child.crashed and directory.is_dir():
            await asyncio.to_thread(close_one_cut_off, directory, self._around.keys.sign)


async def _first_of(*ends: asyncio.Future[Any]) -> None:
    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
