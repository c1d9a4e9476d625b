"""`jumpseat search`: text that was ever on a candidate's screen, or spoken, with its times.

How it is found is the analyzer's business.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from analyzer.search.find import Found, Hit
from analyzer.search.query import Matcher, Query
from analyzer.search.sessions import is_indexed, search_session
from analyzer.search.spoken import SpokenHit
from recorder.errors import JumpseatError, UsageError
from recorder.recording.reader import is_locked
from recorder.store.catalogue import session_directories, started_of
from recorder.transcripts.values import SpokenLine
from tui.cli.given import complete_recording, given_recording
from tui.cli.hits import hit_json, hit_lines
from tui.cli.output import print_json, say
from tui.cli.progress import progress
from tui.cli.settings import Settings
from tui.cli.spoken import Transcripts, with_spoken
from tui.cli.traced import trace_reading
from tui.cli.verbs import Verb, pass_settings

LIMIT = 100
"""Lines that are printed to a person who did not say how many."""

_TERMINAL = re.compile(r"c([1-9]\d{0,8})-([1-9]\d{0,8})")


def _parse_terminal(
    _ctx: click.Context, _param: click.Parameter, value: str | None
) -> tuple[int, int] | None:
    if value is None:
        return None
    match = _TERMINAL.fullmatch(value)
    if match is None:
        raise click.BadParameter(f"{value!r} is not a terminal such as c1-2")
    return int(match[1]), int(match[2])


@click.command(
    cls=Verb,
    examples=(
        ("jumpseat search nginx latest", "Where `nginx` stood on the screen, and when."),
        ("jumpseat search 'permission denied' --all", "In every session, the youngest first."),
        (
            r"jumpseat search --regex 'port \d{2,5}\b' k7 --json",
            "A regular expression in one session, all hits, for programs.",
        ),
        ("jumpseat search --word cat latest", "`cat`, but neither `catalogue` nor `concat`."),
        ("jumpseat search Error latest", "With a capital in it: `Error`, but not `error`."),
    ),
)
@click.argument("query", metavar="QUERY", help="What was to be read on the screen, or was said.")
@click.argument(
    "sessions",
    metavar="[SESSION|FILE|DIR]...",
    nargs=-1,
    shell_complete=complete_recording,
    help="Ids, beginnings of ids, `latest`, or other tools' recordings.",
)
@click.option("--all", "every", is_flag=True, help="Every session, the youngest first.")
@click.option(
    "--regex", "-e", is_flag=True, help="QUERY is a regular expression, in the syntax of RE2."
)
@click.option("--word", "-w", is_flag=True, help="Whole words only.")
@click.option(
    "--case/--no-case",
    default=None,
    help="Tell capitals from small letters; by default only if QUERY has a capital.",
)
@click.option(
    "--terminal",
    metavar="cN-M",
    callback=_parse_terminal,
    help="Only this terminal: connection N, channel M; nothing that was spoken.",
)
@click.option(
    "--limit",
    metavar="N",
    type=click.IntRange(min=1),
    help=f"Lines at most; by default {LIMIT}, and with --json all.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON; its fields are a contract.")
@pass_settings
def search(
    settings: Settings,
    /,
    query: str,
    sessions: tuple[str, ...],
    every: bool,
    as_json: bool,
    limit: int | None,
    terminal: tuple[int, int] | None,
    **how: bool,
) -> int:
    """Find text that was ever on a candidate's screen, or spoken, with the times when it was.

    Also what stood only for a moment, was erased, or scrolled by. A line that is wrapped on the
    screen is one line. Of a session that goes on, all but the last second or so is searched.
    What was said is found where a transcript is attached: see `jumpseat transcript`.

    Exit status 0: searched, whether or not anything was found; 1: a session could not be searched.
    """
    matcher = Matcher(Query(text=query, regex=how["regex"], word=how["word"], case=how["case"]))
    names = _names(settings, sessions, every=every)
    most = LIMIT if limit is None and not as_json else limit
    with Transcripts(settings) as transcripts:
        results = _Results(matcher, most, terminal, transcripts)
        for name in names:
            with given_recording(settings, name, None) as given:
                if not given.foreign:
                    trace_reading(settings, None, given.directory.name)
                results.search(given.directory, Path(name).name if given.foreign else None)
            if not as_json:
                results.print_new()
            if results.is_full:
                break
    if as_json:
        print_json(results.as_json())
    results.tell()
    return 1 if results.failed else 0


def _names(settings: Settings, sessions: Sequence[str], *, every: bool) -> list[str]:
    if every and sessions:
        raise UsageError("--all searches every session", "name some, or give --all")
    if every:
        found = session_directories(settings.home)
        return sorted(found, key=lambda name: started_of(found[name]), reverse=True)
    if not sessions:
        raise UsageError(
            "which session is to be searched is not said",
            "name it, or `latest`, or search all of them with --all",
        )
    return list(dict.fromkeys(sessions))


class _Results:
    """What was found so far, and what was printed of it."""

    def __init__(
        self,
        matcher: Matcher,
        limit: int | None,
        terminal: tuple[int, int] | None,
        transcripts: Transcripts,
    ) -> None:
        self.failed = False
        self._transcripts = transcripts
        self._matcher = matcher
        self._limit = limit
        self._terminal = terminal
        self._hits: list[tuple[str, Hit | SpokenHit]] = []
        self._printed = 0
        self._more = False

    @property
    def is_full(self) -> bool:
        return self._more

    def search(self, directory: Path, label: str | None = None) -> None:
        """Search one session; say it where that cannot be done, and go on with the others."""
        spoken = () if label is not None or self._terminal is not None else self._lines(directory)
        label = label or directory.name
        left = None if self._limit is None else self._limit - len(self._hits)
        try:
            found = self._find(directory, left, label)
        except JumpseatError as error:
            self.failed = True
            say(f"{label}: {error}")
            return
        hits, self._more = with_spoken(found, spoken, self._matcher, left)
        self._hits += [(label, hit) for hit in hits]
        if is_locked(directory):
            say(f"{label} is still being recorded; the last moments are not searched yet")
        elif not started_of(directory):
            self.failed = True
            say(f"{label}: the beginning of its journal cannot be read")

    def _lines(self, directory: Path) -> tuple[SpokenLine, ...]:
        """Return what was spoken in a session; say it where that cannot be had."""
        try:
            return self._transcripts.lines(directory.name)
        except JumpseatError as error:
            self.failed = True
            say(f"{directory.name}: what was spoken is not searched: {error}")
            return ()

    def _find(self, directory: Path, left: int | None, label: str) -> Found:
        if is_indexed(directory):
            return search_session(directory, self._matcher, terminal=self._terminal, limit=left)
        with progress(f"indexing {label}") as tell:
            return search_session(
                directory, self._matcher, terminal=self._terminal, limit=left, progress=tell
            )

    def print_new(self) -> None:
        """Print what was found since the last call."""
        fresh = self._hits[self._printed :]
        self._printed = len(self._hits)
        for line in hit_lines(fresh, _columns()):
            click.echo(line)

    def as_json(self) -> list[dict[str, object]]:
        """Return the hits as `--json` prints them."""
        return [hit_json(session, hit) for session, hit in self._hits]

    def tell(self) -> None:
        """Say how it ended."""
        if self._more:
            say(f"there is more than these {len(self._hits)} lines; --limit N prints up to N")
        elif not self._hits and not self.failed:
            say("nothing was found")


def _columns() -> int | None:
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None
