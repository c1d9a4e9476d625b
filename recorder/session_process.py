"""The process of one session: relay and recording, apart from every other session.

Started by the host with ``python -m recorder.session_process``. It reads its spec and then orders
from stdin, one JSON line each, and answers on stdout; what people should read goes to stderr. It
ends with its host, however that ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import signal
import sys
from typing import BinaryIO, NoReturn

from pydantic import BaseModel, ConfigDict, TypeAdapter

from recorder.clock import SessionClock
from recorder.control.messages import LINE_LIMIT, OfSession, Result, encode, failure, success
from recorder.control.options import SessionSpec
from recorder.errors import JumpseatError
from recorder.exercise.loader import load_exercise
from recorder.gates import AddressGate, Gate, OwnUserGate
from recorder.home import Home
from recorder.hop.ciphers import speed_up
from recorder.hop.listener import bind_first
from recorder.hop.port_relay import PortRelay, parse_relay
from recorder.hop.target import TcpTarget, parse_address
from recorder.hop.terms import Terms
from recorder.keys import load_keys
from recorder.practice.kernel import die_with_parent
from recorder.session import Parts, Session
from recorder.session_target import open_target
from recorder.steering import Steering
from recorder.store.engine import open_engine

_log = logging.getLogger(__name__)


class Order(BaseModel):
    """One line of stdin: what to do, and the number that the answer carries."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    request: OfSession


class Farewell(BaseModel):
    """The host's last line: it ends in order, and so does the session."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    farewell: str


_LINES: TypeAdapter[Order | Farewell] = TypeAdapter(Order | Farewell)


class SessionProcess:
    """Runs one session and carries orders to it.

    Lines to the host: ``{"ready": STATE}`` once, ``{"number": N, "answer": ANSWER}`` for each
    order, ``{"ended": WHY}`` or ``{"failed": FAILURE}`` last.
    """

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._steering: Steering | None = None
        self._holding: asyncio.Task[str] | None = None
        self._stop: str | None = None

    async def run(self) -> int:
        """Read the spec, hold the session, and return the exit status."""
        reader = asyncio.StreamReader(limit=LINE_LIMIT)
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._end, f"ended by {number.name}")
        line = await reader.readline()
        if not line:
            return 1
        spec = SessionSpec.model_validate_json(line)
        _name_in_log(spec.session)
        # Killed with the host: nobody could steer, close or see this session any more.
        die_with_parent(signal.SIGKILL)
        if os.getppid() != spec.parent:
            return 1
        self._holding = loop.create_task(self._hold(spec), name="session")
        orders = loop.create_task(self._take_orders(reader), name="orders")
        try:
            await asyncio.wait([self._holding])
        finally:
            orders.cancel()
            await asyncio.wait([orders])
        return self._conclude(self._holding)

    def _conclude(self, held: asyncio.Task[str]) -> int:
        """Tell how the session ended; return the exit status."""
        if held.cancelled():
            self._tell({"ended": self._stop or "it was cancelled"})
            return 0
        try:
            self._tell({"ended": held.result()})
        except JumpseatError as error:
            self._tell({"failed": failure(error)})
            return 1
        return 0

    async def _hold(self, spec: SessionSpec) -> str:
        home = Home(spec.home)
        engine = open_engine(spec.database_url)
        options = spec.options
        async with contextlib.AsyncExitStack() as stack:
            stack.callback(engine.dispose)
            target, first = await stack.enter_async_context(
                open_target(home, options.target, unconfined=options.unconfined)
            )
            sock = bind_first(*parse_address(spec.listen, None), spec.span)
            stack.callback(sock.close)
            relay = None
            if options.relay is not None and isinstance(target, TcpTarget):
                host = parse_address(spec.listen, None)[0]
                relay = PortRelay(host, parse_relay(options.relay), target)
                stack.callback(relay.release)
            parts = Parts(
                home=home,
                session=spec.session,
                keys=load_keys(home),
                engine=engine,
                target=target,
                contact=first,
                sock=sock,
                terms=Terms(gate=_gate(spec), limits=spec.limits, consent=spec.consent),
                clock=SessionClock(spec.seconds, spec.limits.seconds),
                candidate=options.candidate,
                exercise=load_exercise(home, spec.exercise) if spec.exercise else None,
                follower=spec.follower,
                secret_patterns=spec.secret_patterns,
                relay=relay,
            )
            return await Session(parts).run(self._ready)

    def _ready(self, steering: Steering) -> None:
        # What is loaded by now stays. To search it for garbage takes 20 ms, and keys would wait.
        gc.collect()
        gc.freeze()
        self._steering = steering
        self._tell({"ready": steering.state()})

    async def _take_orders(self, reader: asyncio.StreamReader) -> None:
        while line := await reader.readline():
            match _LINES.validate_json(line):
                case Order(number=number, request=request):
                    self._tell({"number": number, "answer": self._do(request)})
                case Farewell(farewell=why):
                    self._end(why)
                    return
        # The host was killed, and the kernel's word of it comes a moment after its end of stdin. A
        # session that closed itself in between would look as if somebody had ended it in order.
        os.kill(os.getpid(), signal.SIGKILL)

    def _do(self, request: OfSession) -> Result:
        if self._steering is None:
            raise RuntimeError("an order came before the session was ready")
        try:
            return success(self._steering.do(request))
        except JumpseatError as error:
            return failure(error)

    def _end(self, why: str) -> None:
        self._stop = self._stop or why
        if self._steering is not None:
            self._steering.end(why)
        elif self._holding is not None:
            self._holding.cancel()

    def _tell(self, message: Result) -> None:
        with contextlib.suppress(OSError):  # the host is gone, and with it whoever would read
            self._out.write(encode(message))
            self._out.flush()


def _gate(spec: SessionSpec) -> Gate:
    if spec.gate == "own-user":
        return OwnUserGate()
    return AddressGate(open=spec.gate == "everybody")


def _name_in_log(session: str) -> None:
    """Let each line say which session it is about: several share the host's stderr."""
    formatter = logging.Formatter(f"jumpseat: {session}: %(message)s")
    for handler in logging.getLogger().handlers:
        handler.setFormatter(formatter)


def main() -> NoReturn:
    """Hold one session and exit: 0 it ended in order, 1 it could not be held."""
    # Nothing but our lines may come out of stdout, whatever a library prints.
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    logging.getLogger("recorder").setLevel(logging.INFO)
    speed_up()
    sys.exit(asyncio.run(SessionProcess(out).run()))


if __name__ == "__main__":
    main()
