"""Pinned host keys: found again, replaced only where a person said so, never half written."""

from __future__ import annotations

from pathlib import Path

import asyncssh
import pytest

from recorder.errors import HomeError
from recorder.home import Home
from recorder.hop.hostkeys import PinnedKeys


def _key() -> asyncssh.SSHKey:
    return asyncssh.generate_private_key("ssh-ed25519").convert_to_public()


@pytest.fixture
def pinned(tmp_path: Path) -> PinnedKeys:
    return PinnedKeys(Home(tmp_path / "home").ensure())


def test_repinning_replaces_one_target_and_keeps_the_others(pinned: PinnedKeys) -> None:
    old, new, other = _key(), _key(), _key()
    pinned.pin("web01:22", old)
    pinned.pin("web01:2222", other)
    assert pinned.repin("web01:22", new) == old
    assert pinned.lookup("web01:22") == new
    assert pinned.lookup("web01:2222") == other
    assert pinned.path.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in pinned.path.parent.iterdir()] == [pinned.path.name]


def test_a_key_pinned_behind_a_line_without_its_end_spoils_neither(pinned: PinnedKeys) -> None:
    old, new = _key(), _key()
    pinned.pin("web01:22", old)
    pinned.path.write_text(pinned.path.read_text().rstrip("\n"))
    pinned.pin("web02:22", new)
    assert (pinned.lookup("web01:22"), pinned.lookup("web02:22")) == (old, new)


def test_repinning_a_target_that_was_never_seen_pins_it(pinned: PinnedKeys) -> None:
    key = _key()
    assert pinned.repin("web01:22", key) is None
    assert pinned.lookup("web01:22") == key


def test_repinning_mends_a_damaged_line(pinned: PinnedKeys) -> None:
    pinned.path.write_text("web01:22 ssh-ed25519 nonsense\n")
    key = _key()
    assert pinned.repin("web01:22", key) is None
    assert pinned.lookup("web01:22") == key


def test_a_file_that_is_no_text_is_left_alone(pinned: PinnedKeys) -> None:
    pinned.path.write_bytes(b"\xff\xfe")
    with pytest.raises(HomeError):
        pinned.repin("web01:22", _key())
    assert pinned.path.read_bytes() == b"\xff\xfe"
