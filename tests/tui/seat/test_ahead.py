"""What a child process reads ahead; each test in a process of its own, which may fork."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from analyzer.service import ensure_analysed
from recorder.exercise.loader import load_exercise
from recorder.home import Home
from recorder.recording.journal import ExerciseChosen
from recorder.store.engine import open_engine
from recorder.store.migrations import prepare
from tests.support.own_process import run_code
from tests.tui.seat.recordings import RecordingBuilder

BEGIN = """\
import json, os, signal, sys, time
from contextlib import ExitStack
from pathlib import Path
from recorder.home import Home
from tui.cli import reading_ahead as module
from tui.cli.found import found_recording
from tui.cli.settings import Settings
from tui.seat import read_ahead
from tui.seat.ahead import Ahead
from tui.seat.recording_feed import RecordingFeed
home = Home(Path(sys.argv[1]))
directory = home.recording("s1")
settings = Settings(home=home, home_given=True, database_url=home.database_url)
def begin(name="s1", at_end=False):
    return stack.enter_context(module.reading_ahead(settings, name, at_end=at_end))
def tell(**what):
    print(json.dumps(what))
stack = ExitStack()
# On a busy machine a child may be slow; that it is not waited for has tests of its own.
read_ahead._PATIENCE = read_ahead._LISTS_PATIENCE = 50.0
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
    done = run_code(BEGIN + ENDED + code + "stack.close()\n", str(home.path))
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


BEGINNING_ALONE = """\
ahead = begin()
beginning = ahead.beginning()
tell(session=beginning.overview.session, lists=ahead.findings(), ended=ended())
"""


@pytest.fixture
def analysed(home: Home) -> Home:
    """A home whose one session was analysed."""
    analyse(home, recorded(home))
    return home


def test_what_a_child_reads_is_what_the_feed_reads_itself(analysed: Home) -> None:
    told = ran(
        analysed,
        "ahead = begin()\n"
        "beginning, lists = ahead.beginning(), ahead.findings()\n"
        "feed = RecordingFeed(*found_recording(stack, settings, 's1'))\n"
        "tell(overview=beginning.overview == feed.open(),\n"
        "     picture=beginning.picture == feed.picture(0.0, None),\n"
        "     lists=lists == feed.findings(), directory=beginning.directory == directory,\n"
        "     commands=[each.text for each in lists.commands],\n"
        "     tag=lists.tags[0].signal, sure=not lists.preliminary)\n"
        "feed.close()\n",
    )
    assert told == {
        "overview": True,
        "picture": True,
        "lists": True,
        "directory": True,
        "commands": ["sudo systemctl stop apache2"],
        "tag": "apache-stopped",
        "sure": False,
    }


def test_a_view_of_a_session_that_has_ended_begins_at_its_end(analysed: Home) -> None:
    told = ran(
        analysed,
        "picture = begin(at_end=True).beginning().picture\n"
        "tell(t=picture.t, rows=sum(bool(row) for row in picture.frame.rows))\n",
    )
    assert told["t"] == 40.0
    assert told["rows"] > 0


def test_a_replay_begins_where_the_first_terminal_was_opened(home: Home) -> None:
    with RecordingBuilder(home.recording("s1")) as made:
        made.terminal(200.0)
        made.output(201.0, b"$ ")
        made.close(210.0)
    told = ran(home, "tell(t=begin().beginning().picture.t)\n")
    assert told == {"t": 200.0}


def test_a_live_session_has_no_beginning_but_lists(home: Home) -> None:
    engine = open_engine(home.database_url)
    prepare(engine)
    engine.dispose()
    with RecordingBuilder(home.recording("s1")) as made:
        made.terminal(2.0)
        told = ran(
            home,
            "ahead = begin(None)\n"
            "beginning, own = ahead.beginning(), ahead.findings()\n"
            "lists = ahead.findings_of(directory)\n"
            "tell(beginning=beginning, own=own, commands=len(lists.commands))\n",
        )
    assert told == {"beginning": None, "own": None, "commands": 0}


def test_a_long_session_without_an_index_is_left_to_the_feed_but_for_its_lists(
    analysed: Home,
) -> None:
    told = ran(
        analysed,
        "from tui.seat import recording_feed\n"
        "from analyzer.index.build import ensure_indexed, index_path\n"
        "recording_feed._LONG = 10\n"
        "index_path(directory).unlink()\n"
        "without = begin()\n"
        "found = [without.beginning(), without.findings_of(directory) is not None]\n"
        "ensure_indexed(directory)\n"
        "tell(without=found, indexed=begin().beginning().overview.slow)\n",
    )
    assert told == {"without": [None, True], "indexed": False}


def test_the_feed_shows_it_without_the_store_and_is_sure_the_next_time(analysed: Home) -> None:
    told = ran(
        analysed,
        "feed = RecordingFeed(*found_recording(stack, settings, 's1'), begin())\n"
        "feed.open()\n"
        "first = feed.findings()\n"
        "loaded = 'sqlalchemy' in sys.modules\n"
        "second = feed.findings()\n"
        "feed.close()\n"
        "tell(loaded=loaded, first=first.preliminary, second=second.preliminary,\n"
        "     same=first.commands == second.commands, ended=ended())\n",
    )
    assert told == {
        "loaded": False, "first": True, "second": False, "same": True, "ended": True,
    }  # fmt: skip


def test_whoever_looks_is_noted_before_anything_is_shown_and_once(analysed: Home) -> None:
    told = ran(
        analysed,
        "from recorder.trace.waiting import waiting\n"
        "ahead = begin()\n"
        "before = len(waiting(home))\n"
        "ahead.beginning()\n"
        "shown = len(waiting(home))\n"
        "feed = RecordingFeed(*found_recording(stack, settings, 's1'), ahead)\n"
        "feed.open()\n"
        "tell(before=before, shown=shown, opened=len(waiting(home)))\n"
        "feed.close()\n",
    )
    assert told == {"before": 0, "shown": 1, "opened": 1}


def test_whoever_is_to_judge_first_gets_no_tags_ahead(home: Home) -> None:
    analyse(home, recorded(home, blind=True))
    told = ran(
        home,
        "ahead = begin()\n"
        "ahead.beginning()\n"
        "found = ahead.findings()\n"
        "tell(hidden=found.hidden, tags=len(found.tags), commands=len(found.commands))\n",
    )
    assert told == {"hidden": True, "tags": 0, "commands": 1}


def test_what_was_not_analysed_is_left_to_the_feed(home: Home) -> None:
    recorded(home)
    engine = open_engine(home.database_url)
    prepare(engine)
    engine.dispose()
    told = ran(home, BEGINNING_ALONE)
    assert told == {"session": "s1", "lists": None, "ended": True}


def test_a_store_that_is_not_there_is_neither_made_nor_told_of(home: Home) -> None:
    recorded(home)
    told = ran(home, BEGINNING_ALONE)
    assert told == {"session": "s1", "lists": None, "ended": True}
    assert not home.database.exists()


def test_lists_of_another_session_are_not_taken(analysed: Home) -> None:
    told = ran(
        analysed,
        "ahead = begin()\n"
        "ahead.beginning()\n"
        "tell(found=ahead.findings_of(directory.parent / 's2'), shown=ahead.is_shown)\n",
    )
    assert told == {"found": None, "shown": False}


def test_of_a_session_that_is_not_there_nothing_is_said(analysed: Home) -> None:
    told = ran(
        analysed,
        "ahead = begin('zz')\n"
        "tell(beginning=ahead.beginning(), lists=ahead.findings(), ended=ended())\n",
    )
    assert told == {"beginning": None, "lists": None, "ended": True}


def test_what_a_child_wrote_comes_part_by_part(home: Home) -> None:
    told = ran(
        home,
        "def parts(asked):\n"
        "    yield asked * 2\n"
        "    yield 'x' * 3_000_000\n"
        "    yield None\n"
        "    yield 4\n"
        "child = Ahead.begin(parts)\n"
        "child.ask(21)\n"
        "parts = [child.take(20) for _ in range(6)]\n"
        "tell(parts=[part if part != 'x' * 3_000_000 else 'all' for part in parts],\n"
        "     ended=ended())\n",
    )
    assert told == {"parts": [42, "all", None, 4, None, None], "ended": True}


def test_a_child_that_fails_says_nothing(home: Home) -> None:
    told = ran(
        home,
        "def parts(asked):\n"
        "    print('out', flush=True)\n"
        "    print('err', file=sys.stderr, flush=True)\n"
        "    raise RuntimeError('no')\n"
        "    yield\n"
        "child = Ahead.begin(parts)\n"
        "child.ask(1)\n"
        "tell(found=child.take(20), ended=ended())\n",
    )
    assert told == {"found": None, "ended": True}


def test_a_child_that_hangs_is_not_waited_for_long(home: Home) -> None:
    told = ran(
        home,
        "child = Ahead.begin(lambda asked: signal.pause())\n"
        "child.ask(1)\n"
        "tell(found=child.take(0.2), again=child.take(20), ended=ended())\n",
    )
    assert told == {"found": None, "again": None, "ended": True}


def test_whoever_leaves_does_not_wait_for_the_child(home: Home) -> None:
    told = ran(
        home,
        "from threading import Thread\n"
        "child, found = Ahead.begin(lambda asked: signal.pause()), []\n"
        "child.ask(1)\n"
        "waiting = Thread(target=lambda: found.append(child.take(50)))\n"
        "waiting.start()\n"
        "child.close()\n"
        "waiting.join(20)\n"
        "child.close()\n"
        "tell(found=found, ended=ended(), again=child.take(50))\n",
    )
    assert told == {"found": [None], "ended": True, "again": None}


def test_half_of_what_a_child_wrote_when_it_was_killed_is_not_taken(home: Home) -> None:
    told = ran(
        home,
        "from tui.seat import ahead\n"
        "class Killed:\n"
        "    def __reduce__(self):\n"
        "        whole = ahead._LENGTH.pack(1000)\n"
        "        os.write(max(map(int, os.listdir('/proc/self/fd'))), whole)\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "child = Ahead.begin(lambda asked: [1, Killed()])\n"
        "child.ask(1)\n"
        "tell(parts=[child.take(20), child.take(20)], ended=ended())\n",
    )
    assert told == {"parts": [1, None], "ended": True}


def test_a_child_that_nobody_asks_ends_by_itself(home: Home) -> None:
    told = ran(
        home,
        "from tui.seat import ahead\n"
        "ahead._UNASKED = 0.1\n"
        "child = Ahead.begin(lambda asked: [1])\n"
        "os.waitid(os.P_PID, child._child, os.WEXITED | os.WNOWAIT)\n"
        "child.ask(1)\n"
        "tell(found=child.take(20), ended=ended())\n",
    )
    assert told == {"found": None, "ended": True}


def test_a_child_ends_with_whoever_began_it(home: Home) -> None:
    told = ran(
        home,
        "reading, writing = os.pipe()\n"
        "if not (parent := os.fork()):\n"
        "    Ahead.begin(lambda asked: [1])\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "os.close(writing)\n"
        "os.waitpid(parent, 0)\n"
        "tell(held=os.read(reading, 1).decode())\n",
    )
    assert told == {"held": ""}


def test_a_process_with_threads_is_not_forked(home: Home) -> None:
    told = ran(
        home,
        "from threading import Event, Thread\n"
        "end = Event()\n"
        "other = Thread(target=end.wait)\n"
        "other.start()\n"
        "found = begin()\n"
        "end.set()\n"
        "other.join()\n"
        "tell(found=found, ended=ended())\n",
    )
    assert told == {"found": None, "ended": True}


def test_where_there_is_one_processor_nobody_shares_it(home: Home) -> None:
    told = ran(
        home,
        "os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\n"
        "tell(found=begin(), ended=ended())\n",
    )
    assert told == {"found": None, "ended": True}


def test_children_whose_end_is_ignored_are_not_begun(home: Home) -> None:
    """Their number may be another process's by the time they are to be ended."""
    told = ran(
        home,
        "signal.signal(signal.SIGCHLD, signal.SIG_IGN)\ntell(found=begin())\n",
    )
    assert told == {"found": None}


def test_without_room_for_its_pipes_there_is_no_child(home: Home) -> None:
    told = ran(
        home,
        "import resource\n"
        "before = len(os.listdir('/proc/self/fd'))\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (before + 1, 4096))\n"
        "found = begin()\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))\n"
        "tell(found=found, left=len(os.listdir('/proc/self/fd')) - before)\n",
    )
    assert told == {"found": None, "left": 0}


def test_a_damaged_index_is_none(analysed: Home) -> None:
    told = ran(
        analysed,
        "from tui.seat import recording_feed\n"
        "from analyzer.index.build import index_path\n"
        "recording_feed._LONG = 10\n"
        "index_path(directory).write_bytes(b'no index')\n"
        "tell(found=begin().beginning())\n",
    )
    assert told == {"found": None}
