"""Fetches asciinema-player, by its pinned hash, for the tests that play our casts in a browser.

`make player` runs it: tests themselves use no network. npm fetches as it is configured on the
machine.
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

PACKAGE = "asciinema-player@3.17.0"
INTEGRITY = (
    "sha512-JbjNJmA2TLIeYNaOEja+kVSzXadKoqpIzVVmfBGNj2Dm"
    "dtE/vExBCnkE8NYEcpaQcDvUYg8Ltt0urT80frACmw=="
)
"""As package-lock.json would pin it."""

PLACE = Path(__file__).parents[2] / ".player"
BUNDLE = PLACE / "package" / "dist" / "bundle"
_STAMP = PLACE / PACKAGE


def fetch() -> None:
    """Fetch the player into `PLACE`, if it is not there.

    Raises:
        SystemExit: npm is missing or failed, or what came is not what was pinned.

    """
    if _STAMP.exists():
        return
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("fetching asciinema-player needs npm: install it")
    shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir()
    with tempfile.TemporaryDirectory() as scratch:
        done = subprocess.run(
            [npm, "pack", "--silent", "--pack-destination", scratch, PACKAGE],
            cwd=scratch, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        if done.returncode:
            raise SystemExit(f"npm could not fetch {PACKAGE}: {done.stderr.strip()}")
        [package] = Path(scratch).glob("*.tgz")
        digest = base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode()
        if f"sha512-{digest}" != INTEGRITY:
            raise SystemExit(f"{PACKAGE} is not what was pinned: sha512-{digest}")
        with tarfile.open(package) as archive:
            archive.extractall(PLACE, filter="data")
    _STAMP.touch()


if __name__ == "__main__":
    fetch()
    print(BUNDLE, file=sys.stderr)  # noqa: T201 - a command
