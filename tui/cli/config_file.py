"""The settings file: a few TOML keys, each checked, all mistakes named at once with their lines.

Reading only. Which setting wins over which is decided in `tui.cli.settings`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from recorder.limits import Limits
from recorder.toml_lines import read_toml
from tui.cli.errors import ConfigError


class ServeSection(BaseModel):
    """Table ``[serve]``: defaults of `jumpseat serve`."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    target: str | None = Field(default=None, min_length=1)
    """The server that is worked on."""
    listen: str | None = Field(default=None, min_length=1)
    """Where candidates connect."""


class SecretsSection(BaseModel):
    """Table ``[secrets]``: what else is masked in command lines, besides the usual places."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    patterns: list[str] = Field(default_factory=list)
    """Regular expressions; the group ``secret`` of each is hidden, or else all that matches."""


class ConfigFile(BaseModel):
    """The whole file; every key may be absent."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    home: str | None = Field(default=None, min_length=1)
    """Where recordings, keys and the store are kept; relative to this file."""
    database_url: str | None = Field(default=None, min_length=1)
    """The store, as a SQLAlchemy URL."""
    retention: str | None = Field(default=None, pattern=r"^[1-9][0-9]{0,5}\s*[hdw]$")
    """How long sessions are kept, such as 90d; without it, until somebody deletes them."""
    signals_file: str | None = Field(default=None, min_length=1)
    """A team's own signals, laid over those that ship; relative to this file."""
    theme: Literal["jumpseat", "light", "contrast", "plain"] | None = None
    """The colours of home and seat; `T` goes through them for the moment."""
    card_key: str | None = Field(default=None, pattern=r"^age1[0-9a-z]{58}$")
    """What cards are sealed to where the database is shared and `serve` runs elsewhere."""
    serve: ServeSection = ServeSection()
    limits: Limits = Limits()
    """What each session may use up."""
    secrets: SecretsSection = SecretsSection()


def read_config(path: Path) -> ConfigFile:
    """Read a settings file.

    Raises:
        ConfigError: It cannot be read, is not TOML, or holds what this program does not know.

    """
    try:
        text = path.read_text(encoding="utf-8")
        return ConfigFile.model_validate(read_toml(text))
    except OSError as error:
        raise ConfigError(
            f"cannot read the settings file {path} ({error.strerror})",
            "mend it, or name another with --config",
        ) from error
    except ValidationError as error:
        mistakes = "; ".join(
            f"{path}:{_line(text, item['loc'])}: {'.'.join(map(str, item['loc']))}: "
            + _words(item["type"], item["msg"])
            for item in error.errors()
        )
        raise ConfigError(mistakes, "docs/settings.md lists what can be set") from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path} is not TOML ({error})", "see docs/settings.md") from error


def known_keys(model: type[BaseModel] = ConfigFile, prefix: str = "") -> list[str]:
    """Return the dotted names of all that can be set."""
    names: list[str] = []
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            names += known_keys(kind, f"{prefix}{name}.")
        else:
            names.append(prefix + name)
    return names


def _words(kind: str, message: str) -> str:
    return "unknown key" if kind == "extra_forbidden" else message.lower()


def _line(text: str, location: tuple[int | str, ...]) -> int:
    """Return the line on which a key stands, 1 where it is not found by its look."""
    *tables, key = (str(part) for part in location)
    wanted, current = ".".join(tables), ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[\s*([^\[\]]+?)\s*\]", line):
            current = header[1]
            if current == ".".join((*tables, key)):
                return number
        elif current == wanted and re.match(rf"""\s*["']?{re.escape(key)}["']?\s*[.=]""", line):
            return number
    return 1
