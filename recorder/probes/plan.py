"""What the probing process is told: where the target is, and what to look at there."""

from __future__ import annotations

import logging

import asyncssh
from pydantic import BaseModel, ConfigDict

from recorder.exercise.schema import Probe
from recorder.hop.target import Target, TcpTarget

_log = logging.getLogger(__name__)


class ProbePlan(BaseModel):
    """One target and its probes; travels to the process as one line of JSON.

    Attributes:
        host: A name or an address.
        ssh_port: Where its sshd listens.
        host_key: The one that is pinned, as a line of OpenSSH's (``ssh-ed25519 AAAA...``).

    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str
    ssh_port: int
    host_key: str
    probes: tuple[Probe, ...]


def plan_for(target: Target, key: asyncssh.SSHKey, probes: tuple[Probe, ...]) -> ProbePlan | None:
    """Return what the probing process is told; None where there is nothing to look at.

    ``key`` is the host key that is pinned for the target.
    """
    if not probes:
        return None
    if not isinstance(target, TcpTarget):
        _log.info("%s has no address that could be looked at from outside", target.label)
        return None
    host_key = key.export_public_key().decode("ascii")
    return ProbePlan(host=target.host, ssh_port=target.port, host_key=host_key, probes=probes)
