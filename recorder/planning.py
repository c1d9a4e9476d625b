"""From what somebody asked for to what a session is: exercise, addresses and words settled.

Done in the host before a session's process is started, so that mistakes are told at once. Nothing
is opened here.
"""

from __future__ import annotations

import ipaddress
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass

from recorder.clock import DEFAULT_MINUTES
from recorder.control.options import CONSENT_TEXT, SessionOptions, SessionSpec
from recorder.errors import UsageError
from recorder.exercise.loader import load_exercise
from recorder.gates import GateKind
from recorder.home import Home
from recorder.hop.port_relay import parse_relay
from recorder.hop.target import SSH_PORT, format_address, parse_address
from recorder.limits import Limits
from recorder.typed_paths import typed_path

_log = logging.getLogger(__name__)

PRACTICE = "practice"
SPAN = 200
"""Ports that are tried for a session that named none, from the host's own on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostOptions:
    """What holds for every session of a host.

    Attributes:
        listen: ADDR:PORT; sessions that name none take the first free port from there on.
        limits: What each session may use up.
        secret_patterns: Regular expressions of secrets in command lines, besides the usual ones.

    """

    listen: str
    limits: Limits
    secret_patterns: tuple[str, ...] = ()


def plan_session(
    home: Home,
    session: str,
    options: SessionOptions,
    host: HostOptions,
    *,
    database_url: str,
    follower: Sequence[str] | None,
    gate: GateKind,
) -> SessionSpec:
    """Return what the session's process is told.

    Raises:
        UsageError: Something asked for makes no sense.
        ExerciseError: The exercise cannot be read.
        ExerciseNotFoundError: There is none of that name.

    """
    practice = options.target == PRACTICE
    listen = options.listen or host.listen
    address, port = parse_address(listen, None)
    _check_target(options, address)
    exercise = load_exercise(home, options.exercise) if options.exercise else None
    if practice and exercise is not None and exercise.plan.target.prepare:
        _log.warning(
            "the practice server is in good health: what %s prepares is for a server of its own"
            " (`jumpseat target script --exercise %s`)",
            exercise.name,
            exercise.name,
        )
    minutes = options.minutes or (exercise.plan.clock.minutes if exercise else DEFAULT_MINUTES)
    words = options.consent_text or (exercise.plan.banner if exercise else CONSENT_TEXT)
    return SessionSpec(
        home=home.path,
        session=session,
        database_url=database_url,
        options=options,
        exercise=str(exercise.path) if exercise else None,
        consent=f"{words.rstrip()}\n" if options.consent == "banner" else None,
        seconds=minutes * 60,
        listen=format_address(address, port),
        span=1 if options.listen or port == 0 else SPAN,
        gate="own-user" if practice else gate,
        limits=host.limits,
        secret_patterns=host.secret_patterns,
        follower=tuple(follower) if follower is not None else None,
        parent=os.getpid(),
    )


def _check_target(options: SessionOptions, listen_host: str) -> None:
    if options.relay is not None:
        parse_relay(options.relay)
    if options.target == PRACTICE:
        if options.relay is not None:
            raise UsageError(
                "the practice server has no ports to pass on", "leave --relay out, or name a target"
            )
        if not _is_loopback(listen_host):
            raise UsageError(
                f"the practice server is for this machine alone, not for {listen_host}",
                "listen on 127.0.0.1 or [::1]",
            )
        return
    parse_address(options.target, SSH_PORT)
    if options.unconfined:
        raise UsageError("--unconfined is for the practice server", "leave it out")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def absolute_exercise(name: str) -> str:
    """Return an exercise's path from where the user stands as one that holds everywhere.

    Raises:
        UsageError: It begins in the home of a user whom nobody knows.

    """
    is_path = "/" in name or name.endswith(".toml")
    return str(typed_path(name).absolute()) if is_path else name
