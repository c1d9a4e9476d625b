"""Puts asciinema-player into the wheel, with its licence, as hatchling builds it.

Without npm or a network the wheel is built without it, and says so: reports then come with pictures
instead of the replay. ``JUMPSEAT_PLAYER`` decides otherwise. Not part of the wheel itself.
"""

from __future__ import annotations

import os
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VARIABLE = "JUMPSEAT_PLAYER"
"""``required``: no wheel without it; ``none``: not even tried; else it comes if it can."""

PLACE = "tui/_player"


class PlayerHook(BuildHookInterface[Any]):
    """The hook; hatchling finds it as the only one in this file."""

    PLUGIN_NAME = "player"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fetch the player, and name its files; an editable installation finds them by itself.

        Raises:
            SystemExit: It was demanded and cannot be had.

        """
        wish = os.environ.get(VARIABLE, "")
        if version == "editable" or wish == "none":
            return
        root = Path(self.root)
        fetching = _fetching(root)
        try:
            fetching.fetch(root)
        except (fetching.PlayerError, OSError) as error:
            if wish == "required":
                raise SystemExit(f"{VARIABLE}=required: {error}") from error
            sys.stderr.write(f"the wheel is built without {fetching.NAME}: {error}\n")
            return
        bundle = fetching.bundle_in(root)
        build_data["force_include"] |= {
            str(bundle / fetching.SCRIPT): f"{PLACE}/{fetching.SCRIPT}",
            str(bundle / fetching.STYLE): f"{PLACE}/{fetching.STYLE}",
            str(fetching.licence_in(root)): f"{PLACE}/{fetching.LICENCE}",
        }


def _fetching(root: Path) -> ModuleType:
    """Load the module beside this one: while a wheel is built, the packages cannot be imported."""
    spec = spec_from_file_location("_fetching", root / "tui" / "player" / "fetching.py")
    if spec is None or spec.loader is None:
        raise SystemExit("tui/player/fetching.py is missing")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
