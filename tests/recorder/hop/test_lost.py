"""What the target's last words mean: a refusal, or a connection that was damaged."""

from __future__ import annotations

import asyncssh
import pytest
from asyncssh.constants import (
    DISC_COMPRESSION_ERROR,
    DISC_KEY_EXCHANGE_FAILED,
    DISC_MAC_ERROR,
    DISC_NO_MORE_AUTH_METHODS_AVAILABLE,
    DISC_PROTOCOL_ERROR,
)

from recorder.hop.lost import by_its_words


@pytest.mark.parametrize(
    ("code", "words", "cause"),
    [
        (DISC_PROTOCOL_ERROR, "Too many authentication failures", "refused"),
        (DISC_NO_MORE_AUTH_METHODS_AVAILABLE, "No more authentication methods", "refused"),
        (DISC_PROTOCOL_ERROR, "Packet corrupt", "unreachable"),
        (DISC_PROTOCOL_ERROR, "Corrupted padlen 3 on input.", "unreachable"),
        (DISC_MAC_ERROR, "bad MAC", "unreachable"),
        (DISC_COMPRESSION_ERROR, "cannot be unpacked", "unreachable"),
        (DISC_KEY_EXCHANGE_FAILED, "no common algorithm", "unreachable"),
    ],
)
def test_only_words_about_the_login_are_a_refusal(code: int, words: str, cause: str) -> None:
    error = asyncssh.DisconnectError(code, words)
    lost = by_its_words(error)
    assert (lost.cause, lost.detail, lost.farewell) == (cause, words, error)
