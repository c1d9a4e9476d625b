"""The documentation keeps up with the program."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from analyzer.signals.editors import rules_schema
from recorder.recording.journal import journal_schema
from recorder.recording.manifest import manifest_schema

PAGES = [
    "README.md",
    "ARCHITECTURE.md",
    *(f"docs/{each.name}" for each in sorted(Path(__file__).parents[1].glob("docs/*.md"))),
]


def test_the_schema_of_the_recording_is_current(root: Path) -> None:
    published = json.loads((root / "docs" / "recording.schema.json").read_text())
    assert published == json.loads(json.dumps(journal_schema())), "run `make schema`"


def test_the_schema_of_the_manifest_is_current(root: Path) -> None:
    published = json.loads((root / "docs" / "manifest.schema.json").read_text())
    assert published == json.loads(json.dumps(manifest_schema())), "run `make schema`"


def test_the_schema_of_the_signals_is_current(root: Path) -> None:
    published = json.loads((root / "docs" / "signals.schema.json").read_text())
    assert published == json.loads(json.dumps(rules_schema())), "run `make schema`"


def test_every_kind_of_pattern_and_key_of_a_rule_is_documented(root: Path) -> None:
    text = (root / "docs" / "signals.md").read_text()
    definitions = rules_schema()["$defs"]
    assert isinstance(definitions, dict)
    named = {"Signal", "Pattern", "Count", "Stretch", *(n for n in definitions if "Pattern" in n)}
    keys = {key for name in named for key in definitions[name]["properties"]}
    assert [key for key in sorted(keys - {"example"}) if key not in text] == []


def test_every_event_of_the_journal_is_documented(root: Path) -> None:
    text = (root / "docs" / "recording.md").read_text()
    mapping = journal_schema()["discriminator"]
    assert isinstance(mapping, dict)
    assert [event for event in mapping["mapping"] if f"`{event}`" not in text] == []


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(root: Path, page: str) -> None:
    text = (root / page).read_text()
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]
    assert [link for link in links if not ((root / page).parent / link).exists()] == []


def test_every_place_in_the_module_map_exists(root: Path) -> None:
    text = (root / "ARCHITECTURE.md").read_text()
    places = re.findall(r"`((?:recorder|analyzer|tui|docs)/[\w/.]*)`", text)
    assert places
    assert [place for place in places if not (root / place).exists()] == []
