"""A login's packets are handed on byte by byte, and a proof is only what the key has signed."""

from __future__ import annotations

import asyncssh
import pytest
from asyncssh.packet import SSHPacket, String
from hypothesis import given
from hypothesis import strategies as st

from recorder.hop import userauth
from recorder.hop.wire import CandidateWire, TargetWire

SESSION_ID = b"session's id"
KINDS = ["ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa"]
KEYS = [
    asyncssh.generate_private_key(kind, **({"key_size": 1024} if kind == "ssh-rsa" else {}))
    for kind in KINDS
]
noise = st.binary(max_size=80)


class Said:
    """Takes what the target says."""

    def __init__(self) -> None:
        self.replies: list[bytes] = []
        self.banners: list[bytes] = []

    def asked(self) -> None:
        """Not looked at."""

    def replied(self, payload: bytes) -> None:
        self.replies.append(payload)

    def bannered(self, payload: bytes) -> None:
        self.banners.append(payload)


def known(key: asyncssh.SSHKey) -> asyncssh.SSHKey:
    """Return what the hop has of a candidate's key."""
    return asyncssh.import_public_key(key.export_public_key())


def candidate() -> CandidateWire:
    # All that a proof is checked against; a connection would bring a session id of its own.
    wire = object.__new__(CandidateWire)
    wire._session_id = SESSION_ID
    return wire


def offer(key: asyncssh.SSHKey, algorithm: bytes) -> bytes:
    return userauth.key_request(b"candidate", algorithm, key.public_data, signed=True)


def proof(part: bytes, signature: bytes) -> userauth.Key:
    body = userauth.parse_request(part + String(signature)).body
    assert isinstance(body, userauth.Key)
    return body


@given(noise)
def test_what_the_target_says_is_handed_on_as_it_came(words: bytes) -> None:
    wire = object.__new__(TargetWire)
    wire._login = said = Said()
    refusal, banner = bytes([userauth.FAILURE]) + words, bytes([userauth.BANNER]) + words
    for payload in (refusal, banner):
        wire.process_packet(payload[0], 0, SSHPacket(payload))
    assert (said.replies, said.banners) == ([refusal], [banner])


@pytest.mark.parametrize("key", KEYS, ids=KINDS)
def test_a_proof_is_for_one_key_one_request_and_one_connection(key: asyncssh.SSHKey) -> None:
    algorithm = key.sig_algorithms[0]
    part = offer(key, algorithm)
    signature = key.sign(String(SESSION_ID) + part, algorithm)
    wire = candidate()
    shown = known(key)
    assert wire.verifies(shown, proof(part, signature))
    assert not wire.verifies(shown, proof(part.replace(b"candidate", b"candidatf"), signature))
    for other in KEYS:
        assert wire.verifies(known(other), proof(part, signature)) == (other is key)
    wire._session_id = b"another"
    assert not wire.verifies(shown, proof(part, signature))


@given(st.sampled_from(KEYS), noise)
def test_noise_proves_nothing(key: asyncssh.SSHKey, words: bytes) -> None:
    algorithm = key.sig_algorithms[0]
    part = offer(key, algorithm)
    for signature in (words, String(algorithm) + words, String(algorithm) + String(words)):
        assert not candidate().verifies(known(key), proof(part, signature))


@given(st.sampled_from(KEYS), st.integers(0, 2**16), st.integers(1, 255))
def test_a_signature_that_was_changed_proves_nothing(
    key: asyncssh.SSHKey, place: int, change: int
) -> None:
    algorithm = key.sig_algorithms[0]
    part = offer(key, algorithm)
    signature = bytearray(key.sign(String(SESSION_ID) + part, algorithm))
    signature[place % len(signature)] ^= change
    assert not candidate().verifies(known(key), proof(part, bytes(signature)))
