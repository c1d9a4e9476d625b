"""What was compressed is unpacked as it was, and never to more than a packet may hold."""

from __future__ import annotations

import zlib

from hypothesis import given
from hypothesis import strategies as st

from recorder.hop.inflating import UNPACKED_LIMIT, BoundedInflate


def packed(pieces: list[bytes]) -> list[bytes]:
    """Return packets as a client packs them: one stream, flushed behind each."""
    stream = zlib.compressobj()
    return [stream.compress(each) + stream.flush(zlib.Z_SYNC_FLUSH) for each in pieces]


@given(st.lists(st.binary(max_size=200), max_size=8))
def test_packets_come_out_as_they_went_in(pieces: list[bytes]) -> None:
    inflate = BoundedInflate()
    assert [inflate.decompress(each) for each in packed(pieces)] == pieces


def test_the_largest_packet_comes_out_whole_and_a_larger_one_not_at_all() -> None:
    whole, larger = packed([bytes(UNPACKED_LIMIT)]), packed([bytes(UNPACKED_LIMIT + 1)])
    assert BoundedInflate().decompress(whole[0]) == bytes(UNPACKED_LIMIT)
    assert BoundedInflate().decompress(larger[0]) is None


@given(st.binary(max_size=100))
def test_noise_is_refused_and_no_error(noise: bytes) -> None:
    inflate = BoundedInflate()
    found = inflate.decompress(noise)
    assert found is None or isinstance(found, bytes)
