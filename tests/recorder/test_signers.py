"""Who signed is told as `ssh-keygen -Y verify` tells it, whatever the signature file holds."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import asyncssh
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.errors import HomeError
from recorder.home import Home
from recorder.keys import Keys, load_keys
from recorder.signers import Signers, allow_signer, read_signers

MESSAGE = b'{"format": 1}\n'


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").ensure()


@pytest.fixture
def keys(home: Home) -> Keys:
    return load_keys(home)


def agrees(home: Home, message: bytes, signature: bytes, scratch: Path) -> bool:
    """Return what stock ssh-keygen says."""
    (scratch / "sig").write_bytes(signature)
    done = subprocess.run(
        ["ssh-keygen", "-Y", "verify", "-f", str(home.allowed_signers), "-I", "recorder",
         "-n", "jumpseat", "-s", str(scratch / "sig")],
        input=message, capture_output=True, check=False,
    )  # fmt: skip
    return done.returncode == 0


needs_openssh = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed"
)


@needs_openssh
def test_every_judgement_is_that_of_ssh_keygen(home: Home, keys: Keys, tmp_path: Path) -> None:
    stranger = asyncssh.generate_private_key("ssh-ed25519")
    good = keys.sign(MESSAGE)
    cases = {
        "good": good,
        "wrong": keys.sign(MESSAGE + b" "),
        "unknown": asyncssh.create_sshsig(stranger, MESSAGE, namespace="jumpseat"),
        "damaged": good.replace(b"U1NI", b"U1NJ", 1),
    }
    signers = read_signers(home.allowed_signers)
    for state, signature in cases.items():
        assert signers.check(MESSAGE, signature).state == state
        assert agrees(home, MESSAGE, signature, tmp_path) == (state == "good"), state


@needs_openssh
def test_a_signature_for_another_purpose_does_not_count(
    home: Home, keys: Keys, tmp_path: Path
) -> None:
    # Without `namespaces` in the list, only the caller's own question keeps purposes apart.
    key = keys.signing.export_public_key().decode()
    home.allowed_signers.write_text(f"recorder {key}")
    signature = asyncssh.create_sshsig(keys.signing, MESSAGE, namespace="file")
    assert read_signers(home.allowed_signers).check(MESSAGE, signature).state == "wrong"
    assert not agrees(home, MESSAGE, signature, tmp_path)


def test_the_signer_is_named_by_the_fingerprint_that_openssh_shows(home: Home, keys: Keys) -> None:
    check = read_signers(home.allowed_signers).check(MESSAGE, keys.sign(MESSAGE))
    assert check.signer == keys.signing.get_fingerprint()


def test_every_flipped_byte_of_a_signature_is_found(home: Home, keys: Keys) -> None:
    signers = read_signers(home.allowed_signers)
    good = keys.sign(MESSAGE)
    for place in range(len(good)):
        for bit in (1, 0x20, 0x80):
            flipped = good[:place] + bytes([good[place] ^ bit]) + good[place + 1 :]
            assert signers.check(MESSAGE, flipped).state != "good", (place, bit)


@pytest.mark.parametrize("text", ["", "# nobody\n", "recorder ssh-ed25519\n", "nonsense\n"])
def test_a_list_without_keys_allows_nobody(keys: Keys, text: str) -> None:
    assert Signers(text).check(MESSAGE, keys.sign(MESSAGE)).state == "unknown"


@given(signature=st.binary(max_size=400))
def test_what_is_no_signature_is_damaged(signature: bytes) -> None:
    assert Signers("").check(MESSAGE, signature).state == "damaged"


def test_a_list_that_is_not_there_allows_nobody(tmp_path: Path) -> None:
    assert read_signers(tmp_path / "none").text == ""
    (tmp_path / "bad").write_bytes(b"\xff\xfe")
    with pytest.raises(HomeError):
        read_signers(tmp_path / "bad")


def test_a_key_is_added_to_the_list_once(home: Home, keys: Keys, tmp_path: Path) -> None:
    other = load_keys(Home(tmp_path / "other").ensure())
    signature = other.sign(MESSAGE)
    allow_signer(home, signature)
    allow_signer(home, signature)
    signers = read_signers(home.allowed_signers)
    assert len(signers.text.splitlines()) == 2
    assert signers.check(MESSAGE, signature).state == "good"
    assert signers.check(MESSAGE, keys.sign(MESSAGE)).state == "good"
    assert home.allowed_signers.stat().st_mode & 0o777 == 0o600


def test_a_key_behind_a_line_without_its_end_spoils_neither(
    home: Home, keys: Keys, tmp_path: Path
) -> None:
    home.allowed_signers.write_text(home.allowed_signers.read_text().rstrip("\n"))
    signature = load_keys(Home(tmp_path / "other").ensure()).sign(MESSAGE)
    allow_signer(home, signature)
    signers = read_signers(home.allowed_signers)
    assert signers.check(MESSAGE, signature).state == "good"
    assert signers.check(MESSAGE, keys.sign(MESSAGE)).state == "good"
