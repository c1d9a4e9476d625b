"""What a session may use up before the hop says no: the bounds of every listener and recording.

Only numbers, their defaults and their ranges. Who enforces one is named beside it.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

MEBIBYTE = 1 << 20


class Limits(BaseModel):
    """The limits of one session.

    Attributes:
        login_grace: Seconds from the first packet to the end of the login, as OpenSSH's
            LoginGraceTime; enforced by the listener.
        startups: Connections that may be logging in at once, as OpenSSH's MaxStartups; one more is
            refused; enforced by the listener.
        tries: Tries to log in on one connection, where the target would allow more; enforced by
            the connection.
        hours: Hours from a session's opening to its end, whatever its clock says.
        size: Mebibytes that a recording may take on disk.

    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    login_grace: float = Field(default=120.0, gt=0, le=3600)
    startups: int = Field(default=100, ge=1, le=10_000)
    tries: int = Field(default=20, ge=1, le=1000)
    hours: float = Field(default=24.0, gt=0, le=24 * 31)
    size: int = Field(default=4096, ge=1)

    @property
    def seconds(self) -> float:
        """The longest that a session may last, in seconds."""
        return self.hours * 3600

    @property
    def bytes(self) -> int:
        """The most that a recording may take, in bytes."""
        return self.size * MEBIBYTE
