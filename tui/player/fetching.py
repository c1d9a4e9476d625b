"""Fetches asciinema-player by its pinned hash, with npm as it is configured on the machine.

Stands alone, without any other module of ours: building the wheel runs it before there is a
program. The one place that names the version.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

NAME = "asciinema-player"
VERSION = "3.17.0"
INTEGRITY = (
    "sha512-JbjNJmA2TLIeYNaOEja+kVSzXadKoqpIzVVmfBGNj2Dm"
    "dtE/vExBCnkE8NYEcpaQcDvUYg8Ltt0urT80frACmw=="
)
"""As package-lock.json would pin it."""

DIRECTORY = ".player"
"""At the top of a checkout; git knows nothing of it."""

SCRIPT = "asciinema-player.min.js"
STYLE = "asciinema-player.css"
LICENCE = "LICENSE"

_PATIENCE = 300
"""Seconds for npm."""


class PlayerError(Exception):
    """The player could not be fetched, or is not what was pinned."""


def bundle_in(checkout: Path) -> Path:
    """Return where a checkout has the player's scripts, fetched or not."""
    return checkout / DIRECTORY / "package" / "dist" / "bundle"


def licence_in(checkout: Path) -> Path:
    """Return where a checkout has the player's licence, fetched or not."""
    return checkout / DIRECTORY / "package" / LICENCE


def is_fetched(checkout: Path) -> bool:
    """Return whether a checkout has the version that is pinned."""
    return _stamp(checkout).exists()


def fetch(checkout: Path) -> None:
    """Fetch the player into a checkout, unless it is there.

    Raises:
        PlayerError: npm is missing or failed, or what came is not what was pinned.

    """
    if is_fetched(checkout):
        return
    npm = shutil.which("npm")
    if npm is None:
        raise PlayerError(f"fetching {NAME} needs npm: install it")
    place = checkout / DIRECTORY
    with tempfile.TemporaryDirectory() as scratch:
        package = _packed(npm, Path(scratch))
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        with tarfile.open(package) as archive:
            archive.extractall(place, filter="data")
    _stamp(checkout).touch()


def _stamp(checkout: Path) -> Path:
    return checkout / DIRECTORY / f"{NAME}@{VERSION}"


def _packed(npm: str, scratch: Path) -> Path:
    """Have npm fetch the package, and return it if it is what was pinned."""
    asked = f"{NAME}@{VERSION}"
    try:
        done = subprocess.run(
            [npm, "pack", "--silent", "--pack-destination", str(scratch), asked],
            cwd=scratch, capture_output=True, text=True, timeout=_PATIENCE, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PlayerError(f"npm could not fetch {asked}: {error}") from error
    packages = list(scratch.glob("*.tgz"))
    if done.returncode or len(packages) != 1:
        raise PlayerError(
            f"npm could not fetch {asked}: {done.stderr.strip() or 'no reason given'}"
        )
    digest = base64.b64encode(hashlib.sha512(packages[0].read_bytes()).digest()).decode()
    if f"sha512-{digest}" != INTEGRITY:
        raise PlayerError(f"{asked} is not what was pinned: sha512-{digest}")
    return packages[0]


def main() -> int:
    """Fetch it for the checkout that this file is in; `make player`."""
    checkout = Path(__file__).resolve().parents[2]
    try:
        fetch(checkout)
    except PlayerError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stderr.write(f"{bundle_in(checkout)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
