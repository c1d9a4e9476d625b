from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.errors import RecordingError
from recorder.recording.journal import (
    AddressGiven,
    ChannelClosed,
    ChannelOpened,
    ChannelRefused,
    ClockEnded,
    ClockExtended,
    ClockStarted,
    ConnectionClosed,
    ConnectionOpened,
    ConnectionRefused,
    ConsentShown,
    Flow,
    ForwardClosed,
    ForwardOpened,
    JournalEntry,
    LoginAttempt,
    PortRelayClosed,
    PortRelayOpened,
    PtyRequest,
    RemoteForward,
    SessionClosed,
    SessionOpened,
    SessionTerms,
    TargetHostKey,
    decode_entry,
    encode_entry,
    journal_schema,
)

words = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30)
moments = st.floats(0, 1e6)
counts = st.integers(1, 10**6)
pty = st.builds(PtyRequest, term=words, columns=counts, lines=counts)
flow = st.builds(
    Flow,
    stream=st.sampled_from(["in", "out", "err"]),
    size=counts,
    first=st.none() | moments,
    last=st.none() | moments,
    digest=words,
    file=st.none() | words,
    kept=counts,
)
entries: st.SearchStrategy[JournalEntry] = st.one_of(
    st.builds(
        SessionOpened,
        t=moments,
        program=words,
        session=words,
        started=words,
        monotonic=moments,
        boot=words,
        target=words,
        listen=st.none() | words,
        candidate=st.none() | words,
    ),
    st.builds(
        ChannelRefused,
        t=moments,
        connection=counts,
        channel=counts,
        kind=st.sampled_from(["session", "shell", "exec", "subsystem"]),
        command=st.none() | words,
        reason=words,
    ),
    st.builds(
        RemoteForward,
        t=moments,
        connection=counts,
        address=words,
        state=st.sampled_from(["listening", "refused", "cancelled"]),
    ),
    st.builds(
        ForwardOpened,
        t=moments,
        connection=counts,
        channel=counts,
        kind=st.sampled_from(["local", "remote-socket", "agent", "x11", "other"]),
        address=st.none() | words,
        origin=st.none() | words,
    ),
    st.builds(
        ForwardClosed,
        t=moments,
        connection=counts,
        channel=counts,
        refused=st.none() | words,
        flows=st.lists(flow, max_size=2).map(tuple),
    ),
    st.builds(PortRelayOpened, t=moments, relay=counts, port=counts, peer=words),
    st.builds(
        PortRelayClosed,
        t=moments,
        relay=counts,
        refused=st.none() | words,
        flows=st.lists(flow, max_size=2).map(tuple),
    ),
    st.builds(
        TargetHostKey,
        t=moments,
        algorithm=words,
        fingerprint=words,
        verdict=st.sampled_from(["pinned", "known", "changed"]),
    ),
    st.builds(ConnectionOpened, t=moments, connection=counts, peer=words, client=st.none() | words),
    st.builds(
        LoginAttempt,
        t=moments,
        connection=counts,
        user=words,
        method=words,
        methods=st.lists(words, max_size=3).map(tuple),
        outcome=st.sampled_from(["accepted", "partial", "refused", "error"]),
        cause=st.sampled_from([None, "refused", "unreachable", "banned", "hop"]),
        detail=st.none() | words,
        fingerprint=st.none() | words,
        target=st.sampled_from([None, "accepts", "refuses"]),
        hop=st.sampled_from([None, "relayed", "password", "management-key", "open-connection"]),
    ),
    st.builds(
        ChannelOpened,
        t=moments,
        connection=counts,
        channel=counts,
        kind=st.sampled_from(["shell", "exec", "subsystem"]),
        command=st.none() | words,
        user=st.none() | words,
        pty=st.none() | pty,
        env=st.dictionaries(words, words, max_size=3),
        file=st.none() | words,
    ),
    st.builds(
        ChannelClosed,
        t=moments,
        connection=counts,
        channel=counts,
        exit_status=st.none() | st.integers(0, 255),
        exit_signal=st.none() | words,
        flows=st.lists(flow, max_size=3).map(tuple),
    ),
    st.builds(ConnectionClosed, t=moments, connection=counts, reason=words),
    st.builds(
        SessionTerms,
        t=moments,
        exercise=st.none() | words,
        consent=st.sampled_from(["banner", "elsewhere"]),
        consent_text=st.none() | words,
        gate=st.sampled_from(["everybody", "named", "own-user"]),
    ),
    st.builds(
        AddressGiven,
        t=moments,
        address=words,
        kind=st.sampled_from(["public", "private"]),
        admitted=st.booleans(),
    ),
    st.builds(
        ConnectionRefused,
        t=moments,
        peer=words,
        reason=st.sampled_from(["address", "user", "startups"]),
        times=counts,
    ),
    st.builds(ConsentShown, t=moments, connection=counts),
    st.builds(ClockStarted, t=moments, length=moments),
    st.builds(ClockExtended, t=moments, by=moments, length=moments),
    st.builds(ClockEnded, t=moments),
    st.builds(SessionClosed, t=moments, reason=st.sampled_from(["closed", "cut-off", "failed"])),
)


@given(entry=entries)
def test_every_entry_round_trips_in_one_line(entry: JournalEntry) -> None:
    line = encode_entry(entry)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert decode_entry(line) == entry


@given(entry=entries, data=st.data())
def test_an_entry_cut_anywhere_is_refused(entry: JournalEntry, data: st.DataObject) -> None:
    line = encode_entry(entry)
    cut = data.draw(st.integers(0, len(line) - 2))
    with pytest.raises(RecordingError):
        decode_entry(line[:cut])


@given(entry=entries, key=words)
def test_a_newer_key_is_ignored(entry: JournalEntry, key: str) -> None:
    told: dict[str, Any] = json.loads(encode_entry(entry))
    told.setdefault("x-" + key, [1, 2])
    assert decode_entry(json.dumps(told).encode()) == entry


def test_a_newer_event_is_skipped() -> None:
    assert decode_entry(b'{"t":1.0,"event":"coffee-served"}') is None


@pytest.mark.parametrize(
    "line",
    [b"", b"[]", b"{}", b'{"event":1}', b"\xff\xfe", b"[" * 100000]
    + [
        b'{"event":"connection-closed","connection":1,"reason":"x","t":' + t + b"}"
        for t in (b"NaN", b"Infinity", b'"soon"', b"null")
    ],
)
def test_what_is_no_entry_is_refused(line: bytes) -> None:
    with pytest.raises(RecordingError):
        decode_entry(line)


@given(line=st.binary(max_size=80))
def test_only_recording_errors_escape_from_any_line(line: bytes) -> None:
    with suppress(RecordingError):
        decode_entry(line)


def test_the_schema_names_every_event() -> None:
    schema = json.dumps(journal_schema())
    for name in ("session-opened", "login-attempt", "channel-closed", "session-closed"):
        assert name in schema


def test_cause_in_words_of_an_older_recording_is_read_as_its_detail() -> None:
    line = (
        b'{"t":1.5,"event":"login-attempt","connection":2,"user":"candidate","method":"none",'
        b'"outcome":"error","cause":"cannot reach web01:22 (Connection refused)"}\n'
    )
    entry = decode_entry(line)
    assert isinstance(entry, LoginAttempt)
    assert entry.cause is None
    assert entry.detail == "cannot reach web01:22 (Connection refused)"
