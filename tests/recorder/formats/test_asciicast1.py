"""asciicast v1, whole and broken."""

from __future__ import annotations

import json

import pytest

from recorder.formats.events import Began, Wrote
from tests.recorder.formats.samples import V1, v1, written


def test_delays_add_up() -> None:
    events, flaws = v1(V1)
    assert events == [
        Began(columns=100, lines=30, term="xterm", command="/bin/bash", title=""),
        Wrote(t=0.25, data=b"one\r\n"),
        Wrote(t=1.0, data="two ä\r\n".encode()),
        Wrote(t=2.0, data=b"three\r\n"),
    ]
    assert flaws.lines() == []


def test_the_order_of_keys_and_blanks_do_not_matter() -> None:
    raw = json.loads(V1)
    turned = dict(reversed(list(raw.items())))
    assert v1(json.dumps(turned, indent=3).encode())[0] == v1(V1)[0]


@pytest.mark.parametrize("item", ['{"a": 1}', '["1", "x"]', "[1]", "[1, 2]", "null"])
def test_an_item_that_is_no_event_is_named(item: str) -> None:
    data = V1.replace(b'[0.75, "two', item.encode() + b', [0.75, "two')
    events, flaws = v1(data)
    assert events == v1(V1)[0]
    assert flaws.lines()[0].startswith("file, event 2: not an event")


def test_what_stands_before_a_broken_place_is_kept() -> None:
    place = V1.index(b"[1.0, ")
    events, flaws = v1(V1[:place] + b"#" + V1[place:])
    assert written(events) == "one\r\ntwo ä\r\n".encode()
    assert events[0] == v1(V1)[0][0]
    assert flaws.lines() == [f"file, byte {place}: cut off here, or broken: the rest is left out"]


def test_a_delay_that_cannot_be_counts_as_none() -> None:
    events, flaws = v1(V1.replace(b"0.75", b"NaN").replace(b"[1.0,", b"[-7,"))
    assert [event.t for event in events[1:] if isinstance(event, Wrote)] == [0.25, 0.25, 0.25]
    assert flaws.count == 2


def test_without_a_list_there_is_only_a_header() -> None:
    events, flaws = v1(b'{"version": 1, "width": 80, "height": 24}')
    assert events == [Began(columns=80, lines=24)]
    assert flaws.lines() == ["file: there is no list `stdout`: nothing was shown"]


def test_brackets_without_end_are_no_trouble() -> None:
    events, flaws = v1(V1.replace(b"[0.75, ", b"[" * 100_000))
    assert written(events) == b"one\r\n"
    assert flaws.count == 1
