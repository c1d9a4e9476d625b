"""What is at hand when: one turn for each command, from the first key of it to the next one's.

Turns follow each other without gaps, over all terminals, since a candidate has two hands. Nothing
is judged here: what a turn is about is `by_rules.py`'s and the trained models'.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from analyzer.edits.record import FileEdit
from analyzer.models.evidence import Told, of_command
from analyzer.models.observed import BUCKET, Observed, Ran
from analyzer.records import Command, Evidence, Tag

_Terminal = tuple[int, int]

_LOOKED_BEHIND = 60
"""Buckets that are looked at for the first key of a line, at most."""


_AFTERWARDS = 15.0
"""Seconds after a command in which what is noticed still belongs to it."""


@dataclass(slots=True, kw_only=True)
class Turn:
    """A command at hand; times are seconds since the session's start.

    Attributes:
        start: When its first key was typed, as far as that is known.
        entered: When it was entered.
        end: When the prompt came back, or what is known of that; at least ``entered``.
        until: When the next turn starts, or the session's present.
        ran: The command.
        told: What its words say.
        within: What the words of the program say whose prompt it was typed into, None for shells.
        edits: The files that it wrote.
        tags: What was noticed in this turn.

    """

    start: float
    entered: float
    end: float
    until: float
    ran: Ran
    told: Told
    within: Told | None = None
    edits: list[FileEdit] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)


def turns_of(observed: Observed) -> list[Turn]:
    """Return the turns of what was observed so far, in order; the last reaches to ``now``."""
    ordered = sorted(observed.ran.values(), key=lambda ran: (ran.command.t, ran.command.id))
    turns: list[Turn] = []
    hosts: dict[_Terminal, Turn] = {}
    for ran in ordered:
        turn = _turn(ran, observed, turns[-1] if turns else None)
        if turns:
            turns[-1].until = turn.start
        _place(turn, hosts)
        turns.append(turn)
    _give_edits(turns, observed.edits.values())
    _give_tags(turns, observed.tags.values())
    return turns


def _turn(ran: Ran, observed: Observed, before: Turn | None) -> Turn:
    command = ran.command
    told = of_command(command.text, ran.simple)
    entered = min(command.t, observed.now)
    if ran.opened or told.around:
        end = entered
    elif command.duration is None:
        end = observed.now
    else:
        end = min(observed.now, entered + command.duration)
    return Turn(
        start=_first_key(entered, observed, before),
        entered=entered,
        end=max(entered, end),
        until=observed.now,
        ran=ran,
        told=told,
    )


def _first_key(entered: float, observed: Observed, before: Turn | None) -> float:
    """Return when typing began that led to Enter; not while the command before was at hand."""
    floor = 0.0
    if before is not None:
        floor = before.end if before.end <= entered else before.entered
    bucket = int(entered / BUCKET)
    for _ in range(_LOOKED_BEHIND):
        if bucket * BUCKET <= floor or (bucket - 1) not in observed.traffic:
            break
        if not observed.traffic[bucket - 1].keys:
            break
        bucket -= 1
    return min(entered, max(floor, bucket * BUCKET))


def _place(turn: Turn, hosts: dict[_Terminal, Turn]) -> None:
    """Find the program that a line was typed into, and remember those that take lines."""
    command = turn.ran.command
    terminal = (command.connection, command.channel)
    if command.kind == "repl":
        host = hosts.get(terminal)
        turn.within = host.told if host is not None and host.end >= turn.entered else None
    else:
        hosts[terminal] = turn


def _give_edits(turns: list[Turn], edits: Iterable[FileEdit]) -> None:
    by_command = {turn.ran.command.id: turn for turn in turns}
    for edit in edits:
        turn = by_command.get(edit.command) or _at(turns, edit.t)
        if turn is not None and edit.saved != "no":
            turn.edits.append(edit)


def _give_tags(turns: list[Turn], tags: Iterable[Tag]) -> None:
    entered = {_moment(turn.ran.command): turn for turn in turns}
    for tag in tags:
        if tag.state != "established":
            continue
        rests_on = [each for each in tag.evidence if each.kind == "command"]
        told = [turn for each in rests_on if (turn := entered.get(_moment(each))) is not None]
        turn = told[-1] if told else _near(turns, tag.t)
        if turn is not None:
            turn.tags.append(tag)


def _moment(what: Command | Evidence) -> tuple[int | None, int | None, float]:
    return what.connection, what.channel, what.t


def _near(turns: list[Turn], t: float) -> Turn | None:
    """Return the turn at hand at a moment, or the next one where its command was over long ago."""
    place = _place_at(turns, t)
    if place is None:
        return None
    turn = turns[place]
    return turns[place + 1] if t > turn.end + _AFTERWARDS and place + 1 < len(turns) else turn


def _at(turns: list[Turn], t: float) -> Turn | None:
    """Return the turn that was at hand at a moment."""
    place = _place_at(turns, t)
    return None if place is None else turns[place]


def _place_at(turns: list[Turn], t: float) -> int | None:
    low, high = 0, len(turns)
    while low < high:
        middle = (low + high) // 2
        if turns[middle].start <= t:
            low = middle + 1
        else:
            high = middle
    return low - 1 if low else None
