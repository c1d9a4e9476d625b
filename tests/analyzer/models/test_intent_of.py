from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.models import loading
from analyzer.models.examples.lines import labelled_lines
from analyzer.models.intent_of import Offered, intents_of
from analyzer.models.intents import INTENTS
from analyzer.models.line_features import MOST_WORDS, has_family, line_features, without_family
from analyzer.models.program_families import FAMILIES, families_by_program


@pytest.mark.parametrize(
    ("line", "intent"),
    [
        ("sudo apt-get install -y nginx", "install-package"),
        ("systemctl restart mysql", "manage-service"),
        ("zstd -d backup.tar.zst", "archive-and-transfer"),
        ("sudo -u postgres psql -c 'select 1'", "database-work"),
        ("cd /etc/nginx && nano nginx.conf", "edit-file"),
        ("dig +short example.com", "network-check"),
    ],
)
def test_what_a_command_is_for_is_told(line: str, intent: str) -> None:
    (offered,) = intents_of([line])
    assert offered is not None
    assert offered.intent == intent


def test_nothing_is_said_of_what_tells_nothing() -> None:
    assert intents_of(["", "   ", "qqfrobnicate", "# only words", "x"]) == [None] * 5
    assert intents_of([]) == []


def test_without_models_nothing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "SHIPPED", tmp_path)
    assert intents_of(["apt update", "qqfrobnicate --help"]) == [None, None]


@given(st.lists(st.text(), max_size=5))
def test_any_text_gets_an_answer_in_known_words_or_none(lines: list[str]) -> None:
    found = intents_of(lines)
    assert len(found) == len(lines)
    for each in found:
        assert each is None or (isinstance(each, Offered) and each.intent in INTENTS)


@given(st.text())
def test_features_are_bounded_and_numbers(text: str) -> None:
    row = line_features(text)
    assert len(row) < 1000
    assert set(row.values()) <= {1.0}
    assert not has_family(without_family(row))


def test_a_line_of_any_length_has_few_features() -> None:
    row = line_features("frob " + "--option=/some/where/else:99 " * 5000)
    assert len(row) < 40 * MOST_WORDS


def test_a_name_without_a_family_is_told_by_parts_only() -> None:
    row = line_features("qqzipper some.tar.gz")
    assert not has_family(row)
    assert row["part zip"] == 1.0
    assert row["ends .tar.gz"] == 1.0


def test_families_are_in_fields_and_hold_each_program_once() -> None:
    for family, names in FAMILIES.items():
        assert ": " in family
        assert len(names.split()) == len(set(names.split()))
    assert len(families_by_program()) > 1000


def test_as_many_labelled_lines_are_of_programs_of_a_known_family_as_is_said() -> None:
    rows = [line_features(line.text) for line in labelled_lines()]
    # docs/models.md names this share; lines of other programs are there to learn from words alone.
    assert round(sum(map(has_family, rows)) / len(rows), 2) == 0.85
