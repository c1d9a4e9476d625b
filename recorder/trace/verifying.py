"""Whether the trace is as it was written: the first entry that was changed, is missing, or is new.

What that proves and what it cannot is said in ``docs/trace.md``: who can write the database's files
can make a whole new chain, which only a head that was noted elsewhere tells.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, String, cast, select

from recorder.store.engine import store_errors
from recorder.store.rows import in_utc
from recorder.trace.entries import BEGINNING, digest
from recorder.trace.tables import TraceRow


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that is wrong; ``number`` is the entry's, or that of the missing one."""

    number: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a look at the whole chain found.

    Attributes:
        entries: How many were good before the fault, or in all.
        head: The hash of the last good one.
        fault: What is wrong; None where the chain is whole.
        found: The number of the entry whose hash was asked for; None if it is not there, or none
            was asked for.

    """

    entries: int
    head: str
    fault: Fault | None = None
    found: int | None = None


def verify(engine: Engine, head: str | None = None) -> Verified:
    """Look at every entry.

    Args:
        engine: The store.
        head: A hash that was noted earlier; it must still be in the chain, at its end or before.

    Raises:
        StoreError: The store cannot be read.

    """
    count, last, found = 0, BEGINNING, None
    with closing(_rows(engine)) as rows:
        for row in rows:
            fault = _fault(row, count + 1, last)
            if fault is not None:
                return Verified(entries=count, head=last, fault=fault, found=found)
            count, last = count + 1, row["hash"]
            if last == head:
                found = count
    return Verified(entries=count, head=last, found=found)


def _fault(row: Mapping[str, Any], expected: int, last: str) -> Fault | None:
    number = row["number"]
    if number > expected:
        missing = f"entries {expected} to {number - 1} are" if number - expected > 1 else "it is"
        return Fault(expected, f"{missing} missing: what stands there is number {number}")
    if number < expected:
        return Fault(number, "its number is none that was ever given")
    try:
        kept = _digest(row)
    except (ValueError, TypeError, AttributeError, OverflowError):
        return Fault(number, "it holds what was never written here")
    if kept != row["hash"]:
        return Fault(number, "it was changed: its columns do not give its hash")
    if row["before"] != last:
        return Fault(number, "it does not follow the one before: that one is another")
    return None


def _digest(row: Mapping[str, Any]) -> str:
    said = row["said"]
    if isinstance(said, str):
        said = datetime.fromisoformat(said)
    return digest({**row, "said": in_utc(said)})


def _rows(engine: Engine) -> Generator[Mapping[str, Any], None, None]:
    """Yield the rows by number, values as the database has them."""
    table = TraceRow.__table__
    # SQLite takes any text for a time; what is none must be told, not stop the look.
    raw = {"said"} if engine.dialect.name == "sqlite" else set()
    columns = [cast(c, String).label(c.name) if c.name in raw else c for c in table.columns]
    with store_errors(engine), engine.connect() as connection:
        query = select(*columns).order_by(TraceRow.number)
        with connection.execution_options(yield_per=1000).execute(query) as result:
            for row in result.mappings():
                yield dict(row)
