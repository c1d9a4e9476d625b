"""`jumpseat replay` and `jumpseat watch`: which session, and whether there is a terminal."""

from __future__ import annotations

import click

from recorder.errors import SessionNotFoundError, UsageError
from recorder.recording.reader import is_locked
from recorder.store.catalogue import find_session, list_sessions
from tui.cli.beside import beside_options, replay_beside
from tui.cli.errors import TerminalNeededError
from tui.cli.given import given_recording, recording_argument
from tui.cli.output import is_terminal
from tui.cli.settings import Settings
from tui.cli.store import opened_store
from tui.cli.verbs import Verb, pass_settings, session_argument
from tui.seat import run_replay
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
    if beside is not None:
        replay_beside(settings, recording, beside, step=step, size=size)
        return
    with given_recording(settings, recording, size) as given:
        if given.foreign:
            run_replay(given.directory, None)
            return
        with opened_store(settings) as engine:
            run_replay(given.directory, engine)


@click.command(
    cls=Verb,
    examples=(("jumpseat watch", "The session that is live now, as the candidate sees it."),),
)
@session_argument(required=False)
@pass_settings
def watch(settings: Settings, session: str | None) -> None:
    """Watch a session live; the candidate cannot notice.

    A session that has ended shows its end.
    """
    _need_terminal("watch", session or "latest")
    with opened_store(settings) as engine:
        if session is None:
            live = [row for row in list_sessions(engine, settings.home) if row.state == "live"]
            if not live:
                raise SessionNotFoundError(
                    "no session is live", "`jumpseat serve` starts one, `jumpseat` lists the others"
                )
            directory = live[0].directory
        else:
            directory = find_session(settings.home, session)
        run_replay(directory, engine, live=is_locked(directory))


def _need_terminal(verb: str, session: str) -> None:
    if not is_terminal():
        raise TerminalNeededError(
            f"`jumpseat {verb}` draws on a terminal, and there is none",
            f"`jumpseat commands {session}` and `jumpseat tags {session}` print what there is",
        )
