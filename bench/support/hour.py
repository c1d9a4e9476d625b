"""An hour of a session, made up but laid out as the recorder does: 5 MB of output of mixed kinds.

Two terminals, 120x40 and 200x50, both resized on the way: somebody types, reads logs and listings,
edits in a full-screen program, waits for progress bars. The same seed gives the same bytes.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

from recorder.recording.cast import CastEncoder, CastEvent, CastHeader, encode_header
from recorder.recording.journal import (
    JOURNAL_NAME,
    ChannelClosed,
    ChannelOpened,
    ConnectionOpened,
    PtyRequest,
    SessionClosed,
    SessionOpened,
    encode_entry,
)

SECONDS = 3600.0
SIZES = ((120, 40), (200, 50))

Kind = Callable[[random.Random], bytes]


def write_hour(directory: Path, kinds: tuple[Kind, ...], *, size: int, seed: int = 1) -> None:
    """Write a finished recording of ``size`` bytes of output in all."""
    directory.mkdir(parents=True)
    source = random.Random(seed)
    opened = SessionOpened(
        t=0,
        program="bench",
        session=directory.name,
        started="2026-01-01T00:00:00Z",
        monotonic=-1e6,
        boot="none",
        target="web01:22",
    )
    connection = ConnectionOpened(t=0.5, connection=1, peer="192.0.2.1")
    lines = [encode_entry(opened), encode_entry(connection)]
    for channel, (columns, rows) in enumerate(SIZES, 1):
        name = f"c1-{channel}.cast"
        lines.append(encode_entry(_opened(channel, columns, rows, name)))
        encoder = CastEncoder()
        with (directory / name).open("wb") as file:
            file.write(encode_header(CastHeader(columns=columns, lines=rows)))
            for code, t, data in _events(source, kinds, size // len(SIZES), columns, rows):
                file.write(encoder.encode(CastEvent(t=t, code=code, data=data)))
    lines += [
        encode_entry(ChannelClosed(t=SECONDS, connection=1, channel=channel))
        for channel in range(1, len(SIZES) + 1)
    ]
    lines.append(encode_entry(SessionClosed(t=SECONDS, reason="closed")))
    (directory / JOURNAL_NAME).write_bytes(b"".join(lines))


def _opened(channel: int, columns: int, rows: int, name: str) -> ChannelOpened:
    return ChannelOpened(
        t=float(channel),
        connection=1,
        channel=channel,
        kind="shell",
        user="candidate",
        pty=PtyRequest(term="xterm-256color", columns=columns, lines=rows),
        file=name,
    )


def _events(
    source: random.Random, kinds: tuple[Kind, ...], size: int, columns: int, rows: int
) -> Iterator[tuple[str, float, str]]:
    """Yield code, seconds and data; scenes of some kilobytes each, one kind a scene."""
    done, scene = 0, 0
    while done < size:
        kind = kinds[scene % len(kinds)]
        pieces = [*_typed(source), *_shown(source, kind)]
        if scene % 7 == 3:  # noqa: PLR2004 - now and then somebody drags the window
            pieces.append(("r", f"{source.randrange(60, columns)}x{source.randrange(20, rows)}"))
            pieces += _shown(source, kind)
            pieces.append(("r", f"{columns}x{rows}"))
        for number, (code, data) in enumerate(pieces):
            share = min(1.0, (done + number / len(pieces)) / size)
            yield code, share * (SECONDS - 60), data
            done += len(data.encode()) if code == "o" else 0
        scene += 1


def _typed(source: random.Random) -> list[tuple[str, str]]:
    """Return a command line, key by key, each echoed."""
    line = "sudo systemctl restart web-" + str(source.randrange(10**6))
    keys = [pair for key in line for pair in (("i", key), ("o", key))]
    return [("o", "\x1b[32mcandidate@web01\x1b[m:~$ "), *keys, ("i", "\r"), ("o", "\r\n")]


def _shown(source: random.Random, kind: Kind) -> list[tuple[str, str]]:
    """Return what a program writes, as packets of up to some kilobytes."""
    packets = []
    for _ in range(source.randrange(4, 12)):
        packet = b"".join(kind(source) for _ in range(source.randrange(1, 40)))
        packets.append(("o", packet.decode()))
    return packets
