"""Keys that were pressed at a line and are not seen in it yet, as their echo may never be drawn.

A multiplexer draws what stands in the end: where Enter follows at once and much is printed, the
last letters of a line scroll off unseen. Only letters typed one after the other are known here;
what other keys do is left to the screen.
"""

from __future__ import annotations

_MOST = 4096


class Owed:
    """Letters typed at one line. All texts are the line up to its cursor.

    Attributes:
        missing: What was typed and has not been seen, empty where that is not known.

    """

    def __init__(self) -> None:
        self._base: str | None = None
        self.missing = ""

    def forget(self) -> None:
        """Begin anew: another line, or a key that does more than add a letter."""
        self._base, self.missing = None, ""

    def typed(self, data: bytes) -> None:
        """Take in keys."""
        text = data.decode("utf-8", "replace")
        if not text.isprintable() or len(self.missing) > _MOST:
            self.forget()
        elif self._base is not None:
            self.missing += text

    def seen(self, shown: str) -> None:
        """Take in what the line shows."""
        base = self._base
        if base is not None and shown.startswith(base):
            added = shown[len(base) :]
            if self.missing.startswith(added):
                self.missing = self.missing[len(added) :]
                self._base = shown
                return
        self._base, self.missing = shown, ""
