"""Pastes at a pane's prompt, as packets bring them."""

from __future__ import annotations

import pytest

from analyzer.commands.panes.pasting import Pasting

END = b"\x1b[201~"


@pytest.mark.parametrize("size", [10, 64 * 1024 - 3, 100_000])
@pytest.mark.parametrize("cut", range(1, 6))
def test_a_paste_of_any_length_ends_also_where_a_packet_ends_within_its_mark(
    size: int, cut: int
) -> None:
    pasting = Pasting()
    pasting.note(b"\x1b[200~one\r" + b"x" * size)
    pasting.note(b"yz" + END[:cut])
    assert pasting.matters
    pasting.note(END[cut:])
    assert pasting.matters
    pasting.forget()
    assert not pasting.matters
