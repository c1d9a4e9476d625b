"""Bytes packed for the index, and back, checked: zlib's sum tells what was damaged."""

from __future__ import annotations

import zlib

from analyzer.index.file import UnusableIndexError


def pack(data: bytes) -> bytes:
    """Return the bytes, smaller; quickly rather than as small as can be."""
    return zlib.compress(data, 1)


def unpack(packed: object, most: int) -> bytes:
    """Return what was packed, at most so many bytes.

    Raises:
        UnusableIndexError: It is damaged, or longer.

    """
    if not isinstance(packed, bytes):
        raise UnusableIndexError("something packed is no bytes")
    worker = zlib.decompressobj()
    try:
        data = worker.decompress(packed, most)
    except zlib.error as error:
        raise UnusableIndexError(f"something packed is damaged ({error})") from error
    if not worker.eof:
        raise UnusableIndexError("something packed is cut off, or too long")
    return data
