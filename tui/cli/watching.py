"""`jumpseat replay` and `jumpseat watch`: which session, and whether there is a terminal.

What takes long to import is imported while the first picture stands already.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from recorder.errors import UsageError
from tui.cli.beside_options import beside_options
from tui.cli.errors import TerminalNeededError
from tui.cli.given import is_path, recording_argument
from tui.cli.reading_ahead import reading_ahead, without_reading_ahead
from tui.cli.settings import Settings
from tui.cli.terminal import is_terminal
from tui.cli.verbs import Verb, pass_settings, session_argument
from tui.seat import run_found

if TYPE_CHECKING:
    from tui.seat import Store
    from tui.seat.beside import StepWord


@click.command(
    cls=Verb,
    examples=(
        ("jumpseat replay latest", "The youngest session, from its start; ? shows the keys."),
        ("jumpseat replay k7", "A session by the beginning of its id, if only one has it."),
        ("jumpseat replay demo.cast", "What asciinema recorded; v1, v2 and v3."),
        ("jumpseat replay typescript.timing", "What `script` recorded, with typescript.out."),
        ("jumpseat replay game.ttyrec --size 100x30", "A ttyrec, which does not tell its size."),
        ("jumpseat replay k7 --beside m2 --step task", "Two sessions side by side, task by task."),
    ),
)
@recording_argument()
@beside_options()
@pass_settings
def replay(
    settings: Settings,
    recording: str,
    size: tuple[int, int] | None,
    beside: str | None,
    step: StepWord | None,
) -> None:
    """Play a session, or another tool's recording, again.

    Space plays and pauses, the arrows jump, t lists the tags: choose one to see its moment.
    """
    if step is not None and beside is None:
        raise UsageError("--step is for two sessions", "name the other one with --beside")
    _need_terminal("replay", recording)
    if beside is not None or size or is_path(recording):
        without_reading_ahead()
    if beside is not None:
        from tui.cli.beside import replay_beside  # noqa: PLC0415 - half a second

        replay_beside(settings, (recording, beside), step=step, size=size)
        return
    if size or is_path(recording):
        _replay_file(settings, recording, size)
        return
    with ExitStack() as stack:
        ahead = stack.enter_context(reading_ahead(settings, recording))

        def find() -> tuple[Path, Store]:
            from tui.cli.found import found_again, found_recording  # noqa: PLC0415 - half a second

            begun = found_again(stack, settings, ahead)
            return begun or found_recording(stack, settings, recording)

        run_found(find, ahead=ahead)


def _replay_file(settings: Settings, recording: str, size: tuple[int, int] | None) -> None:
    """Play what may have to be converted first, which is told on the terminal."""
    from tui.cli.found import found_recording  # noqa: PLC0415 - half a second

    with ExitStack() as stack:
        found = found_recording(stack, settings, recording, size)
        run_found(lambda: found)


@click.command(
    cls=Verb,
    examples=(
        ("jumpseat watch", "The session that is live now, as the candidate sees it."),
        ("jumpseat watch --sidebar", "Beside a call, in 38 to 60 columns: all but the screen."),
    ),
)
@session_argument(required=False)
@click.option(
    "--sidebar",
    is_flag=True,
    help="Clock, tags, tasks, probes and connections without the screen, for a narrow pane.",
)
@pass_settings
def watch(settings: Settings, session: str | None, sidebar: bool) -> None:
    """Watch a session live; the candidate cannot notice.

    Beside their screen: the clock, what was noticed, tasks, how the server looks from outside, who
    is connected. A session that has ended shows its end.
    """
    _need_terminal("watch", session or "latest")
    with ExitStack() as stack:
        ahead = stack.enter_context(reading_ahead(settings, session, at_end=True))

        def find() -> tuple[Path, Store]:
            from tui.cli.found import found_again, found_live  # noqa: PLC0415 - half a second

            begun = found_again(stack, settings, ahead)
            return begun or found_live(stack, settings, session)

        run_found(find, ahead=ahead, live=True, sidebar=sidebar)


def _need_terminal(verb: str, session: str) -> None:
    if not is_terminal():
        raise TerminalNeededError(
            f"`jumpseat {verb}` draws on a terminal, and there is none",
            f"`jumpseat commands {session}` and `jumpseat tags {session}` print what there is",
        )
