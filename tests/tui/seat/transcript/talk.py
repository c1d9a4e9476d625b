"""A conversation to show: before the session, without a time, without a name, and hostile."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from recorder.transcripts.values import SpokenLine
from tests.tui.seat.support import FakeFeed, make_feed

TALK: tuple[tuple[float | None, str | None, str], ...] = (
    (-4.0, "Anna Example", "Can you hear me? We record this session, as we wrote to you."),
    (8.0, "Ben Beispiel", "Yes, go on."),
    (
        12.0,
        "Anna Example",
        "A marketing page on that server has to stay up. Please stop nothing. Then install a blog.",
    ),
    (
        18.0,
        "Ben Beispiel",
        "[bold]Is it[/bold] Apache? \x1b]0;pwned\x07 I would look at what listens on port 80.",
    ),
    (44.0, "Anna Example", "Why did you upgrade all packages?"),
    (55.0, "Ben Beispiel", "To be sure."),
    (62.0, "Carla", "Did the order matter to you?"),
    (None, None, "(laughter)"),
    (90.0, "Ben Beispiel", "Not really."),
)


def line(number: int, t: float | None, speaker: str | None, text: str, **more: Any) -> SpokenLine:
    values: dict[str, Any] = {"transcript": 1, "until": None} | more
    return SpokenLine(number=number, t=t, speaker=speaker, text=text, **values)


def talk() -> tuple[SpokenLine, ...]:
    return tuple(line(number, *each) for number, each in enumerate(TALK, start=1))


def talking_feed(lines: tuple[SpokenLine, ...] | None = None) -> FakeFeed:
    feed = make_feed()
    feed.found = replace(feed.found, spoken=talk() if lines is None else lines)
    return feed
