"""Cards that nobody can read yet: encrypted to the key that only the home of `serve` holds.

age (age-encryption.org/v1) by pyrage: each home has an X25519 identity in ``<home>/keys/cards``; a
card is encrypted to the recipient that the team's `serve` has, and to the author's own home, where
that is another. What is sealed names its session, author and kind, so that it counts nowhere else,
and is padded, so that its length does not tell how much somebody had to say.

Whoever knows the recipient can seal. That something was opened by the home it is sealed to only
that home can say, by a stamp that is made with the identity.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

import pyrage

from recorder.errors import HomeError, JumpseatError, UsageError
from recorder.home import Home, private_file

BLOCK = 4096
"""Bytes that the length of what is sealed is a multiple of."""

_STAMP = b"jumpseat: opened cards\n"


class SealError(JumpseatError):
    """What is sealed cannot be opened here: it is for another key, or was altered."""


@dataclass(frozen=True, slots=True)
class CardKey:
    """A home's key, and whom cards that are written there are sealed to.

    Attributes:
        identity: Opens what was sealed to this home.
        recipients: age recipients (``age1...``): the team's, and this home's own.

    """

    identity: pyrage.x25519.Identity
    recipients: tuple[str, ...]

    @property
    def public(self) -> str:
        """The recipient of this home, for the settings of other homes."""
        return str(self.identity.to_public())

    @property
    def opens(self) -> bool:
        """Whether this home is the one that cards are opened on."""
        return self.recipients[0] == self.public


def load_card_key(home: Home, team: str | None = None) -> CardKey:
    """Read a home's key, making it at the first call.

    Args:
        home: The home.
        team: The recipient of the home that `serve` runs on; None where this is that home.

    Raises:
        HomeError: The key cannot be read, is damaged, or cannot be written.
        UsageError: ``team`` is no recipient.

    """
    fresh = f"{pyrage.x25519.Identity.generate()}\n".encode()
    text = private_file(home.card_key, fresh).decode("ascii", errors="replace").strip()
    try:
        identity = pyrage.x25519.Identity.from_str(text)
    except pyrage.IdentityError as error:
        raise HomeError(
            f"{home.card_key} is not an age identity",
            "restore it from a backup: cards that were sealed to it cannot be opened without it",
        ) from error
    own = str(identity.to_public())
    if team is None:
        return CardKey(identity, (own,))
    _recipient(team)
    return CardKey(identity, tuple(dict.fromkeys((team, own))))


def seal(key: CardKey, content: dict[str, Any]) -> bytes:
    """Encrypt something that JSON can hold.

    Raises:
        UsageError: A recipient is none.

    """
    text = json.dumps(content, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")
    # JSON may end in blanks.
    padded = text + b" " * (-len(text) % BLOCK)
    return bytes(pyrage.encrypt(padded, [_recipient(each) for each in key.recipients]))


def unseal(key: CardKey, sealed: bytes) -> dict[str, Any]:
    """Decrypt what `seal` made.

    Raises:
        SealError: It is sealed to another key, or was altered.

    """
    try:
        content = json.loads(pyrage.decrypt(sealed, [key.identity]))
    except (pyrage.DecryptError, ValueError, RecursionError) as error:
        raise SealError(
            "a card cannot be opened here: it was sealed to another key, or altered",
            "it opens where `jumpseat serve` has its home",
        ) from error
    if not isinstance(content, dict):
        raise SealError("a sealed card holds something else", "was the database altered?")
    return content


def stamp(key: CardKey, sealed: bytes) -> str:
    """Return what says that this home has opened what is sealed; no other can make it."""
    secret = hashlib.sha256(_STAMP + str(key.identity).encode("ascii")).digest()
    return hmac.new(secret, sealed, hashlib.sha256).hexdigest()


def _recipient(text: str) -> pyrage.x25519.Recipient:
    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise UsageError(
            f"{text!r} is no key that cards can be sealed to",
            "`jumpseat card key` on the machine of `serve` prints it (age1...)",
        ) from error
