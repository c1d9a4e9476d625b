"""What may be told of a typed secret: how long it was, and whether it was the same again.

The text lives here only until its line ends, and leaves as a keyed fingerprint. The key is made
with a session and dies with its process: nobody can try passwords against a recording.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Literal

_KEY_BYTES = 32
_SHOWN = 16
"""Hexadecimal digits of a fingerprint that are told: enough to tell a session's secrets apart."""

_ERASE, _WORD, _LINE = {"\x7f", "\b"}, "\x17", "\x15"


class Fingerprints:
    """Tells whether two secrets of one session were the same, and nothing else."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(_KEY_BYTES)

    def of(self, text: str) -> str:
        """Return the fingerprint of a secret: 16 hexadecimal digits of its HMAC-SHA-256."""
        return hmac.new(self._key, text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[
            :_SHOWN
        ]


class SecretLine:
    """Follows what leaves the masker, line by line."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._shown = False

    def add(self, kind: Literal["text", "control", "end"], text: str, *, masked: bool) -> list[str]:
        """Take one piece in its order; return the secret that Enter ended, if it did.

        A line of which any character was shown is no secret, nor one that was given up (Ctrl-C).
        """
        if kind == "text":
            self._shown = self._shown or not masked
            if masked:
                self._text += text
        elif kind == "control":
            self._edit(text)
        else:
            secret = "".join(self._text)
            entered = text[:1] in {"\r", "\n"} and not self._shown
            self._text, self._shown = [], False
            return [secret] if entered and secret else []
        return []

    def _edit(self, key: str) -> None:
        if key in _ERASE:
            del self._text[-1:]
        elif key == _LINE:
            self._text.clear()
        elif key == _WORD:
            while self._text and self._text[-1] == " ":
                self._text.pop()
            while self._text and self._text[-1] != " ":
                self._text.pop()
