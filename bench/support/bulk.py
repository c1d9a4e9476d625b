"""Bulk data through one connection, and many logins at once."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from bench.support.ways import Way, handle

_BLOCK = 1 << 20
_START = b"start"


class NotWholeError(Exception):
    """Something else came out than went in."""


def make_blob(path: Path, size: int, owner: int) -> None:
    """Write a file of random bytes, that nothing can compress."""
    with path.open("wb") as file:
        for _ in range(size // _BLOCK):
            file.write(os.urandom(_BLOCK))
        file.write(os.urandom(size % _BLOCK))
    os.chown(path, owner, -1)


def download(way: Way, blob: Path) -> float:
    """Return the MB/s of `ssh host cat FILE`, from its first bytes on."""
    size = blob.stat().st_size
    with way.start(f"cat {blob}", stdin=subprocess.DEVNULL) as client:
        source = handle(client.stdout)
        got = total = len(os.read(source, _BLOCK))
        start = time.perf_counter()
        while got:
            got = len(os.read(source, _BLOCK))
            total += got
        seconds = time.perf_counter() - start
    if total != size:
        raise NotWholeError(f"{way.name}: {total} of {size} bytes came down")
    return size / seconds / 1e6


def upload(way: Way, blob: Path) -> float:
    """Return the MB/s of `ssh host wc -c < FILE`, from the moment that it may begin."""
    size = blob.stat().st_size
    with way.start("printf start; wc -c") as client, blob.open("rb") as file:
        source, sink = handle(client.stdout), handle(client.stdin)
        if os.read(source, 64) != _START:
            raise NotWholeError(f"{way.name}: no login for an upload")
        start = time.perf_counter()
        while block := file.read(_BLOCK):
            _write_all(sink, block)
        if client.stdin is not None:
            client.stdin.close()
        said = os.read(source, 64)
        seconds = time.perf_counter() - start
    if not said or int(said) != size:
        raise NotWholeError(f"{way.name}: {said!r} of {size} bytes arrived")
    return size / seconds / 1e6


def _write_all(handle: int, block: bytes) -> None:
    view = memoryview(block)
    while view:
        view = view[os.write(handle, view) :]


def logins(way: Way, count: int) -> float:
    """Return the seconds until so many `ssh host true`, started at once, have all ended."""
    start = time.perf_counter()
    none = subprocess.DEVNULL
    clients = [way.start("true", stdin=none, stdout=none) for _ in range(count)]
    failed = sum(client.wait() != 0 for client in clients)
    if failed:
        raise NotWholeError(f"{way.name}: {failed} of {count} logins failed")
    return time.perf_counter() - start
