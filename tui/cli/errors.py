"""The errors that only the command line can make. Words for a person; no logic."""

from __future__ import annotations

from recorder.errors import JumpseatError


class ConfigError(JumpseatError):
    """The settings file cannot be used; the cause names file, key and line."""


class TerminalNeededError(JumpseatError):
    """The verb draws, and there is no terminal to draw on."""


class DemoError(JumpseatError):
    """The demo did not show what it promises."""
