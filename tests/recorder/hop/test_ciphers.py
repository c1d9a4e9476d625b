"""The cheaper chacha20-poly1305 is the one that asyncssh speaks, byte for byte."""

from __future__ import annotations

from asyncssh.crypto.chacha import ChachaCipher
from hypothesis import given
from hypothesis import strategies as st

from recorder.hop.ciphers import ReusedChacha

KEY = st.binary(min_size=64, max_size=64)
NONCE = st.binary(min_size=8, max_size=8)
LENGTH = st.binary(min_size=4, max_size=4)
PACKETS = st.lists(st.tuples(LENGTH, st.binary(max_size=300), NONCE), min_size=1, max_size=5)


@given(KEY, PACKETS)
def test_packets_are_encrypted_as_by_the_library(
    key: bytes, packets: list[tuple[bytes, bytes, bytes]]
) -> None:
    ours, theirs = ReusedChacha(key), ChachaCipher(key)
    for header, data, nonce in packets:
        assert ours.encrypt_and_sign(header, data, nonce) == theirs.encrypt_and_sign(
            header, data, nonce
        )


@given(KEY, PACKETS)
def test_packets_come_back_as_they_were(
    key: bytes, packets: list[tuple[bytes, bytes, bytes]]
) -> None:
    sender, receiver = ChachaCipher(key), ReusedChacha(key)
    for header, data, nonce in packets:
        sent, tag = sender.encrypt_and_sign(header, data, nonce)
        assert receiver.decrypt_header(sent[:4], nonce) == header
        assert receiver.verify_and_decrypt(sent[:4], sent[4:], nonce, tag) == data


@given(KEY, LENGTH, st.binary(min_size=1, max_size=300), NONCE, st.data())
def test_a_changed_packet_is_not_taken(
    key: bytes, header: bytes, data: bytes, nonce: bytes, more: st.DataObject
) -> None:
    sent, tag = ReusedChacha(key).encrypt_and_sign(header, data, nonce)
    whole = bytearray(sent + tag)
    whole[more.draw(st.integers(0, len(whole) - 1))] ^= more.draw(st.integers(1, 255))
    changed, mark = bytes(whole[: len(sent)]), bytes(whole[len(sent) :])
    assert ReusedChacha(key).verify_and_decrypt(changed[:4], changed[4:], nonce, mark) is None
