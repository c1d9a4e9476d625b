"""What a session consists of, read from its journal: logins, channels, how they ended.

From the recording and not from the store, because the recording is the truth. Nothing is printed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from recorder.recording.events import Logged
from recorder.recording.journal import (
    AddressGiven,
    ChannelClosed,
    ChannelOpened,
    ConnectionClosed,
    ConnectionOpened,
    ConnectionRefused,
    ForwardClosed,
    ForwardOpened,
    JournalEntry,
    LoginAttempt,
    Probe,
)
from recorder.recording.reader import RecordingReader
from tui.cli.output import moment

Table = tuple[tuple[str, ...], list[tuple[str, ...]]]


@dataclass(slots=True, kw_only=True)
class Outline:
    """The entries of a session's journal, sorted by what they are about."""

    connections: dict[int, ConnectionOpened] = field(default_factory=dict)
    ended: dict[int, ConnectionClosed] = field(default_factory=dict)
    logins: list[LoginAttempt] = field(default_factory=list)
    channels: dict[tuple[int, int], ChannelOpened] = field(default_factory=dict)
    closed: dict[tuple[int, int], ChannelClosed] = field(default_factory=dict)
    probes: list[Probe] = field(default_factory=list)
    addresses: list[AddressGiven] = field(default_factory=list)
    refused: list[ConnectionRefused] = field(default_factory=list)
    forwards: dict[tuple[int, int], ForwardOpened] = field(default_factory=dict)
    forwarded: dict[tuple[int, int], ForwardClosed] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def take(self, entry: JournalEntry) -> None:
        """Sort one entry in."""
        match entry:
            case AddressGiven():
                self.addresses.append(entry)
            case ConnectionRefused():
                self.refused.append(entry)
            case ConnectionOpened():
                self.connections[entry.connection] = entry
            case ConnectionClosed():
                self.ended[entry.connection] = entry
            case LoginAttempt():
                self.logins.append(entry)
            case Probe():
                self.probes.append(entry)
            case _:
                self._take_of_channel(entry)

    def _take_of_channel(self, entry: JournalEntry) -> None:
        match entry:
            case ChannelOpened():
                self.channels[entry.connection, entry.channel] = entry
            case ChannelClosed():
                self.closed[entry.connection, entry.channel] = entry
            case ForwardOpened():
                self.forwards[entry.connection, entry.channel] = entry
            case ForwardClosed():
                self.forwarded[entry.connection, entry.channel] = entry
            case _:
                pass

    def tables(self) -> dict[str, Table]:
        """Return titles and rows of what there is to show, by heading."""
        tables: dict[str, Table] = {
            "addresses": (
                ("time", "address", "kind", "outcome"),
                [
                    (moment(e.t), e.address, e.kind, "admitted" if e.admitted else "not admitted")
                    for e in self.addresses
                ],
            ),
            "refused": (
                ("time", "from", "reason", "times"),
                [(moment(e.t), e.peer, e.reason, str(e.times)) for e in self.refused],
            ),
            "connections": (
                ("connection", "opened", "closed", "from", "end"),
                [self._connection(entry) for entry in self.connections.values()],
            ),
            "logins": (
                ("connection", "time", "user", "method", "outcome"),
                [
                    (str(e.connection), moment(e.t), e.user, e.method, _login_end(e))
                    for e in self.logins
                ],
            ),
            "channels": (
                ("channel", "opened", "closed", "kind", "end", "command"),
                [self._channel(place, entry) for place, entry in self.channels.items()],
            ),
            "seen from outside": (
                ("probe", "time", "where", "answer"),
                [(each.probe, moment(each.t), each.place, _answer(each)) for each in self.probes],
            ),
            "forwards": (
                ("channel", "opened", "closed", "kind", "to", "in", "out"),
                [self._forward(place, entry) for place, entry in self.forwards.items()],
            ),
        }
        return {title: table for title, table in tables.items() if table[1]}

    def _connection(self, entry: ConnectionOpened) -> tuple[str, ...]:
        end = self.ended.get(entry.connection)
        return (
            str(entry.connection),
            moment(entry.t),
            moment(end.t) if end else "-",
            entry.peer,
            end.reason if end else "-",
        )

    def _channel(self, place: tuple[int, int], entry: ChannelOpened) -> tuple[str, ...]:
        end = self.closed.get(place)
        how = "-"
        if end is not None:
            how = end.exit_signal or ("-" if end.exit_status is None else str(end.exit_status))
        return (
            f"c{entry.connection}-{entry.channel}",
            moment(entry.t),
            moment(end.t) if end else "-",
            entry.kind,
            how,
            entry.command or "-",
        )

    def _forward(self, place: tuple[int, int], entry: ForwardOpened) -> tuple[str, ...]:
        end = self.forwarded.get(place)
        sizes = {flow.stream: str(flow.size) for flow in end.flows} if end else {}
        return (
            f"c{entry.connection}-{entry.channel}",
            moment(entry.t),
            moment(end.t) if end else "-",
            entry.kind,
            f"{entry.address or '-'} ({end.refused})"
            if end and end.refused
            else entry.address or "-",
            sizes.get("in", "-"),
            sizes.get("out", "-"),
        )

    def as_json(self) -> dict[str, object]:
        """Return the entries as the journal has them."""
        return {
            "addresses": [entry.model_dump(exclude={"event"}) for entry in self.addresses],
            "refused": [entry.model_dump(exclude={"event"}) for entry in self.refused],
            "connections": [
                entry.model_dump(exclude={"event"})
                | {"closed": gone.t if (gone := self.ended.get(number)) else None}
                for number, entry in self.connections.items()
            ],
            "logins": [entry.model_dump(exclude={"event"}) for entry in self.logins],
            "channels": [
                entry.model_dump(exclude={"event"})
                | {
                    "closed": end.t if (end := self.closed.get(place)) else None,
                    "exit_status": end.exit_status if end else None,
                    "exit_signal": end.exit_signal if end else None,
                }
                for place, entry in self.channels.items()
            ],
            "probes": [entry.model_dump(exclude={"event"}) for entry in self.probes],
            "forwards": [self._forward_as_json(*each) for each in self.forwards.items()],
            "problems": self.problems,
        }

    def _forward_as_json(self, place: tuple[int, int], entry: ForwardOpened) -> dict[str, object]:
        end = self.forwarded.get(place)
        return entry.model_dump(exclude={"event"}) | {
            "closed": end.t if end else None,
            "refused": end.refused if end else None,
            "flows": [flow.model_dump() for flow in end.flows] if end else [],
        }


def _login_end(entry: LoginAttempt) -> str:
    """Say how a try ended: by what, and whose fault it was."""
    if entry.outcome == "accepted" and entry.hop not in (None, "relayed"):
        return f"accepted (the hop followed by {entry.hop})"
    if entry.outcome == "error":
        return f"{entry.cause or 'error'}: {entry.detail}" if entry.detail else entry.outcome
    return entry.outcome


def _answer(seen: Probe) -> str:
    """Return in a few words what came of a look."""
    if seen.outcome != "answered":
        return f"{seen.outcome} ({seen.cause})" if seen.cause else seen.outcome
    words = [str(seen.status)] if seen.status is not None else []
    if seen.auth is not None:
        words.append(f"asks for {', '.join(seen.auth) or 'a login'}")
    if seen.contains is not None:
        words.append("with its words" if seen.contains else "without its words")
    if seen.location is not None:
        words.append(f"to {seen.location}")
    if seen.methods is not None:
        words.append(", ".join(seen.methods) or "nothing")
    return ", ".join(words)


def outline(directory: Path) -> Outline:
    """Read a session's journal.

    Raises:
        SessionNotFoundError: There is no recording in the directory.

    """
    found = Outline()
    with RecordingReader(directory) as reader:
        for event in reader.read():
            if isinstance(event, Logged):
                found.take(event.entry)
        found.problems = [f"{p.place.file} at {p.place.offset}: {p.words}" for p in reader.problems]
    return found
