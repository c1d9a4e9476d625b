"""What must not be missed, the most important first: it gets the one line that a small screen has.

An event counts as news for a while, a state for as long as it lasts. Nothing of drawing, and no
judgement of the candidate.
"""

from __future__ import annotations

from collections.abc import Iterator

from tui.seat.desk.values import Alarm, Clock, Connection, Probe, TurnedAway

NEWS = 60.0
"""Seconds for which an event is told."""

SOON = 60.0
"""Seconds before an announcement is due at which it is told."""

RUNNING_OUT = 60.0
"""Seconds before the clock runs out, which closes the session, at which that is told."""


def alarms_of(
    clock: Clock,
    probes: tuple[Probe, ...],
    connections: tuple[Connection, ...],
    turned_away: tuple[TurnedAway, ...],
    *,
    live: bool,
) -> tuple[Alarm, ...]:
    """Return all there is to be told at the clock's moment."""
    now = clock.now
    return (
        *_of_clock(clock),
        *(
            Alarm(t=each.since or now, words=f"{each.id} {each.words}")
            for each in probes
            if each.alarm
        ),
        *_of_logins(connections, now),
        *(_gone(connections) if live and clock.ended is None else ()),
        *(
            Alarm(t=each.t, words=f"{each.peer} turned away: {each.why}", joint="at")
            for each in turned_away
            if now - each.t <= NEWS
        ),
    )


def _of_clock(clock: Clock) -> Iterator[Alarm]:
    due, coming, left = clock.due, clock.coming, clock.left
    if due is not None:
        yield Alarm(
            t=due.t, words=f"{due.left} minutes left: say so, then press s", joint="", loud=True
        )
    if clock.running and left is not None and left <= RUNNING_OUT:
        words = "the clock runs out and closes the session" if left > 0 else "the time is up"
        yield Alarm(t=clock.now, words=words, joint="")
    if coming is not None and coming.t - clock.now <= SOON:
        seconds = int(coming.t - clock.now)
        yield Alarm(t=coming.t, words=f"announce {coming.left} minutes in {seconds} s", joint="")


def _of_logins(connections: tuple[Connection, ...], now: float) -> Iterator[Alarm]:
    news: list[Alarm] = []
    for each in connections:
        news += [
            Alarm(t=login.t, words=f"{login.method} login {login.words}", joint="at")
            for login in each.logins
            if login.failed and login.method != "none" and now - login.t <= NEWS
        ][:1]
    inside = [each for each in connections if each.open]
    if len(inside) > 1 and now - inside[0].opened <= NEWS:
        news.append(
            Alarm(
                t=inside[0].opened,
                words=f"connection {inside[0].number} beside the first",
                joint="at",
            )
        )
    yield from sorted(news, key=lambda alarm: -alarm.t)


def _gone(connections: tuple[Connection, ...]) -> Iterator[Alarm]:
    """Tell that somebody was inside, and nobody is any more."""
    left = [each.closed for each in connections if each.accepted and each.closed is not None]
    if left and not any(each.open for each in connections):
        yield Alarm(t=max(left), words="nobody is connected")
