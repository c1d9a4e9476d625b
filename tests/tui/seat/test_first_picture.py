"""What may not be imported before something stands on the terminal: it takes most of a second."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from recorder.home import Home
from recorder.store.engine import open_engine
from recorder.store.migrations import prepare

ANALYSIS = ("tree_sitter", "sklearn", "analyzer.analysis")
MIGRATIONS = ("alembic", "mako", "pygments")
STORE = ("sqlalchemy", *MIGRATIONS)
ORM = ("sqlalchemy.orm",)


def loaded(code: str, names: tuple[str, ...]) -> list[str]:
    """Return which of these modules are there after some code ran in a process of its own."""
    listing = f"{code}\nimport sys\nprint(*(set(sys.modules) & set({names!r})))"
    done = subprocess.run(
        [sys.executable, "-c", listing], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.split()


@pytest.mark.parametrize("module", ["tui.seat.app", "tui.cli.watching", "tui.cli.home"])
def test_the_first_picture_waits_for_neither_store_nor_analysis(module: str) -> None:
    slow = (
        "pydantic", "wcwidth", "importlib.metadata", "recorder.formats.detect", *STORE, *ANALYSIS,
    )  # fmt: skip
    assert loaded(f"import {module}", slow) == [], (
        "import these under TYPE_CHECKING, or where they are used"
    )


@pytest.mark.parametrize("module", ["tui.seat.recording_feed", "tui.cli.found"])
def test_the_candidates_screen_does_not_wait_for_the_store(module: str) -> None:
    slow = ("recorder.control.messages", *STORE, *ANALYSIS)
    assert loaded(f"import {module}", slow) == []


def test_the_lists_do_not_wait_for_migrations_analysis_and_the_orm(tmp_path: Path) -> None:
    home = Home(tmp_path).ensure()
    engine = open_engine(home.database_url)
    prepare(engine)
    engine.dispose()
    code = (
        "from pathlib import Path\n"
        "from recorder.home import Home\n"
        "from tui.cli.settings import Settings\n"
        "from tui.cli.store import opened_store\n"
        "from tui.seat.recorded_findings import (\n"
        "    People, stored_commands, stored_cover, stored_phases, stored_tags\n"
        ")\n"
        f"home = Home(Path({str(tmp_path)!r}))\n"
        "given = Settings(home=home, home_given=True, database_url=home.database_url)\n"
        "with opened_store(given) as engine:\n"
        "    for read in (stored_commands, stored_cover, stored_phases, stored_tags):\n"
        "        assert not read(engine, 's')\n"
        "    people = People(engine, 'ada', print)\n"
        "    assert not people.judged('s') and not people.spoken('s')\n"
        "    assert people.notes('s') == ((), 0)\n"
    )
    assert loaded(code, (*MIGRATIONS, *ANALYSIS, *ORM)) == []
