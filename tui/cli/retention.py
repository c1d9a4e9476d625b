"""How long sessions are kept: lengths of time as people write them, and `serve`'s part in it.

What is deleted, and how, is `recorder.purge`'s. Must never import Textual: `serve` uses it.
"""

from __future__ import annotations

import asyncio
import logging
import re
from datetime import UTC, datetime, timedelta

from recorder.errors import JumpseatError
from recorder.purge import finish_purges, older_than, purge
from tui.cli.settings import Settings
from tui.cli.store import opened_store
from tui.person import actor
from tui.tracing import take_waiting

_log = logging.getLogger(__name__)

_AGE = re.compile(r"([1-9][0-9]{0,5})\s*([hdw])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_LONGEST = timedelta(days=36_525)
"""A hundred years: no session is that old, and dates before the year 1 cannot be told."""

AGE_WORDS = "a number of hours, days or weeks, such as 36h, 90d or 12w"

CHECK_SECONDS = 3600.0
"""Between two looks of a `serve` that runs for long."""


def parse_age(words: str) -> timedelta:
    """Read a length of time; one beyond a hundred years counts as a hundred.

    Raises:
        ValueError: It is none.

    """
    match = _AGE.fullmatch(words.strip())
    if match is None:
        raise ValueError(f"{words!r} is not {AGE_WORDS}")
    return min(int(match[1]) * _UNITS[match[2]], _LONGEST)


def delete_expired(settings: Settings) -> list[str]:
    """Delete what is older than the retention time that is set; return the ids.

    What an earlier purge that was interrupted left is deleted too, whether a time is set or not.

    Raises:
        JumpseatError: Something could not be deleted.

    """
    if settings.retention is None and not settings.home.purged.is_dir():
        return []
    with opened_store(settings) as engine:
        take_waiting(settings.home, engine, _log.warning)
        gone = finish_purges(settings.home, engine, actor("serve"))
        if settings.retention is None:
            return gone
        expired = older_than(
            settings.home, engine, parse_age(settings.retention), datetime.now(UTC)
        )
        why = f"older than {settings.retention}"
        purge(settings.home, engine, expired, actor("serve"), why=why)
    return gone + [each.id for each in expired]


async def keep_deleting_expired(settings: Settings) -> None:
    """Delete what expires, now and every hour, in a thread, until cancelled."""
    while True:
        try:
            gone = await asyncio.to_thread(delete_expired, settings)
        except JumpseatError as error:
            _log.warning("sessions that are too old were not deleted: %s", error)
        else:
            if gone:
                _log.info("deleted for good: %s", ", ".join(gone))
        await asyncio.sleep(CHECK_SECONDS)
