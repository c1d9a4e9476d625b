"""What a home remembers of the trace: the last entry that it saw, in a file beside the database.

Whoever can write the database can make a whole new chain; whoever can write only that cannot change
what other homes remember of it. It moves on alone when what it remembers is still there, so that
nothing is forgotten by looking. `recorder.trace.verifying` looks at the chain itself.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, select

from recorder.errors import HomeError, TraceError
from recorder.home import PRIVATE_FILE, Home, make_private_directory
from recorder.store.engine import store_errors
from recorder.trace.tables import TraceRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """An entry that was the last one: its ``number`` and its ``hash``."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What was remembered, in which file; ``found``: the trace still has it at its place."""

    head: Head
    file: Path
    found: bool


def recall(home: Home, engine: Engine) -> Memory | None:
    """Return what this home remembers of a trace; None where it never saw one in this database.

    Raises:
        StoreError: The store cannot be read.
        TraceError: The file cannot be read.

    """
    with store_errors(engine), engine.connect() as connection:
        return _recall(home, engine, connection)


def remember(home: Home, engine: Engine) -> Memory | None:
    """Remember the last entry, unless what was remembered is not there: return that then.

    Raises:
        StoreError: The store cannot be read.
        TraceError: The file cannot be read or written.

    """
    with store_errors(engine), engine.connect() as connection:
        before = _recall(home, engine, connection)
        row = connection.execute(
            select(TraceRow.number, TraceRow.hash).order_by(TraceRow.number.desc()).limit(1)
        ).first()
    if before is not None and not before.found:
        return before
    if row is not None and (before is None or row.number > before.head.number):
        _write(_file(home, engine), Head(number=row.number, hash=row.hash))
    return None


def _recall(home: Home, engine: Engine, connection: Connection) -> Memory | None:
    file = _file(home, engine)
    head = _read(file)
    if head is None:
        return None
    found = connection.execute(
        select(TraceRow.hash).where(TraceRow.number == head.number)
    ).scalar_one_or_none()
    return Memory(head=head, file=file, found=found == head.hash)


def _file(home: Home, engine: Engine) -> Path:
    """Return where the head of this database's trace is: a home may be used with several."""
    name = engine.url.render_as_string(hide_password=True)
    database = engine.url.database
    if engine.dialect.name == "sqlite" and database:
        name = f"sqlite:{Path(database).resolve()}"
        if Path(database).resolve() == home.database.resolve():
            # It moves with the home.
            name = "own"
    return home.heads / f"{hashlib.sha256(name.encode()).hexdigest()[:16]}.json"


def _read(file: Path) -> Head | None:
    try:
        content = json.loads(file.read_text(encoding="ascii"))
        return Head(number=int(content["number"]), hash=str(content["hash"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
        raise TraceError(
            f"what this home remembers of the trace cannot be read ({file})",
            "look at it, then remove it",
        ) from error


def _write(file: Path, head: Head) -> None:
    draft = file.with_name(f".{secrets.token_hex(8)}")
    try:
        make_private_directory(file.parent)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
        with os.fdopen(descriptor, "w", encoding="ascii") as written:
            json.dump(asdict(head), written)
            written.flush()
            os.fsync(written.fileno())
        draft.rename(file)
    except (OSError, HomeError) as error:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise TraceError(
            f"what this home remembers of the trace cannot be written ({file})",
            "mend its permissions, or make room",
        ) from error
