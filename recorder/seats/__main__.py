"""The seat's process: ``python -m recorder.seats``. It ends with its host, however that ends.

It reads its spec from stdin, one JSON line, says ``ready`` on stdout when interviewers can log in,
and closes everything when stdin ends or it is asked to by a signal.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
from typing import NoReturn

from recorder.home import Home
from recorder.keys import load_seat_key
from recorder.practice.kernel import die_with_parent
from recorder.seats.book import Book
from recorder.seats.door import Door
from recorder.seats.login import listen
from recorder.seats.spec import READY, SeatSpec

_LINE_LIMIT = 1 << 20
_CLOSE_SECONDS = 5.0
_POLITENESS = 5
"""Added to the niceness: whoever watches comes after whoever is watched."""


async def run() -> int:
    """Let interviewers in until the end; return the exit status."""
    reader = asyncio.StreamReader(limit=_LINE_LIMIT)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    line = await reader.readline()
    if not line:
        return 1
    spec = SeatSpec.model_validate_json(line)
    die_with_parent(signal.SIGKILL)
    if os.getppid() != spec.parent:
        return 1
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await _serve(spec, reader, stop)
    return 0


async def _serve(spec: SeatSpec, reader: asyncio.StreamReader, stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    door = Door(Book(spec.interviewers), spec.limits)
    sock = socket.socket(fileno=spec.descriptor)
    sock.set_inheritable(False)
    acceptor = await listen(door, spec, sock, load_seat_key(Home(spec.home)))
    sys.stdout.buffer.write(READY)
    sys.stdout.buffer.flush()
    watching = loop.create_task(door.watch(), name="interviewers' file")
    ends = [loop.create_task(each, name="end") for each in (stop.wait(), reader.read())]
    try:
        await asyncio.wait([*ends, watching], return_when=asyncio.FIRST_COMPLETED)
        if watching.done():
            watching.result()
    finally:
        for task in (*ends, watching):
            task.cancel()
        acceptor.close()
        door.close()
        await _seats_left()


async def _seats_left() -> None:
    """Wait until every seat's process is gone."""
    seats = [task for task in asyncio.all_tasks() if task.get_name() == "seat"]
    if seats:
        await asyncio.wait(seats, timeout=_CLOSE_SECONDS)


def main() -> NoReturn:
    """Run the process and exit: 0 it ended in order, 1 it could not begin."""
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.WARNING,
        format="%(asctime)s %(message)s",
    )
    logging.getLogger("recorder").setLevel(logging.INFO)
    with contextlib.suppress(OSError):
        os.nice(_POLITENESS)
    sys.exit(asyncio.run(run()))


if __name__ == "__main__":
    main()
