"""Lists that a child process reads ahead; each test in a process of its own, which may fork."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from analyzer.service import ensure_analysed
from recorder.exercise.loader import load_exercise
from recorder.home import Home
from recorder.recording.journal import ExerciseChosen
from recorder.store.engine import open_engine
from recorder.store.migrations import prepare
from tests.tui.seat.recordings import RecordingBuilder

BEGIN = """\
import json, os, signal, sys, time
from pathlib import Path
from recorder.home import Home
from tui.cli.found import found_ahead, found_recording
from tui.cli.settings import Settings
from tui.seat import ahead as module
from tui.seat.ahead import Ahead
from tui.seat.recording_feed import RecordingFeed
home = Home(Path(sys.argv[1]))
directory = home.recording("s1")
settings = Settings(home=home, home_given=True, database_url=home.database_url)
def begin(find=lambda: found_ahead(settings, "s1")):
    found = Ahead.begin(find)
    assert found is not None
    return found
def tell(**what):
    print(json.dumps(what))
"""

ENDED = """\
def ended():
    try:
        os.waitpid(-1, 0)
    except ChildProcessError:
        return True
    return False
"""


def ran(home: Home, code: str) -> dict[str, Any]:
    """Run code behind `BEGIN` in a process of its own; return what it told."""
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + ENDED + code, str(home.path)],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def recorded(home: Home, *, blind: bool = False) -> Path:
    """A session of an exercise in which Apache is stopped, ended."""
    plan = load_exercise(home, "ghost").plan
    plan = plan.model_copy(update={"cards": plan.cards.model_copy(update={"blind_to_tags": blind})})
    with RecordingBuilder(home.recording("s1")) as made:
        chosen = plan.model_dump(mode="json", by_alias=True, exclude_none=True)
        made.write(ExerciseChosen(t=0, name="ghost", plan=chosen))
        made.terminal(2.0)
        made.output(3.0, b"candidate@web:~$ ")
        made.input(4.0, "sudo systemctl stop apache2\r")
        made.output(4.1, b"sudo systemctl stop apache2\r\n")
        made.output(9.0, b"candidate@web:~$ ")
        made.close(40.0)
    return made.directory


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").ensure()


def analyse(home: Home, directory: Path) -> None:
    engine = open_engine(home.database_url)
    prepare(engine)
    ensure_analysed(directory, engine)
    engine.dispose()


@pytest.fixture
def analysed(home: Home) -> Home:
    """A home whose one session was analysed."""
    analyse(home, recorded(home))
    return home


def test_what_a_child_reads_is_what_the_feed_reads_itself(analysed: Home) -> None:
    told = ran(
        analysed,
        "from contextlib import ExitStack\n"
        "with ExitStack() as stack:\n"
        "    ahead = begin().take(directory, 's1')\n"
        "    feed = RecordingFeed(*found_recording(stack, settings, 's1'))\n"
        "    feed.open()\n"
        "    found = feed.findings()\n"
        "    feed.close()\n"
        "tell(same=ahead == found, commands=[each.text for each in ahead.commands],\n"
        "     tag=ahead.tags[0].signal, sure=not ahead.preliminary)\n",
    )
    assert told == {
        "same": True,
        "commands": ["sudo systemctl stop apache2"],
        "tag": "apache-stopped",
        "sure": False,
    }


def test_the_feed_shows_it_without_the_store_and_is_sure_the_next_time(analysed: Home) -> None:
    told = ran(
        analysed,
        "from contextlib import ExitStack\n"
        "with ExitStack() as stack:\n"
        "    feed = RecordingFeed(*found_recording(stack, settings, 's1'), begin())\n"
        "    feed.open()\n"
        "    first = feed.findings()\n"
        "    loaded = 'sqlalchemy' in sys.modules\n"
        "    second = feed.findings()\n"
        "    feed.close()\n"
        "tell(loaded=loaded, first=first.preliminary, second=second.preliminary,\n"
        "     same=first.commands == second.commands, ended=ended())\n",
    )
    assert told == {
        "loaded": False, "first": True, "second": False, "same": True, "ended": True,
    }  # fmt: skip


def test_whoever_is_to_judge_first_gets_no_tags_ahead(home: Home) -> None:
    analyse(home, recorded(home, blind=True))
    told = ran(
        home,
        "found = begin().take(directory, 's1')\n"
        "tell(hidden=found.hidden, tags=len(found.tags), commands=len(found.commands))\n",
    )
    assert told == {"hidden": True, "tags": 0, "commands": 1}


def test_what_was_not_analysed_is_left_to_the_feed(home: Home) -> None:
    recorded(home)
    engine = open_engine(home.database_url)
    prepare(engine)
    engine.dispose()
    told = ran(home, "tell(found=begin().take(directory, 's1'), ended=ended())\n")
    assert told == {"found": None, "ended": True}


def test_a_store_that_is_not_there_is_neither_made_nor_told_of(home: Home) -> None:
    recorded(home)
    told = ran(home, "tell(found=begin().take(directory, 's1'))\n")
    assert told == {"found": None}
    assert not home.database.exists()


@pytest.mark.parametrize(
    ("directory", "session"), [("directory.parent / 's2'", "'s1'"), ("directory", "'s2'")]
)
def test_lists_of_another_session_are_not_taken(
    analysed: Home, directory: str, session: str
) -> None:
    told = ran(analysed, f"tell(found=begin().take({directory}, {session}))\n")
    assert told == {"found": None}


def test_a_child_that_fails_says_nothing(analysed: Home) -> None:
    told = ran(
        analysed,
        "def find():\n"
        "    print('out', flush=True)\n"
        "    print('err', file=sys.stderr, flush=True)\n"
        "    raise RuntimeError('no')\n"
        "tell(found=begin(find).take(directory, 's1'), ended=ended())\n",
    )
    assert told == {"found": None, "ended": True}


def test_a_child_that_hangs_is_not_waited_for_long(analysed: Home) -> None:
    told = ran(
        analysed,
        "module._PATIENCE = 0.2\n"
        "tell(found=begin(signal.pause).take(directory, 's1'), ended=ended())\n",
    )
    assert told == {"found": None, "ended": True}


def test_whoever_leaves_does_not_wait_for_the_child(analysed: Home) -> None:
    told = ran(
        analysed,
        "from threading import Thread\n"
        "module._PATIENCE = 50\n"
        "ahead, found = begin(signal.pause), []\n"
        "waiting = Thread(target=lambda: found.append(ahead.take(directory, 's1')))\n"
        "waiting.start()\n"
        "ahead.close()\n"
        "waiting.join(20)\n"
        "ahead.close()\n"
        "tell(found=found, ended=ended(), again=ahead.take(directory, 's1'))\n",
    )
    assert told == {"found": [None], "ended": True, "again": None}


def test_what_a_child_had_written_when_it_was_killed_is_not_taken(analysed: Home) -> None:
    told = ran(
        analysed,
        "import pickle\n"
        "def dump(found, pipe, protocol):\n"
        "    pipe.write(pickle.dumps(found, protocol))\n"
        "    pipe.flush()\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "module.pickle.dump = dump\n"
        "tell(found=begin().take(directory, 's1'), ended=ended())\n",
    )
    assert told == {"found": None, "ended": True}


def test_a_process_with_threads_is_not_forked(analysed: Home) -> None:
    told = ran(
        analysed,
        "from threading import Event, Thread\n"
        "end = Event()\n"
        "other = Thread(target=end.wait)\n"
        "other.start()\n"
        "found = Ahead.begin(signal.pause)\n"
        "end.set()\n"
        "other.join()\n"
        "tell(found=found, ended=ended())\n",
    )
    assert told == {"found": None, "ended": True}
