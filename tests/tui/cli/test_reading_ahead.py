"""When the child that reads ahead begins; each test in a process of its own, which may fork."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from recorder.home import Home
from tests.recorder.samples import record_session
from tests.support.own_process import run_code

BEGIN = """\
import json, os, sys
from pathlib import Path
from recorder.home import Home
from tui.cli import reading_ahead as module
from tui.cli.reading_ahead import early_child, reading_ahead
from tui.cli.settings import Settings
from tui.seat import read_ahead
module.is_terminal = lambda: True
# On a busy machine a child may be slow.
read_ahead._PATIENCE = 50.0
home = Home(Path(sys.argv[1]))
settings = Settings(home=home, home_given=True, database_url=home.database_url)
def children():
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True
def tell(**what):
    print(json.dumps(what))
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home").ensure()
    record_session(made)
    return made


def ran(home: Home, code: str) -> dict[str, Any]:
    """Run code behind `BEGIN` in a process of its own; return what it told."""
    done = run_code(BEGIN + code, str(home.path))
    assert (done.returncode, done.stderr) == (0, "")
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_the_child_that_began_early_is_the_one_that_is_asked(home: Home) -> None:
    told = ran(
        home,
        "with early_child(['replay', 'latest']):\n"
        "    (early,) = module._early\n"
        "    with reading_ahead(settings, 'latest') as ahead:\n"
        "        same = ahead._child is early\n"
        "        session = ahead.beginning().overview.session\n"
        "tell(same=same, session=home.recording(session).is_dir(), left=children())\n",
    )
    assert told == {"same": True, "session": True, "left": False}


@pytest.mark.parametrize("words", [["tags", "replay"], ["--version"], ["home"], []])
def test_other_verbs_begin_none(home: Home, words: list[str]) -> None:
    told = ran(home, f"with early_child({words!r}):\n    tell(begun=len(module._early))\n")
    assert told == {"begun": 0}


def test_without_a_terminal_there_is_nothing_to_read_ahead_for(home: Home) -> None:
    told = ran(
        home,
        "module.is_terminal = lambda: False\n"
        "with early_child(['replay', 'latest']):\n"
        "    tell(begun=len(module._early), children=children())\n",
    )
    assert told == {"begun": 0, "children": False}


def test_a_child_that_was_not_asked_ends_with_the_program(home: Home) -> None:
    told = ran(
        home,
        "try:\n"
        "    with early_child(['watch']):\n"
        "        during = children()\n"
        "        sys.exit('usage')\n"
        "except SystemExit as error:\n"
        "    tell(during=during, said=str(error), left=children())\n",
    )
    assert told == {"during": True, "said": "usage", "left": False}


def test_what_the_settings_put_into_the_environment_holds_for_the_child(home: Home) -> None:
    """A team's own file of signals names what the lists call them."""
    told = ran(
        home,
        "with early_child(['replay']):\n"
        "    (early,) = module._early\n"
        "    os.environ['JUMPSEAT_SIGNALS_FILE'] = '/no/such/file'\n"
        "    os.environ['UNRELATED'] = 'x'\n"
        "    asked = []\n"
        "    early.ask = asked.append\n"
        "    with reading_ahead(settings, None, at_end=True):\n"
        "        pass\n"
        "(wanted,) = asked\n"
        "tell(signals=wanted.environment['JUMPSEAT_SIGNALS_FILE'],\n"
        "     others='UNRELATED' in wanted.environment, session=wanted.session,\n"
        "     at_end=wanted.at_end)\n",
    )
    assert told == {
        "signals": "/no/such/file", "others": False, "session": None, "at_end": True,
    }  # fmt: skip
