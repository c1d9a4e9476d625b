"""The replay, the live view and home: the only door for the command line.

Importing this is cheap: Textual and the analyzer are loaded by the functions. No widget, no key and
no colour belongs here.

For callers::

    run_replay(home.recording(session), engine)                           # replay, from the start
    run_replay(home.recording(session), engine, live=True)                # follow, at the live end
    run_replay(directory, engine, live=True, until_closed=True)           # the demo
    run_home(lambda: StoredHome(engine, home), open_session)              # `jumpseat` alone

Both take over the terminal and return when the person leaves. Both need a terminal on standard
input and output: the caller checks ``isatty``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recorder.trace.here import inside
from tui.quick_start import collection_put_off

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tui.seat.app import ReplayApp
    from tui.seat.home.sittings import HomeFeed
    from tui.seat.read_ahead import ReadAhead

    Store = Engine | Callable[[], Engine] | None


@collection_put_off()
def run_replay(
    directory: Path,
    engine: Engine | None,
    *,
    live: bool = False,
    until_closed: bool = False,
    greeting: str = "",
    card: bool = False,
) -> None:
    """Show one session until the person leaves.

    Args:
        directory: The session's recording, finished or growing.
        engine: The store, for its tags and commands; a finished session that was not analysed yet
            is analysed while its screen can already be watched. None for a recording that is in no
            store: it is analysed in memory.
        live: Begin at the live end instead of the session's start. A session that has ended
            meanwhile shows its end.
        until_closed: Leave by itself a few seconds after the live session has closed.
        greeting: Said for some seconds at the beginning.
        card: Open the viewer's card over it at once.

    Raises:
        JumpseatError: The recording cannot be read.

    """
    app = _app(lambda: (directory, engine), live=live, until_closed=until_closed, greeting=greeting)
    if card:
        app.begin_with_card()
    _run(app)


@collection_put_off()
def run_found(
    find: Callable[[], tuple[Path, Store]],
    *,
    ahead: ReadAhead | None = None,
    live: bool = False,
    sidebar: bool = False,
    at: float | None = None,
) -> None:
    """Show one session as `run_replay` does, found while the first picture stands already.

    Args:
        find: Returns the directory and the store, or how to open it; called once, in a thread.
        ahead: What a child reads of it meanwhile, shown first.
        live: As for `run_replay`.
        sidebar: Show no screen but what else an interviewer needs, in a narrow pane.
        at: Begin shortly before this moment, in seconds, as a jump to it does.

    Raises:
        JumpseatError: The recording cannot be read, or whatever ``find`` raised.

    """
    app = _app(find, ahead, live=live, sidebar=sidebar)
    app.player.starts_at = at
    _run(app)


def _app(
    find: Callable[[], tuple[Path, Store]], ahead: ReadAhead | None = None, **options: Any
) -> ReplayApp:
    from tui.seat.app import ReplayApp  # noqa: PLC0415 - Textual loads only when it is shown
    from tui.seat.feed import Feed, Opening  # noqa: PLC0415

    def make() -> Feed:
        from tui.seat.recording_feed import RecordingFeed  # noqa: PLC0415 - half a second

        return RecordingFeed(*find(), ahead)

    return ReplayApp(Opening(make, ahead), **options)


def _run(app: ReplayApp) -> None:
    # Threads that read hold the interpreter: a key must not wait five milliseconds for each step.
    sys.setswitchinterval(0.001)
    with inside("seat"):
        app.run()
    for line in unkept_words(app):
        sys.stderr.write(f"jumpseat: {line}\n")
    if app.failure is not None:
        raise app.failure


def unkept_words(app: ReplayApp) -> list[str]:
    """Return what somebody said in an app that has ended, and that could not be kept, as lines."""
    from tui.seat.notes.rows import unkept_line  # noqa: PLC0415
    from tui.seat.words import unkept_verdict_line  # noqa: PLC0415

    lines = [unkept_line(each.t, each.kind, each.text) for each in app.notebook.failures]
    for wanted, error in app.unkept:
        noting = wanted.noting
        if not noting.withdrawn:
            line = unkept_line(noting.t, noting.kind, noting.text or noting.subject or "")
            lines.append(f"{line} ({error.cause})")
    for judging, error in app.unkept_verdicts:
        label = app.player.titles.get(judging.label or "", judging.label or "")
        line = unkept_verdict_line(app.player.tags, judging.tag, judging.verdict, label)
        lines.append(f"{line} ({error.cause})")
    edits, why = app.unkept_card
    if edits:
        from tui.seat.card.lost import unkept_edits  # noqa: PLC0415

        lines += unkept_edits(edits, why)
    return lines


@collection_put_off()
def run_home(
    make_feed: Callable[[], HomeFeed],
    open_session: Callable[[str, bool], None],
    *,
    open_both: Callable[[str, str], None] | None = None,
    open_debrief: Callable[[str], None] | None = None,
    target: str = "",
    steers: bool = True,
) -> None:
    """Show home, open what is chosen there, return when the person leaves.

    Args:
        make_feed: Returns where sessions come from and orders go, usually a
            `tui.seat.home.stored.StoredHome`; called once, in a thread, while the first picture
            stands already.
        open_session: Called with a session's id and whether it is live, while home is off the
            terminal. When it returns, home is shown again, on the same row.
        open_both: Likewise with two ids, to show them side by side; None where that is not to be
            had, and then the key for it is not there.
        open_debrief: Likewise with an id, to show all cards of that session.
        target: What a new session works on where nothing else is typed.
        steers: Whether sessions can be opened and steered, and not only seen.

    Raises:
        JumpseatError: Whatever ``open_session``, ``open_both`` or ``open_debrief`` raised.

    """
    from tui.seat.home.app import HomeApp  # noqa: PLC0415 - Textual loads only when it is shown
    from tui.seat.home.late import LateHome  # noqa: PLC0415

    feed, view = LateHome(make_feed), None
    while True:
        app = HomeApp(
            feed,
            view=view,
            target=target,
            can_compare=open_both is not None,
            can_debrief=open_debrief is not None,
            steers=steers,
        )
        with inside("seat"):
            choice = app.run()
        if app.failure is not None:
            raise app.failure
        if choice is None:
            return
        view = choice.view
        if choice.debrief:
            if open_debrief is not None:
                open_debrief(choice.sessions[0].id)
        elif len(choice.sessions) == 1:
            open_session(choice.sessions[0].id, choice.sessions[0].live)
        elif open_both is not None:
            open_both(*(each.id for each in choice.sessions))
