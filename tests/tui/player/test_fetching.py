"""The player is what was pinned, or there is none."""

from __future__ import annotations

import base64
import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from tui.player import fetching
from tui.player.fetching import PlayerError, bundle_in, fetch, is_fetched, licence_in


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program called npm that packs what lies beside it, and notes that it ran."""
    place = tmp_path / "bin"
    place.mkdir()
    script = place / "npm"
    script.write_text(
        "#!/bin/sh\n"
        f'echo "$@" >> {place}/ran\n'
        f"test -f {place}/package.tgz || {{ echo no network >&2; exit 1; }}\n"
        # npm pack --silent --pack-destination DIR NAME
        f'cp {place}/package.tgz "$4/package.tgz"\n'
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{place}:/usr/bin:/bin")
    return place


def packed(place: Path) -> Path:
    path = place / "package.tgz"
    with tarfile.open(path, "w:gz") as archive:
        for name, text in (
            ("package/LICENSE", b"a licence"),
            ("package/dist/bundle/asciinema-player.min.js", b"var a;"),
            ("package/dist/bundle/asciinema-player.css", b"p {}"),
        ):
            member = tarfile.TarInfo(name)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text))
    return path


def pin(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:

    digest = base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()
    monkeypatch.setattr(fetching, "INTEGRITY", f"sha512-{digest}")


def test_what_is_pinned_is_unpacked_once(
    npm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pin(monkeypatch, packed(npm))
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    fetch(checkout)
    fetch(checkout)
    assert is_fetched(checkout)
    assert (bundle_in(checkout) / fetching.SCRIPT).read_bytes() == b"var a;"
    assert licence_in(checkout).read_bytes() == b"a licence"
    assert len((npm / "ran").read_text().splitlines()) == 1


def test_what_is_not_pinned_is_refused_and_leaves_nothing(npm: Path, tmp_path: Path) -> None:
    packed(npm)
    with pytest.raises(PlayerError, match="is not what was pinned: sha512-"):
        fetch(tmp_path)
    assert not (tmp_path / fetching.DIRECTORY).exists()
    assert not is_fetched(tmp_path)


def test_a_failing_npm_is_quoted(npm: Path, tmp_path: Path) -> None:
    with pytest.raises(PlayerError, match=r"could not fetch asciinema-player@.*no network"):
        fetch(tmp_path)


def test_without_npm_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PlayerError, match="needs npm: install it"):
        fetch(tmp_path)


def test_no_registry_is_named(root: Path) -> None:
    for path in (root / "tui" / "player").glob("*.py"):
        assert "://" not in path.read_text(), path
