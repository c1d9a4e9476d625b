"""What the seat's process is told by the host, and what it may use up. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

READY = b"ready\n"
"""What the seat's process says when interviewers can log in."""


class SeatLimits(BaseModel):
    """What all interviewers together, and each of them, may use up.

    Attributes:
        login_grace: Seconds from a connection to the end of its login.
        startups: Connections that may be logging in at once; ``startups_each`` from one address.
        tries: Keys and other tries that are refused on a connection before it is closed.
        connections: Connections of one interviewer.
        seats: Seats of one interviewer at once, over all connections.
        seats_total: Seats of all at once.
        keepalive: Seconds of silence after which a client is asked whether it is there;
            ``unanswered`` such questions end its connection.

    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    login_grace: float = Field(default=30.0, gt=0)
    startups: int = Field(default=50, ge=1)
    startups_each: int = Field(default=10, ge=1)
    tries: int = Field(default=10, ge=1)
    connections: int = Field(default=6, ge=1)
    seats: int = Field(default=4, ge=1)
    seats_total: int = Field(default=24, ge=1)
    keepalive: float = Field(default=30.0, gt=0)
    unanswered: int = Field(default=3, ge=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatOptions:
    """What `serve` was asked for.

    Attributes:
        interviewers: The file of those who may take a seat.
        listen: ADDR:PORT; port 0 takes any that is free.
        argv: The program that draws a seat; who sits and what they asked for are appended.
        variables: Its environment, but for what the viewer's terminal is.
        limits: What may be used up.

    """

    interviewers: Path
    listen: str
    argv: tuple[str, ...]
    variables: Mapping[str, str]
    limits: SeatLimits = field(default_factory=SeatLimits)


class SeatSpec(BaseModel):
    """The first line that the seat's process reads.

    ``descriptor`` is the socket that listens, ``parent`` the host's process id; the rest is
    `SeatOptions`'s.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    home: Path
    descriptor: int
    parent: int
    interviewers: Path
    argv: tuple[str, ...]
    variables: dict[str, str]
    limits: SeatLimits
