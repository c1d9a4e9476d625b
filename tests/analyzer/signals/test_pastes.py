"""Pastes as packets bring them: marks that are cut, lines that come later, secrets in them."""

from __future__ import annotations

import pytest

from analyzer.records import Tag
from analyzer.signals import pastes
from analyzer.signals.engine import Engine
from recorder.recording.events import Input, Place
from tests.support.rules import rules_of

RULES = rules_of(hit="[[signal.when]]\npaste.lines-at-least = 3\n")


def pasted(*packets: tuple[float, bytes]) -> list[Tag]:
    """Return the tags of packets, each as it stands last."""
    engine = Engine(RULES)
    tags: dict[str, Tag] = {}
    for number, (t, data) in enumerate(packets):
        place = Place(file="c1-1.cast", offset=number)
        event = Input(t=t, place=place, connection=1, channel=1, data=data)
        tags |= {tag.id: tag for tag in engine.observe(event)}
    return list(tags.values())


@pytest.mark.parametrize("cut", range(1, 6))
def test_a_paste_ends_also_where_a_packet_ends_within_its_mark(cut: int) -> None:
    mark = b"\x1b[201~"
    typed = [(9.0 + n, bytes([key])) for n, key in enumerate(b"ls\rpwd\r")]
    (tag,) = pasted(
        (1.0, b"\x1b[200~one\rtwo\rthree"), (1.1, mark[:cut]), (1.2, mark[cut:]), *typed
    )
    assert tag.t == 1.2
    assert tag.evidence[0].text == "3 lines pasted: one | two | three"


def test_what_only_looks_like_the_end_of_a_paste_is_a_part_of_it() -> None:
    (tag,) = pasted((1.0, b"\x1b[200~one\rtwo\x1b["), (1.1, b"0m\rthree\x1b[201~"))
    assert tag.evidence[0].text == "3 lines pasted: one | two [0m | three"


def test_of_a_paste_that_nobody_marked_all_lines_are_counted_in_the_end() -> None:
    first, more = b"one\rtwo\rthree\r", b"four\rfive\r"
    (tag,) = pasted((1.0, first), (1.01, more))
    assert tag.t == 1.0
    assert tag.evidence[0].text.startswith("5 lines pasted: one | two | three | four | five")


def test_a_long_paste_is_read_for_secrets_only_where_more_of_it_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[str] = []

    def noted(text: str) -> str:
        read.append(text)
        return text

    monkeypatch.setattr(pastes, "redact", noted)
    packets = [(1.0 + n / 100, b"a line of forty characters, more or less\r") for n in range(1000)]
    (tag,) = pasted(*packets)
    assert tag.evidence[0].text.startswith("1000 lines pasted: ")
    assert len(read) <= 4096 // 41 + 1


def test_a_secret_in_lines_of_its_own_is_not_in_the_evidence() -> None:
    text = b"sudo passwd --stdin bob <<EOF\rsesame\rEOF\rls\r"
    (tag,) = pasted((1.0, b"\x1b[200~" + text + b"\x1b[201~"))
    assert tag.evidence[0].text.startswith("4 lines pasted: sudo passwd --stdin bob <<EOF | ")
    assert "sesame" not in repr(tag)
