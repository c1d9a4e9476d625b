"""Who is connected, who tried, how logins came out: a line each, more where details are wanted."""

from __future__ import annotations

from rich.text import Text

from tui.seat.desk.values import Connection, Desk, Login, TurnedAway
from tui.seat.look import FAINT, INK, OUTCOME_MARKS
from tui.seat.panels.paper import Times, filled, row, words, wrapped

_FAILED = OUTCOME_MARKS["failed"]


def draw_connections(
    desk: Desk, width: int, rows: int, times: Times, *, details: bool = False
) -> list[Text]:
    """Return connections, those that are open first, then the last that were tried."""
    lines: list[Text] = []
    for each in desk.connections:
        lines.append(_line(each, width, times))
        if details:
            lines += _details(each, width, times)
    lines += [_away(each, width, times) for each in desk.turned_away]
    if not lines:
        lines = [row(width, words("nobody has connected yet", FAINT))]
    return filled(lines, width, rows)


def _line(connection: Connection, width: int, times: Times) -> Text:
    mark, style, state, t = _state(connection)
    user = connection.accepted or (connection.logins[0] if connection.logins else None)
    who = f"{user.user}@{connection.peer}" if user and connection.peer else connection.peer
    left = Text.assemble(
        (f"{mark} ", style), (f"{connection.number} ", FAINT), (f"{state} ", style), (who, FAINT)
    )
    return row(width, left, words(times.at(t), FAINT))


def _state(connection: Connection) -> tuple[str, str, str, float]:
    """Return mark, style, word and time: what it is now, or how it ended."""
    login = _telling(connection)
    if connection.open and connection.accepted is not None:
        return "●", INK, f"in by {connection.accepted.method}", connection.accepted.t
    if connection.accepted is not None and connection.closed is not None:
        return "○", FAINT, "left", connection.closed
    if login is not None and login.failed:
        return _FAILED, "$bad", f"{login.method} {login.words}", login.t
    if connection.closed is not None:
        return "○", FAINT, "left without a login", connection.closed
    return "·", FAINT, "logging in", connection.opened


def _telling(connection: Connection) -> Login | None:
    """Return the newest login that says something: clients ask with "none" first."""
    said = [each for each in connection.logins if each.method != "none"]
    return said[0] if said else None


def _details(connection: Connection, width: int, times: Times) -> list[Text]:
    lines: list[Text] = []
    for login in connection.logins:
        said = f"{times.exactly(login.t)} {login.method} {login.words}"
        offered = f", offered: {', '.join(login.methods)}" if login.methods else ""
        lines += wrapped(f"{said}{offered}", width, 2, FAINT, indent="    ")
        lines += wrapped(login.detail, width, 1, FAINT, indent="      ")
    more = [connection.client, ", ".join(connection.channels), connection.reason]
    return [
        *lines,
        *wrapped(" · ".join(each for each in more if each), width, 2, FAINT, indent="    "),
    ]


def _away(away: TurnedAway, width: int, times: Times) -> Text:
    often = f" {away.times} times" if away.times > 1 else ""
    left = Text.assemble(
        (f"{_FAILED} ", "$bad"), (f"turned away{often} ", INK), (f"{away.peer}: {away.why}", FAINT)
    )
    return row(width, left, words(times.at(away.t), FAINT))
