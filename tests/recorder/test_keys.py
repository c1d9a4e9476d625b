"""The hop's keys are made once, are its owner's alone, and are what stock OpenSSH reads."""

from __future__ import annotations

import errno
import os
import subprocess
from pathlib import Path

import pytest

from recorder.errors import HomeError
from recorder.home import Home
from recorder.keys import load_management_key


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").ensure()


def test_the_management_key_stays_the_same_and_is_private(home: Home) -> None:
    first = load_management_key(home)
    assert load_management_key(home).public_data == first.public_data
    path = home.keys / "management"
    assert path.stat().st_mode & 0o777 == 0o600
    assert sorted(each.name for each in home.keys.iterdir()) == ["management", "management.pub"]


def test_openssh_reads_the_management_key(home: Home) -> None:
    key = load_management_key(home)
    told = subprocess.run(
        ["ssh-keygen", "-y", "-f", str(home.keys / "management")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    kind, public = told.stdout.split()[:2]
    assert kind == "ssh-ed25519"
    assert f"{kind} {public} management\n" == key.export_public_key().decode()
    assert (home.keys / "management.pub").read_bytes() == key.export_public_key()


def test_a_damaged_management_key_is_named(home: Home) -> None:
    (home.keys / "management").write_text("not a key\n")
    with pytest.raises(HomeError, match="management is not a private key"):
        load_management_key(home)


def test_a_full_disk_leaves_no_half_of_a_key(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(HomeError, match="No space left"):
            load_management_key(home)
    assert list(home.keys.iterdir()) == []
    assert load_management_key(home) == load_management_key(home)
