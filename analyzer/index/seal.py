"""A hash over all small values of an index: a cache that rots must not show a wrong screen.

SQLite notices damage to its structure, zlib to what is packed; a flipped bit in a plain number is
noticed here. Against somebody who forges a cache nothing here helps: who may write it may also read
the recording.
"""

from __future__ import annotations

import hashlib
import sqlite3

_QUESTIONS = (
    "SELECT key, value FROM index_about WHERE key != 'seal' ORDER BY key",
    "SELECT * FROM index_files ORDER BY name",
    "SELECT * FROM keyframes_terminals ORDER BY id",
    "SELECT terminal, step, place FROM keyframes ORDER BY terminal, step",
)


def seal(connection: sqlite3.Connection) -> str:
    """Return the hash of what the index says now; the caller holds a transaction.

    Raises:
        sqlite3.Error: It cannot be read.

    """
    digest = hashlib.sha256()
    for question in _QUESTIONS:
        for row in connection.execute(question):
            digest.update(repr(row).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
