"""Analyses recordings and keeps what was concluded in the store, in step with the files.

Recordings are the truth: rows can be dropped and computed again. Several may write at once (the
follower, a viewer that asks); whoever read further wins. Watching a file grow is the follower's.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, Engine, delete, insert, select, update

from analyzer.analysis import Pipeline
from analyzer.records import Command, Evidence, Tag
from analyzer.signals.loader import rules_path, shipped_rules
from analyzer.tables import AnalysisRow, CommandRow, TagRow
from recorder.errors import RecordingError
from recorder.recording.events import Problem
from recorder.recording.reader import RecordingReader
from recorder.store.catalogue import sync_session
from recorder.store.engine import store_errors
from recorder.store.tables import SessionRow

REVISION = 1
"""Raised with every change of the analyzer that changes what it concludes."""

COMPLETE = "."
"""Stands among the covered files, with 1, once what is open was ended with the recording."""

_BLOCK = 1 << 16
_BATCH = 400
"""Keys in one statement, below the least of the databases' limits on parameters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What a recording means: commands and tags, each in order of t, then id.

    Attributes:
        commands: Command lines.
        tags: Occurrences of signals, withdrawn and undetermined ones too.
        covered: Bytes that were read of each file; `COMPLETE` once nothing more will come.
        problems: What could not be read.

    """

    commands: tuple[Command, ...]
    tags: tuple[Tag, ...]
    covered: dict[str, int]
    problems: tuple[Problem, ...] = ()


@cache
def version() -> str:
    """Return what decides the conclusions: a hash of the rules and of the analyzer's version.

    Raises:
        RulesError: The rules cannot be read.

    """
    shipped_rules()
    try:
        program = installed_version("jumpseat")
    except PackageNotFoundError:
        program = "source"
    digest = hashlib.sha256(rules_path().read_bytes())
    digest.update(f"{program} {REVISION}".encode())
    return digest.hexdigest()[:32]


def analyse(directory: Path) -> Analysis:
    """Analyse all that a recording holds now.

    What is open in a session that still runs stays open; else it ends with the recording.

    Raises:
        SessionNotFoundError: There is no recording in the directory.
        RulesError: The rules cannot be read.

    """
    pipeline = Pipeline(shipped_rules())
    commands: dict[str, Command] = {}
    tags: dict[str, Tag] = {}
    with RecordingReader(directory) as reader:
        abandoned = not reader.is_live
        for event in reader.read():
            found = pipeline.observe(event)
            commands |= {command.id: command for command in found.commands}
            tags |= {tag.id: tag for tag in found.tags}
        covered = reader.covered
        if abandoned or reader.closed is not None:
            found = pipeline.finish()
            commands |= {command.id: command for command in found.commands}
            tags |= {tag.id: tag for tag in found.tags}
            covered[COMPLETE] = 1
        return Analysis(
            commands=tuple(sorted(commands.values(), key=_order)),
            tags=tuple(sorted(tags.values(), key=_order)),
            covered=covered,
            problems=tuple(reader.problems),
        )


def ensure_analysed(directory: Path, engine: Engine) -> Analysis:
    """Return a session's commands and tags after analysing what the store lacks.

    Raises:
        SessionNotFoundError: There is no recording in the directory.
        RecordingError: Its journal does not say which session it is.
        StoreError: The store cannot be used.
        RulesError: The rules cannot be read.

    """
    session, live = _look(directory)
    sync_session(engine, directory)
    stored = _stored(engine, session)
    wanted = _sizes(directory) | ({} if live else {COMPLETE: 1})
    if stored is not None and _covers(stored.covered, wanted):
        return stored
    analysis = analyse(directory)
    store_analysis(engine, session, analysis)
    return analysis


def session_of(directory: Path) -> str:
    """Return the id of the session that was recorded in a directory.

    Raises:
        SessionNotFoundError: There is no recording in the directory.
        RecordingError: Its journal does not say.

    """
    return _look(directory)[0]


def _look(directory: Path) -> tuple[str, bool]:
    """Return a recording's session, and whether it still goes on."""
    with RecordingReader(directory) as reader:
        for _ in reader.read():
            # The whole journal is read before the first event is given.
            if reader.opened is not None:
                return reader.opened.session, reader.is_live
    raise RecordingError(f"the journal in {directory} does not begin with a session")


def store_analysis(engine: Engine, session: str, analysis: Analysis) -> None:
    """Replace a session's rows, unless somebody stored more of the same version.

    Raises:
        StoreError: The store cannot be written.

    """
    with store_errors(engine), engine.begin() as connection:
        _lock(connection, session)
        stored = _stored_cover(connection, session)
        if stored is not None and stored != analysis.covered and _covers(stored, analysis.covered):
            return
        connection.execute(delete(CommandRow).where(CommandRow.session == session))
        connection.execute(delete(TagRow).where(TagRow.session == session))
        _insert(connection, session, analysis.commands, analysis.tags)
        _note_cover(connection, session, analysis.covered)


def store_found(
    engine: Engine,
    session: str,
    commands: Sequence[Command],
    tags: Sequence[Tag],
    covered: dict[str, int],
) -> None:
    """Add or renew rows while a session runs, and note how far it was read.

    Raises:
        StoreError: The store cannot be written.

    """
    with store_errors(engine), engine.begin() as connection:
        _lock(connection, session)
        stored = _stored_cover(connection, session)
        for table, ids in ((CommandRow, [c.id for c in commands]), (TagRow, [t.id for t in tags])):
            for start in range(0, len(ids), _BATCH):
                some = ids[start : start + _BATCH]
                connection.execute(
                    delete(table).where(table.session == session, table.id.in_(some))
                )
        _insert(connection, session, commands, tags)
        if stored is None or _covers(covered, stored):
            _note_cover(connection, session, covered)


def forget(engine: Engine, session: str) -> None:
    """Drop all that was concluded about a session.

    Raises:
        StoreError: The store cannot be written.

    """
    with store_errors(engine), engine.begin() as connection:
        _lock(connection, session)
        for table in (CommandRow, TagRow, AnalysisRow):
            connection.execute(delete(table).where(table.session == session))


def commands_json(commands: Iterable[Command]) -> list[dict[str, Any]]:
    """Return what `jumpseat commands --json` prints; the fields are a contract."""
    return [
        {name: value for name, value in asdict(command).items() if name != "id"}
        for command in sorted(commands, key=_order)
    ]


def tags_json(tags: Iterable[Tag], *, every: bool = False) -> list[dict[str, Any]]:
    """Return what `jumpseat tags --json` prints; with ``every`` it is what ``--all`` adds."""
    shown: list[dict[str, Any]] = []
    for tag in sorted(tags, key=_order):
        if not every and tag.state != "established":
            continue
        fields = asdict(tag)
        fields["evidence"] = [_evidence_fields(item) for item in tag.evidence]
        if not every:
            del fields["state"]
        shown.append(fields)
    return shown


def _order(row: Command | Tag) -> tuple[float, str]:
    return row.t, row.id


def _evidence_fields(item: Evidence) -> dict[str, Any]:
    return asdict(item)


def _sizes(directory: Path) -> dict[str, int]:
    """Return the bytes of each file that analysis reads, without a torn last line."""
    found = {}
    for path in directory.iterdir():
        if path.suffix in {".jsonl", ".cast"}:
            found[path.name] = _whole_lines(path)
    return found


def _whole_lines(path: Path) -> int:
    """Return the offset behind the last line end of a file."""
    with path.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        while end > 0:
            start = max(0, end - _BLOCK)
            file.seek(start)
            place = file.read(end - start).rfind(b"\n")
            if place >= 0:
                return start + place + 1
            end = start
    return 0


def _covers(covered: dict[str, int], wanted: dict[str, int]) -> bool:
    """Whether all of ``wanted`` was read."""
    return all(covered.get(name, 0) >= size for name, size in wanted.items())


def _lock(connection: Connection, session: str) -> None:
    """Let one writer at a time at a session's rows; it is the transaction's first statement."""
    connection.execute(update(SessionRow).where(SessionRow.id == session).values(id=SessionRow.id))


def _stored_cover(connection: Connection, session: str) -> dict[str, int] | None:
    """Return how far this version read the recording, None where it has not."""
    row = connection.execute(
        select(AnalysisRow.version, AnalysisRow.covered).where(AnalysisRow.session == session)
    ).first()
    return dict(row.covered) if row is not None and row.version == version() else None


def _note_cover(connection: Connection, session: str, covered: dict[str, int]) -> None:
    values = {"version": version(), "covered": covered, "updated": datetime.now(UTC)}
    known = connection.execute(
        update(AnalysisRow).where(AnalysisRow.session == session).values(**values)
    )
    if known.rowcount == 0:
        connection.execute(insert(AnalysisRow).values(session=session, **values))


def _insert(
    connection: Connection, session: str, commands: Sequence[Command], tags: Sequence[Tag]
) -> None:
    if commands:
        rows = [{"session": session, **asdict(command)} for command in commands]
        connection.execute(insert(CommandRow), rows)
    if tags:
        rows = [{"session": session, **asdict(tag)} for tag in tags]
        for row in rows:
            row["evidence"] = list(row["evidence"])
        connection.execute(insert(TagRow), rows)


def _stored(engine: Engine, session: str) -> Analysis | None:
    """Return what the store holds, None where this version has stored nothing."""
    with store_errors(engine), engine.connect() as connection:
        covered = _stored_cover(connection, session)
        if covered is None:
            return None
        commands = connection.execute(
            select(CommandRow.__table__)
            .where(CommandRow.session == session)
            .order_by(CommandRow.t, CommandRow.id)
        ).mappings()
        tags = connection.execute(
            select(TagRow.__table__).where(TagRow.session == session).order_by(TagRow.t, TagRow.id)
        ).mappings()
        return Analysis(
            commands=tuple(Command(**_without_session(row)) for row in commands),
            tags=tuple(_tag(_without_session(row)) for row in tags),
            covered=covered,
        )


def _without_session(row: Any) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "session"}


def _tag(fields: dict[str, Any]) -> Tag:
    evidence = cast("list[dict[str, Any]]", fields.pop("evidence"))
    return Tag(**fields, evidence=tuple(Evidence(**item) for item in evidence))
