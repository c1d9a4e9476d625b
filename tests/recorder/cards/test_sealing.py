"""What is sealed comes back to whom it was sealed for, and to nobody else; keys are made once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from recorder.cards.book import Book
from recorder.cards.sealing import BLOCK, CardKey, SealError, load_card_key, seal, unseal
from recorder.errors import HomeError, UsageError
from recorder.home import Home
from tests.recorder.cards.staging import a_card, exercise


def fresh() -> CardKey:
    identity = pyrage.x25519.Identity.generate()
    return CardKey(identity, (str(identity.to_public()),))


MINE, OTHER = fresh(), fresh()
SEALED = seal(MINE, {"card": "a word"})


def test_a_card_is_sealed_to_the_team_and_to_its_authors_home(
    engine: Engine, home: Home, tmp_path: Path
) -> None:
    team = load_card_key(home)
    mine = load_card_key(Home(tmp_path / "mine").ensure(), team.public)
    remote = Book(engine, mine, "s1", exercise(home))
    remote.submit(a_card(), "ada")
    assert remote.own("ada").card == a_card()
    central = Book(engine, team, "s1", remote.plan)
    central.open("lead")
    assert central.sheets("lead")[0].latest.card == a_card()


def test_a_key_that_is_none_is_told_of(home: Home) -> None:
    with pytest.raises(UsageError, match="no key that cards can be sealed to"):
        load_card_key(home, "age1nonsense")
    home.card_key.write_text("AGE-SECRET-KEY-1NONSENSE")
    with pytest.raises(HomeError, match="not an age identity"):
        load_card_key(home)


values = st.text(max_size=3000) | st.integers() | st.lists(st.text(max_size=20), max_size=5)


@given(content=st.dictionaries(st.text(max_size=10), values, max_size=4))
def test_what_is_sealed_comes_back_and_its_length_tells_only_blocks(
    content: dict[str, Any],
) -> None:
    least = len(seal(MINE, {}))
    sealed = seal(MINE, content)
    assert unseal(MINE, sealed) == content
    blocks = -(-len(json.dumps(content, ensure_ascii=False).encode()) // BLOCK)
    # age adds up to a few hundred bytes by chance.
    assert abs(len(sealed) - least - (blocks - 1) * BLOCK) < BLOCK / 4
    with pytest.raises(SealError, match="another key, or altered"):
        unseal(OTHER, sealed)


@given(data=st.data())
def test_a_byte_that_was_changed_or_cut_off_is_noticed(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(SEALED) - 1))
    other = data.draw(st.integers(1, 255))
    altered = SEALED[:place] + bytes([SEALED[place] ^ other]) + SEALED[place + 1 :]
    for each in (altered, SEALED[:place]):
        with pytest.raises(SealError):
            unseal(MINE, each)


@given(data=st.binary(max_size=300))
def test_whatever_lies_in_the_store_is_opened_or_refused(data: bytes) -> None:
    with pytest.raises(SealError):
        unseal(MINE, data)


@pytest.mark.parametrize("inner", [b"[1]", b"{", b"\xff", b"[" * 100_000, b""])
def test_what_was_sealed_and_is_no_card_is_refused(inner: bytes) -> None:
    sealed = pyrage.encrypt(inner, [MINE.identity.to_public()])
    with pytest.raises(SealError):
        unseal(MINE, sealed)


def test_keys_are_private_and_made_once(home: Home) -> None:
    first: CardKey = load_card_key(home)
    assert load_card_key(home).public == first.public
    assert home.card_key.stat().st_mode & 0o777 == 0o600
