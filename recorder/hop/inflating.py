"""Unpacks what a candidate's client has compressed, and no more of it than a packet may hold.

asyncssh unpacks a packet whatever it comes to: a thousand times its size, which would all be
relayed and recorded. Only the bound is ours; whether packets are compressed is the client's wish.
"""

from __future__ import annotations

import zlib

UNPACKED_LIMIT = 1 << 20
"""Bytes that one packet may come to; no end announces that it takes half as many."""


class BoundedInflate:
    """The stream of one direction of a connection, from its keys to the next ones (RFC 4253, 6.2).

    Stands in for asyncssh's own ``Decompressor``.
    """

    def __init__(self) -> None:
        self._stream = zlib.decompressobj()

    def decompress(self, data: bytes) -> bytes | None:
        """Return a packet's payload, None where it is damaged or too large; the connection ends."""
        try:
            found = self._stream.decompress(data, UNPACKED_LIMIT)
        except zlib.error:
            return None
        return None if self._stream.unconsumed_tail else found
