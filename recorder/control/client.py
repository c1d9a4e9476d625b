"""Asks a running `serve` for something, over its control socket. Blocking, for the command line."""

from __future__ import annotations

import socket
from typing import Any

from pydantic import BaseModel

from recorder.control.messages import encode, read_answer
from recorder.control.permission import check_permission
from recorder.control.server import short_path
from recorder.errors import ControlError
from recorder.home import Home

ANSWER_SECONDS = 90.0
"""Longer than a target may take to be reached, or a session to close."""

_BLOCK = 65536


def ask(home: Home, request: BaseModel) -> Any:
    """Send a request and return what it brought.

    Raises:
        ControlError: No `serve` runs on this home, it did not answer, or this process gives no
            orders.
        JumpseatError: What `serve` could not do.

    """
    check_permission()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
        sock.settimeout(ANSWER_SECONDS)
        try:
            with short_path(home.control) as name:
                sock.connect(name)
        except OSError as error:
            raise ControlError(
                f"no `jumpseat serve` is running on {home.path}",
                "start it in another terminal or as a service, then try again",
            ) from error
        try:
            sock.sendall(encode(request))
            line = _read_line(sock)
        except OSError as error:
            raise ControlError(
                f"the running `serve` did not answer ({error.strerror or 'too late'})",
                "see what it says in its own terminal or log",
            ) from error
    return read_answer(line)


def _read_line(sock: socket.socket) -> bytes:
    data = b""
    while not data.endswith(b"\n") and (block := sock.recv(_BLOCK)):
        data += block
    return data
