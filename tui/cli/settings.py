"""What the program runs with, and which setting wins: flag, environment, settings file, default.

The one place that reads Jumpseat's environment variables. Nothing is opened or created here.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from recorder.home import Home, default_home
from recorder.typed_paths import typed_path
from tui.cli.errors import ConfigError

HOME = "JUMPSEAT_HOME"
DATABASE_URL = "JUMPSEAT_DATABASE_URL"
CONFIG = "JUMPSEAT_CONFIG"
SIGNALS_FILE = "JUMPSEAT_SIGNALS_FILE"

MODELS = "JUMPSEAT_MODELS"
"""Set for whatever analyses: where the home's own models lie."""

THEME = "JUMPSEAT_THEME"
THEMES = ("jumpseat", "light", "contrast", "plain")
"""The colour themes of whatever draws; `tui.seat.themes` has them, which serve must not load."""

DEFAULT_LISTEN = "127.0.0.1:2222"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flags:
    """The options that every verb takes, None where not given."""

    home: str | None = None
    database_url: str | None = None
    config: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What was decided; ``home_given``: somebody named the home, it is not the default one.

    ``limits`` are those of `recorder.limits.Limits` that the settings file changes.
    """

    home: Home
    home_given: bool
    database_url: str
    target: str | None = None
    listen: str = DEFAULT_LISTEN
    limits: Mapping[str, float] = field(default_factory=dict)
    retention: str | None = None
    secret_patterns: tuple[str, ...] = ()
    signals_file: Path | None = None
    theme: str | None = None
    card_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSettings:
    """What the settings file says; relative paths start from ``directory``."""

    directory: Path
    home: str | None = None
    database_url: str | None = None
    target: str | None = None
    listen: str | None = None
    limits: Mapping[str, float] = field(default_factory=dict)
    retention: str | None = None
    secret_patterns: tuple[str, ...] = ()
    signals_file: str | None = None
    theme: str | None = None
    card_key: str | None = None


def resolve(flags: Flags, environment: Mapping[str, str] | None = None) -> Settings:
    """Decide every setting; ``environment`` defaults to the process's own.

    Raises:
        ConfigError: The settings file cannot be used, or was named and is not there; or a variable
            says what nobody understands.
        UsageError: A path begins in the home of a user whom nobody knows.

    """
    env = os.environ if environment is None else environment
    chosen = flags.home or env.get(HOME) or None
    file = _read_file(_config_path(flags, env, chosen))
    if chosen is not None:
        home = Home(_absolute(chosen, Path.cwd()))
    elif file.home is not None:
        home = Home(_absolute(file.home, file.directory))
    else:
        home = Home(default_home())
    return Settings(
        home=home,
        home_given=chosen is not None or file.home is not None,
        database_url=(
            flags.database_url or env.get(DATABASE_URL) or file.database_url or home.database_url
        ),
        target=file.target,
        listen=file.listen or DEFAULT_LISTEN,
        limits=file.limits,
        retention=file.retention,
        secret_patterns=file.secret_patterns,
        signals_file=_signals_file(env, file),
        theme=_theme(env) or file.theme,
        card_key=file.card_key,
    )


def _theme(env: Mapping[str, str]) -> str | None:
    name = env.get(THEME) or None
    if name is not None and name not in THEMES:
        raise ConfigError(f"{THEME} names no theme: {name!r}", f"there are {', '.join(THEMES)}")
    return name


def _signals_file(env: Mapping[str, str], file: FileSettings) -> Path | None:
    if named := env.get(SIGNALS_FILE):
        return _absolute(named, Path.cwd())
    return _absolute(file.signals_file, file.directory) if file.signals_file else None


def _config_path(flags: Flags, env: Mapping[str, str], home: str | None) -> Path | None:
    """Return the settings file: the one that was named, else the home's, if it has one."""
    if named := flags.config or env.get(CONFIG):
        return _absolute(named, Path.cwd())
    directory = _absolute(home, Path.cwd()) if home else default_home()
    path = Home(directory).config
    return path if path.exists() else None


def _read_file(path: Path | None) -> FileSettings:
    if path is None:
        return FileSettings(directory=Path.cwd())
    from tui.cli.config_file import read_config  # noqa: PLC0415 - pydantic only for a file

    content = read_config(path)
    return FileSettings(
        directory=path.parent,
        home=content.home,
        database_url=content.database_url,
        target=content.serve.target,
        listen=content.serve.listen,
        limits=content.limits.model_dump(exclude_unset=True),
        retention=content.retention,
        secret_patterns=tuple(content.secrets.patterns),
        signals_file=content.signals_file,
        theme=content.theme,
        card_key=content.card_key,
    )


def _absolute(path: str, base: Path) -> Path:
    return base / typed_path(path)
