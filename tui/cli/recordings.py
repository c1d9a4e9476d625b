"""`jumpseat session verify|import|purge`: options, questions and words.

What they do is in `recorder`: `recording.verify`, `transfer` and `purge`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from analyzer.visible import plain
from recorder.errors import UsageError
from recorder.formats.detect import is_export
from recorder.formats.flaws import Flaws
from recorder.formats.importing import take_in
from recorder.formats.recorded import Wishes
from recorder.purge import Purgeable, find_purgeable, finish_purges
from recorder.purge import older_than as find_older
from recorder.purge import purge as purge_sessions
from recorder.recording.verify import FLUSH_MS, Verification, verify_recording
from recorder.signers import read_signers
from recorder.store.catalogue import find_directory
from recorder.trace.actions import Action
from recorder.transfer import MOST_BYTES, import_session
from tui.cli.given import size_option
from tui.cli.output import moment, print_json, print_table, say
from tui.cli.progress import progress
from tui.cli.retention import AGE_WORDS, parse_age
from tui.cli.settings import Settings
from tui.cli.store import opened_store
from tui.cli.terminal import is_terminal
from tui.cli.traced import trace_saying
from tui.cli.verbs import Verb, complete_session, pass_settings, session_argument
from tui.person import actor, must_have
from tui.tracing import take_waiting
from tui.wall_clock import local_time


@click.command(
    cls=Verb,
    examples=(
        ("jumpseat session verify latest", "Is the recording as it was signed? If not, what is."),
        ("jumpseat session verify latest --json", "The same for programs."),
    ),
)
@session_argument()
@click.option("--json", "as_json", is_flag=True, help="Print JSON; its fields are a contract.")
@click.option(
    "--signers",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Whose signatures count, as for ssh-keygen; by default keys/allowed_signers in the home.",
)
@pass_settings
def verify(settings: Settings, session: str, as_json: bool, signers: Path | None) -> int:
    """Check that a recording is as it was signed, and say exactly what is not.

    Exit status 0: no file was altered since it was signed, even if the recorder had been killed;
    1: something was, or it is not signed.
    """
    directory = find_directory(settings.home, session)
    trusted = read_signers(signers or settings.home.allowed_signers)
    found = verify_recording(directory, trusted.check)
    if as_json:
        print_json(verification_json(found))
    else:
        for line in verification_words(found):
            click.echo(plain(line))
    return 0 if found.unaltered else 1


def verification_json(found: Verification) -> dict[str, object]:
    """Return a verification as `session verify --json` prints it."""
    ended = found.ended
    return {
        "session": found.session,
        "verdict": found.verdict,
        "unaltered": found.unaltered,
        "files": found.files,
        "signer": found.signer,
        "signed": found.signed,
        "late": found.late,
        "imported": found.imported,
        "ended": None
        if ended is None
        else {"t": ended.t, "reason": ended.reason, "detail": ended.detail},
        "findings": [asdict(each) for each in found.findings],
    }


def verification_words(found: Verification) -> list[str]:
    """Return a verification as lines for a person."""
    lines = [f"session {found.session}: {_VERDICTS[found.verdict]}"]
    lines += [f"  {each.file}: {each.words}" if each.file else f"  {each.words}"
              for each in found.findings]  # fmt: skip
    ended = found.ended
    if ended is not None and ended.reason == "cut-off":
        lines.append(
            f"  cut off at {moment(ended.t)} ({ended.t:.3f} s): its recorder was killed; what came"
            f" less than {FLUSH_MS} ms before may be missing"
        )
    if ended is not None and ended.reason == "failed":
        lines.append(f"  stopped at {moment(ended.t)}: it could not be written")
    if ended is not None and ended.detail:
        lines.append(f"  {ended.detail}")
    if found.unaltered:
        lines.append(f"  {found.files} files, signed {found.signed or '-'} by {found.signer}")
    if found.imported:
        lines.append(
            "  imported from another tool's recording: it is as it was at the import; what happened"
            " to it before, nobody can tell"
        )
    if found.late:
        lines.append("  signed by a later start of `jumpseat serve`, not when the session ended")
    return lines


_VERDICTS = {
    "intact": "intact",
    "cut-off": "unaltered, but cut off",
    "failed": "unaltered, but its end is missing",
    "altered": "ALTERED",
    "unsigned": "NOT SIGNED",
    "live": "not signed yet",
}


@click.command(
    "import",
    cls=Verb,
    examples=(
        ("jumpseat session import abcd2345.jumpseat.tar.gz", "Take a session out of a file."),
        (
            "jumpseat session import abcd2345.jumpseat.tar.gz --signer SHA256:...",
            "One that another jump host has signed; its owner tells you the fingerprint.",
        ),
        ("jumpseat session import demo.cast", "What asciinema recorded, as a session here."),
        (
            "jumpseat session import ./interview/ --candidate 'A. Example'",
            "A directory of PANE.timing, PANE.out and PANE.in: each pane a connection.",
        ),
    ),
)
@click.argument(
    "file",
    metavar="FILE|DIR",
    type=click.Path(path_type=Path),
    help="What `session export` wrote; or asciicast, ttyrec, `script` with timing, or a directory"
    " of these.",
)
@click.option(
    "--signer",
    metavar="FINGERPRINT",
    help="Allow this key too: added to keys/allowed_signers in the home.",
)
@click.option("--as-is", is_flag=True, help="Even if it is altered, or nobody vouches for it.")
@click.option(
    "--max-size",
    metavar="BYTES",
    type=click.IntRange(min=1),
    default=MOST_BYTES,
    show_default=True,
    help="What it may unpack to.",
)
@click.option("--candidate", metavar="NAME", help="Who it was, for another tool's recording.")
@size_option()
@pass_settings
def import_command(
    settings: Settings,
    /,
    file: Path,
    signer: str | None,
    as_is: bool,
    max_size: int,
    **said: Any,
) -> None:
    """Take a session out of a file that `session export` wrote, or make one of another tool's.

    An exported recording must be as it was signed, by a key that this home allows. One of another
    tool's is signed as an import: from then on it can be shown that nothing was changed, and
    nothing about the time before. Prints the session's id.
    """
    if not is_export(file):
        _refuse_for_imports(signer=signer, as_is=as_is)
        click.echo(_take_in(settings, file, said["size"], said["candidate"]).name)
        return
    if any(value is not None for value in said.values()):
        raise UsageError("--size and --candidate are for recordings of other tools")
    with opened_store(settings) as engine:
        done = import_session(
            settings.home, engine, file, signer=signer, as_is=as_is, most=max_size
        )
        trace_saying(settings, engine, Action.IMPORTED, done.directory.name, _kind_words(signer))
    if not done.found.unaltered:
        tell(done.found)
    for name in done.left_out:
        say(f"the store here has no place for {name}: left out")
    click.echo(done.directory.name)


def _kind_words(signer: str | None) -> str:
    return "archive" if signer is None else f"archive; allowed the signer {signer[:60]}"


def _refuse_for_imports(*, signer: str | None, as_is: bool) -> None:
    if signer is not None or as_is:
        raise UsageError("--signer and --as-is are for files that `jumpseat session export` wrote")


def _take_in(
    settings: Settings, path: Path, size: tuple[int, int] | None, candidate: str | None
) -> Path:
    """Make a session of another tool's recording, and say what of it could not be read."""
    flaws = Flaws()
    wishes = Wishes(size=size, candidate=candidate, patterns=settings.secret_patterns)
    with opened_store(settings) as engine, progress(f"reading {path.name}") as share:
        directory = take_in(settings.home, engine, path, flaws, wishes, share)
        detail = "another tool's recording"
        trace_saying(settings, engine, Action.IMPORTED, directory.name, detail)
    for line in flaws.lines():
        say(line)
    return directory


def tell(found: Verification) -> None:
    """Say on stderr what a verification found."""
    for line in verification_words(found):
        say(line.strip())


@click.command(
    cls=Verb,
    examples=(
        ("jumpseat session purge abcd2345", "Delete one session, after a question."),
        ("jumpseat session purge --older-than 90d --dry-run", "What would be deleted?"),
        ("jumpseat session purge --expired --yes", "For cron: by the retention time that is set."),
    ),
)
@click.argument(
    "session",
    metavar="[SESSION]",
    required=False,
    shell_complete=complete_session,
    help="An id, the beginning of one, or `latest`.",
)
@click.option("--older-than", metavar="AGE", help=f"All that started before: {AGE_WORDS}.")
@click.option("--expired", is_flag=True, help="All older than `retention` in the settings file.")
@click.option("--dry-run", is_flag=True, help="Only print what would be deleted.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_settings
def purge(
    settings: Settings,
    session: str | None,
    older_than: str | None,
    expired: bool,
    dry_run: bool,
    yes: bool,
) -> None:
    """Delete sessions for good: recording, cache, logs, and all that the store holds of them.

    Sessions that are being recorded are left alone. What you exported or backed up is not reached.
    """
    must_have("purge")
    age = _age(settings, session, older_than, expired=expired)
    with opened_store(settings) as engine:
        if not dry_run:
            # Who looked before it went is told before.
            take_waiting(settings.home, engine, say)
            for gone in finish_purges(settings.home, engine, actor()):
                say(f"an earlier purge of {gone} is completed")
        if age is None:
            chosen = [find_purgeable(settings.home, engine, str(session))]
        else:
            chosen = find_older(settings.home, engine, age, datetime.now(UTC))
        if not chosen:
            say("nothing is that old")
            return
        if dry_run:
            _print_purgeable(chosen)
            return
        if not yes:
            _ask(chosen)
        limit = settings.retention if expired else older_than
        why = "named" if limit is None else f"older than {limit}"
        purge_sessions(settings.home, engine, chosen, actor(), why=why)
    for each in chosen:
        click.echo(each.id)


def _age(
    settings: Settings, session: str | None, older: str | None, *, expired: bool
) -> timedelta | None:
    """Return the age that was asked for, None where a session was named."""
    if sum((session is not None, older is not None, expired)) != 1:
        raise UsageError("name a session, or --older-than AGE, or --expired", "exactly one of them")
    if expired and settings.retention is None:
        raise UsageError("no retention time is set", 'put retention = "90d" into the settings file')
    words = settings.retention if expired else older
    try:
        return None if words is None else parse_age(words)
    except ValueError as error:
        raise UsageError(str(error)) from error


def _print_purgeable(chosen: Sequence[Purgeable]) -> None:
    rows = [
        (
            each.id,
            f"{local_time(each.started):%Y-%m-%d %H:%M}" if each.started else "-",
            str(each.directory or "only rows in the store"),
        )
        for each in chosen
    ]
    print_table(("session", "started", "recording"), rows)


def _ask(chosen: Sequence[Purgeable]) -> None:
    if not is_terminal():
        raise UsageError("there is nobody to ask whether to delete", "give --yes")
    _print_purgeable(chosen)
    what = f"session {chosen[0].id}" if len(chosen) == 1 else f"these {len(chosen)} sessions"
    click.confirm(f"Delete {what} for good?", abort=True, err=True)
