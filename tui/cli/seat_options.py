"""`serve`'s options of the seat's port: what they mean together, and what a seat is started with.

Must never import Textual: the seat is a program of its own, named here and started elsewhere.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from recorder.errors import UsageError
from recorder.hop.target import format_address, parse_address
from recorder.seats.spec import SeatOptions
from recorder.typed_paths import typed_path
from tui.cli.settings import CONFIG, DATABASE_URL, HOME, MODELS, SIGNALS_FILE, Settings

VISIT = (sys.executable, "-P", "-m", "tui.seat.visit")
"""Draws a seat. ``-P``: what is imported must not depend on the directory that serve runs in."""

_OURS = ("PATH", "HOME", "TZ", "TMPDIR", "XDG_DATA_HOME", CONFIG, SIGNALS_FILE, MODELS)
_FIXED = {"LANG": "C.UTF-8", "PYTHONUTF8": "1"}


def seat_options(
    settings: Settings,
    listen: str,
    *,
    interviewers: str | None,
    port: int | None,
    address: str | None,
    config: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> SeatOptions | None:
    """Return what the seat's port is to be; None where nobody asked for one.

    Args:
        settings: What the program runs with, and its seats with it.
        listen: Where candidates connect; the seat's port is on the same address unless told.
        interviewers: The file of those who may take a seat.
        port: The seat's port, 0 for any.
        address: ADDR:PORT, in place of the port alone.
        config: The settings file, if one was named.
        environment: This process's own by default.

    Raises:
        UsageError: They make no sense together.

    """
    if interviewers is None and port is None and address is None:
        return None
    if interviewers is None:
        raise UsageError("a seat over SSH is for people who are listed", "add --interviewers FILE")
    if (port is None) == (address is None):
        raise UsageError(
            "seats over SSH need a port, and one only", "add --seat-port N or --seat-listen ADDR:N"
        )
    if address is None:
        address = format_address(parse_address(listen, None)[0], port or 0)
    parse_address(address, None)
    return SeatOptions(
        interviewers=typed_path(interviewers).absolute(),
        listen=address,
        argv=VISIT,
        variables=_variables(settings, config, os.environ if environment is None else environment),
    )


def _variables(
    settings: Settings, config: str | None, environment: Mapping[str, str]
) -> dict[str, str]:
    """Return a seat's environment: what it must know, and nothing that happens to be set here."""
    kept = {name: environment[name] for name in _OURS if name in environment}
    named = {CONFIG: str(typed_path(config).absolute())} if config else {}
    home = {HOME: str(settings.home.path), DATABASE_URL: settings.database_url}
    return {**kept, **_FIXED, **named, **home}
