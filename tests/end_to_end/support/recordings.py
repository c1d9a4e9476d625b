"""What a test may know of a recording: its documented files, read with nothing of ours.

The product's own reader is not used here, so that it cannot hide what its writer did wrong.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tests.end_to_end.support.waiting import wait_for

Line = dict[str, Any]


def journal(session: Path, event: str | None = None) -> list[Line]:
    """Return the complete lines of ``session.jsonl``, all or those of one event."""
    data = (session / "session.jsonl").read_bytes()
    lines = [json.loads(line) for line in data.split(b"\n")[:-1]]
    return [line for line in lines if event in (None, line["event"])]


def await_event(session: Path, event: str, *, timeout: float = 40, **fields: object) -> Line:
    """Return the first line of an event with these fields, waiting for it."""

    def look() -> Line | None:
        for line in journal(session, event):
            if all(line.get(name) == value for name, value in fields.items()):
                return line
        return None

    what = f"{event} with {fields} in the journal"
    text = (session / "session.jsonl").read_text
    return wait_for(look, what, timeout=timeout, detail=text)


def cast_events(cast: Path) -> Iterator[tuple[float, str, str]]:
    """Yield (seconds since the cast's start, code, data) of an asciicast v3."""
    elapsed = 0.0
    for line in cast.read_text().splitlines()[1:]:
        if line and not line.startswith("#"):
            interval, code, data = json.loads(line)
            elapsed += interval
            yield elapsed, code, data


def text_of(cast: Path, code: str) -> str:
    """Return all data of one code, joined: "o" for what was shown, "i" for what was sent."""
    return "".join(data for _, each, data in cast_events(cast) if each == code)


def verify(home: Path, session: Path) -> None:
    """Check a recording as an outsider would: stock ssh-keygen, then each file's hash."""
    with (session / "manifest.json").open("rb") as manifest:
        done = subprocess.run(
            ["ssh-keygen", "-Y", "verify", "-f", str(home / "keys" / "allowed_signers"),
             "-I", "recorder", "-n", "jumpseat", "-s", str(session / "manifest.json.sig")],
            stdin=manifest, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr + done.stdout
    files = json.loads((session / "manifest.json").read_text())["files"]
    present = {path.name for path in session.iterdir()} - {"manifest.json", "manifest.json.sig"}
    assert set(files) == present
    for name, entry in files.items():
        data = (session / name).read_bytes()
        assert entry["size"] == len(data), name
        assert entry["sha256"] == hashlib.sha256(data).hexdigest(), name


SHORTEST_PREFIX = 4
"""Characters of a secret that give it away."""


def new_secret() -> str:
    """Return a password whose very first characters occur nowhere by chance."""
    # A per cent sign and a plus are in no word, hexadecimal digest, key or base64 of another thing.
    return f"%{secrets.token_hex(1)}+{secrets.token_hex(5)}-Wx"


def traces_of(secret: str, *places: Path) -> list[str]:
    """Return where a secret, its beginning, or a plain disguise of it is found below ``places``."""
    needles = _disguises(secret)
    found = []
    for path in _files(places):
        data = path.read_bytes()
        if path.suffix == ".cast":
            # A secret that was recorded key by key stands in no line of the file.
            data += (text_of(path, "i") + "\0" + text_of(path, "o")).encode()
        found += [f"{path.name}: {how}" for how, what in needles.items() if what in data]
    return found


def _files(places: Iterable[Path]) -> Iterator[Path]:
    for place in places:
        yield from (path for path in [place, *place.rglob("*")] if path.is_file())


def _disguises(secret: str) -> dict[str, bytes]:
    plain = secret.encode()
    needles = {
        "reversed": plain[::-1],
        "utf-16": secret.encode("utf-16-le"),
        "hexadecimal": plain.hex().encode(),
    }
    for end in range(SHORTEST_PREFIX, len(plain) + 1):
        needles[f"first {end}"] = plain[:end]
    for shift in range(3):
        # Where the secret starts inside a group of three bytes decides how base64 spells it; the
        # groups that it shares with its neighbours are left out.
        encoded = base64.b64encode(b"\0" * shift + plain)
        needles[f"base64 at {shift}"] = encoded[4 if shift else 0 : len(encoded) // 4 * 4 - 4]
    return needles
