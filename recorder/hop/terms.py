"""On what terms candidates are let in, as the hop and its connections need to know them.

Only values: gates decide in `recorder.gates`, limits are explained in `recorder.limits`.
"""

from __future__ import annotations

from dataclasses import dataclass

from recorder.gates import Gate
from recorder.limits import Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms of one session.

    Attributes:
        gate: Who may knock.
        limits: How much, how long and how often.
        consent: What each connection is told of the recording before anything else, ending with a
            line end; None where candidates learn of it elsewhere.

    """

    gate: Gate
    limits: Limits
    consent: str | None
