"""`jumpseat session repin`: a person looks at a target's changed host key, and says yes or no."""

from __future__ import annotations

import click

from recorder.control.client import ask
from recorder.control.messages import Repinned
from recorder.errors import ControlError, RecordingError, UsageError
from recorder.recording.journal import JOURNAL_NAME
from recorder.recording.reader import RecordingReader, is_locked
from recorder.repinning import HostKeys, look_at_key, trust_key
from recorder.store.catalogue import find_session
from recorder.trace.actions import Action
from tui.cli.output import say
from tui.cli.settings import Settings
from tui.cli.terminal import is_terminal
from tui.cli.traced import trace_saying
from tui.cli.verbs import Verb, pass_settings, session_argument


@click.command(
    "repin",
    cls=Verb,
    examples=(
        ("jumpseat session repin latest", "Show both fingerprints, ask, and trust the new one."),
        (
            "jumpseat session repin latest --fingerprint SHA256:pT5yXk0S2aYQ1gq0oFQ0qBwQh0xj0M",
            "Trust the key of this fingerprint, without a question.",
        ),
    ),
)
@session_argument()
@click.option(
    "--fingerprint",
    metavar="SHA256:...",
    help="The fingerprint that the server itself prints; nobody is asked then.",
)
@pass_settings
def repin(settings: Settings, session: str, fingerprint: str | None) -> None:
    """Trust another host key of a session's target, after a person compared it.

    A target that shows another key than at first is refused: it may be another machine. Compare the
    fingerprint with the one that the server itself prints: `ssh-keygen -lf
    /etc/ssh/ssh_host_ed25519_key.pub`. The decision is kept in the recording of an open session.
    """
    directory = find_session(settings.home, session)
    with RecordingReader(directory) as reader:
        next(iter(reader.read()), None)
        opened = reader.opened
    if opened is None:
        raise RecordingError(f"the first line of {directory / JOURNAL_NAME} cannot be read")
    keys = look_at_key(settings.home, opened.target)
    if not keys.changed:
        say(f"{keys.label} shows the key that is pinned, {keys.shown}: there is nothing to do")
        return
    trust_key(settings.home, opened.target, fingerprint or _confirmed(keys))
    trace_saying(settings, None, Action.STEERED, directory.name, "repin")
    click.echo(f"{keys.label} is trusted with {keys.shown} from now on")
    if is_locked(directory):
        _tell(settings, directory.name)


def _confirmed(keys: HostKeys) -> str:
    """Ask a person; return the fingerprint that they trust.

    Raises:
        UsageError: There is nobody to ask.
        click.Abort: They said no.

    """
    say(f"pinned for {keys.label}: {keys.pinned or 'none'}")
    say(f"it shows now:  {keys.shown}")
    if not is_terminal():
        raise UsageError(
            "a person must compare the fingerprint, and there is no terminal to ask on",
            "name the one that you compared with --fingerprint SHA256:...",
        )
    click.confirm("Did you compare it with the server's own, and trust it?", abort=True)
    return keys.shown


def _tell(settings: Settings, session: str) -> None:
    try:
        ask(settings.home, Repinned(session=session))
    except ControlError as error:
        say(f"the open session did not take it: {error}")
