"""What a session is asked to be, and what its process is told: the one place to add an option.

The same model comes from `serve --target`, over the control socket, and in the spec that a
session's process reads. Only values and their ranges.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from recorder.clock import LONGEST_MINUTES
from recorder.gates import GateKind
from recorder.limits import Limits

CONSENT_TEXT = (
    "This session is recorded: what is typed and shown in it, and when. The interviewers see it\n"
    "while it happens and afterwards. Passwords typed at hidden prompts are not kept."
)
"""What candidates read before they log in, where no exercise has words of its own."""

LISTEN = "127.0.0.1:2222"
"""Where candidates connect by default; later sessions take the next ports that are free."""


class SessionOptions(BaseModel):
    """One session, as somebody asked for it.

    Attributes:
        target: HOST[:PORT], an IPv6 address in brackets, or ``practice``.
        listen: ADDR:PORT for its candidate; None takes the host's address and the next free port.
        unconfined: Let the practice server run where it cannot be walled off.
        candidate: Who sits the session, for people to read.
        exercise: The exercise's name, or the path of its file.
        consent: Whether each connection is told of the recording, or candidates learn elsewhere.
        consent_text: In which words; None takes the exercise's.
        relay: Ports of its address that are passed on to the target, as PORT[:PORT],...
        minutes: What the session's clock has when it is started; None leaves it to the exercise.

    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    target: str = Field(min_length=1, max_length=300)
    listen: str | None = Field(default=None, max_length=300)
    unconfined: bool = False
    candidate: str | None = Field(default=None, max_length=500)
    exercise: str | None = Field(default=None, max_length=1000)
    consent: Literal["banner", "elsewhere"] = "banner"
    consent_text: str | None = Field(default=None, min_length=1, max_length=8000)
    relay: str | None = Field(default=None, max_length=300)
    minutes: float | None = Field(default=None, gt=0, le=LONGEST_MINUTES)


class SessionSpec(BaseModel):
    """What a session's process is told in its first line.

    Attributes:
        home: Where the recording goes.
        session: The session's id.
        database_url: The store; it may hold a password, so it never stands in an argv.
        exercise: The path of the exercise's file, where there is one.
        consent: What each connection is told of the recording, None where candidates learn
            elsewhere.
        seconds: What the session's clock has when it is started.
        listen: ADDR:PORT, and ``span``, how many ports from there on may be tried.
        gate: Who may knock at first.
        secret_patterns: Regular expressions of secrets in command lines, besides the usual ones.
        follower: The argv of the process to supervise beside the session.
        parent: The process id of the host: the session ends with it.

    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    home: Path
    session: str
    database_url: str
    options: SessionOptions
    exercise: str | None
    consent: str | None
    seconds: float = Field(gt=0)
    listen: str
    span: int = Field(ge=1)
    gate: GateKind
    limits: Limits
    secret_patterns: tuple[str, ...] = ()
    follower: tuple[str, ...] | None
    parent: int
