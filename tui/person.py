"""Who sits here, by the system's word for it. Nothing that the person could set themselves."""

from __future__ import annotations

import os
import pwd


def person() -> str:
    """Return the name of the user who runs this process, or the number where it has no name."""
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"uid {number}"
