"""A screen that lies over the app's own, and that is left once.

Textual hands a screen keys that were typed in the same moment as the one that dismissed it, and a
second `dismiss` would then take away the screen below, or end the app where there is none.
"""

from __future__ import annotations

from typing import Generic

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, ScreenResultType


class Modal(ModalScreen[ScreenResultType], Generic[ScreenResultType]):
    """A modal screen of which the first answer counts."""

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Leave with a result; where it was left already, or something lies over it, do nothing."""
        return super().dismiss(result) if self.is_active else AwaitComplete()
