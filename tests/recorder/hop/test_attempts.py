"""What is told of a candidate's key, whatever they call a key."""

from __future__ import annotations

import asyncssh
import pytest
from asyncssh.packet import MPInt, String
from hypothesis import example, given
from hypothesis import strategies as st

from recorder.hop.attempts import fingerprint, public_key

KEY = asyncssh.generate_private_key("ssh-ed25519")
ALGORITHMS = [
    b"ssh-ed25519", b"ssh-ed448", b"ssh-rsa", b"ssh-dss", b"ecdsa-sha2-nistp256",
    b"ecdsa-sha2-nistp521", b"sk-ssh-ed25519@openssh.com", b"sk-ecdsa-sha2-nistp256@openssh.com",
    b"ssh-ed25519-cert-v01@openssh.com", b"ssh-rsa-cert-v01@openssh.com", b"x509v3-ssh-rsa",
    b"x509v3-ecdsa-sha2-nistp256", b"unknown",
]  # fmt: skip
parts = st.lists(
    st.one_of(
        st.binary(max_size=70).map(String),
        st.integers(-(2**70), 2**70).map(MPInt),
        st.sampled_from([b"nistp256", b"nistp521", b"ssh:"]).map(String),
        st.binary(max_size=12),
    ),
    max_size=6,
).map(b"".join)


@given(st.sampled_from(ALGORITHMS), parts)
@example(b"ssh-rsa", MPInt(65_537) + MPInt(-128))
@example(b"ssh-rsa-cert-v01@openssh.com", String(b"") + MPInt(65_537) + MPInt(-128))
def test_any_blob_has_a_fingerprint(algorithm: bytes, rest: bytes) -> None:
    for blob in (String(algorithm) + rest, rest):
        public_key(blob)
        assert fingerprint(blob).startswith(("SHA256:", "MD5:"))


@given(st.integers(0, 2**31), st.integers(1, 255))
def test_a_key_that_was_changed_has_another_fingerprint(place: int, change: int) -> None:
    blob = bytearray(KEY.public_data)
    blob[place % len(blob)] ^= change
    assert fingerprint(bytes(blob)) != fingerprint(KEY.public_data)


def test_a_certificate_is_known_by_its_key() -> None:
    authority = asyncssh.generate_private_key("ssh-ed25519")
    certificate = authority.generate_user_certificate(KEY, "name")
    assert fingerprint(certificate.public_data) == KEY.get_fingerprint()
    known = public_key(certificate.public_data)
    assert known is not None
    assert known.public_data == KEY.public_data


@pytest.mark.parametrize("end", range(0, len(KEY.public_data), 7))
def test_a_key_that_is_cut_short_is_none(end: int) -> None:
    assert public_key(KEY.public_data[:end]) is None
