"""Journal lines about session channels: shells, commands, subsystems, and what was typed in them.

Nothing of what they said belongs here: that is in files of their own.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from recorder.recording.entry import Entry, Flow


class PtyRequest(BaseModel):
    """The terminal that a channel asked for; sizes in character cells."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    term: str
    columns: int
    lines: int


class ChannelOpened(Entry):
    """A channel was opened. With a pty, ``file`` names its asciicast, whose time zero is ``t``."""

    event: Literal["channel-opened"] = "channel-opened"
    connection: int
    channel: int
    kind: Literal["shell", "exec", "subsystem"]
    command: str | None = None
    user: str | None = None
    pty: PtyRequest | None = None
    env: dict[str, str] = Field(default_factory=dict)
    file: str | None = None


class SecretTyped(Entry):
    """A line was typed while nothing echoed, and ended with Enter.

    ``characters`` counts it as it was entered, mended keys left out. ``fingerprint`` is the same
    for the same secret within a session, and only there: its key was never written.
    """

    event: Literal["secret-typed"] = "secret-typed"
    connection: int
    channel: int
    characters: int
    fingerprint: str


class ChannelClosed(Entry):
    """A channel ended; status and signal as the target reported them, null where it did not."""

    event: Literal["channel-closed"] = "channel-closed"
    connection: int
    channel: int
    exit_status: int | None = None
    exit_signal: str | None = None
    flows: tuple[Flow, ...] = ()


class ChannelRefused(Entry):
    """The target gave no channel, or would not run in it what was asked for; ``reason``: its words.

    ``kind`` is that of `ChannelOpened`, or ``session`` where it was not known yet.
    """

    event: Literal["channel-refused"] = "channel-refused"
    connection: int
    channel: int
    kind: Literal["session", "shell", "exec", "subsystem"]
    command: str | None = None
    reason: str
