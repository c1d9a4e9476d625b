"""The debrief: cards opened together, talked through on one shared screen, with minutes.

Importing this is cheap: Textual is loaded where the screen is shown. What may be seen is decided by
`recorder.cards.seeing` and asked in `tui.debrief.meeting`, which all outputs are made from.

For callers::

    run_debrief(feed, lambda t: run_found(find, at=t))
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from analyzer.visible import plain

if TYPE_CHECKING:
    from tui.debrief.feed import DebriefFeed


def run_debrief(feed: DebriefFeed, open_replay: Callable[[float], None]) -> None:
    """Show a debrief until the person leaves; needs a terminal.

    Args:
        feed: Usually a `tui.debrief.feed.StoredDebrief`.
        open_replay: Called with a moment in seconds while the debrief is off the terminal. When it
            returns, the debrief is shown again, at the same place.

    Raises:
        JumpseatError: The debrief cannot be read, or whatever ``open_replay`` raised.

    """
    from tui.debrief.app import DebriefApp  # noqa: PLC0415 - Textual loads only when it is shown
    from tui.debrief.asking import Draft  # noqa: PLC0415 - likewise

    # What cannot be read at all is told in a line, not on a screen.
    feed.read()
    view, drafts = None, dict[str, Draft]()
    try:
        while True:
            app = DebriefApp(feed, view)
            jump = app.run()
            drafts = app.unkept
            if app.failure is not None:
                raise app.failure
            if jump is None:
                break
            view = jump.view
            open_replay(jump.t)
    finally:
        # However it ends: nobody types a sentence twice gladly.
        for draft in drafts.values():
            sys.stderr.write(f"jumpseat: not kept: {plain(draft.words)}\n")
