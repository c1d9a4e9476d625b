"""People who wait by asking for the same thing for minutes: what looks stuck, and is not.

Transcripts (`analyzer.signals.transcript`) of a habit that nothing of the shipped examples has, for
tests of what an installation teaches its models; and people who are stuck indeed.
"""

from __future__ import annotations

import random
from pathlib import Path

from analyzer.signals.transcript import Transcript
from recorder.recording.events import Input, Logged, Output
from recorder.recording.journal import ChannelOpened, SessionClosed
from tests.tui.seat.recordings import RecordingBuilder

POLLS = (
    ("./wait-for-it.sh db:3306", "db:3306 is not available: Connection refused"),
    ("pg_isready", "/var/run/postgresql:5432 - connection refused"),
    ("./check.sh", "check failed: not ready"),
    ("nc -zv localhost 3306", "nc: connect to localhost port 3306 failed: Connection refused"),
)
"""What asks, and what it says meanwhile: those that are judged."""

OTHER_POLLS = (
    ("redis-cli ping", "Could not connect to Redis at 127.0.0.1:6379: Connection refused"),
    ("telnet localhost 8080", "telnet: Unable to connect to remote host: Connection refused"),
    ("ping -c1 db", "ping: db: Temporary failure in name resolution"),
)
"""Those of which nobody says anything."""

_WORK = (
    "ls /etc/nginx",
    'cat /etc/os-release\nPRETTY_NAME="Debian GNU/Linux 12"',
    "sudo systemctl restart nginx",
    "df -h",
    "sudo apt-get install nginx\nSetting up nginx (1.22) ...",
    "sudo apt-get update\nReading package lists... Done",
)
_STUCK = (
    ("python3 manage.py migrate", "django.db.utils.OperationalError: no such table: blog_post"),
    ("python3 manage.py migrate --fake", "CommandError: You must supply an app label. error"),
    ("python3 manage.py migrate blog", "django.db.utils.OperationalError: no such table: blog"),
    ("cat blog/models.py", "class Post(models.Model):"),
    ("python3 manage.py makemigrations", "ModuleNotFoundError: error: No module named 'blog.x'"),
    ("python3 manage.py migrate --help", "usage: manage.py migrate [-h]"),
    ("rm -rf blog/migrations", ""),
    ("python3 manage.py migrate --run-syncdb", "django.db.utils.OperationalError: database error"),
)
_PROMPT = "candidate@web01:~$"


def waiting(seed: int, polls: tuple[tuple[str, str], ...]) -> str:
    """Return the story of somebody who works, waits for something for minutes, and goes on."""
    chance = random.Random(seed)
    command, answer = polls[seed % len(polls)]
    asked = f"{command}\n{answer}"
    lines = [_run(each, chance.randint(20, 60)) for each in chance.sample(_WORK, 4)]
    lines += [_run(asked, chance.randint(8, 16)) for _ in range(chance.randint(40, 50))]
    lines += [_run(each, chance.randint(20, 60)) for each in chance.sample(_WORK, 3)]
    return "\n".join([*lines, "[end]"])


def stuck(seed: int) -> str:
    """Return the story of somebody who gets no further, in one way and the other."""
    chance = random.Random(seed)
    lines = [_run(each, chance.randint(20, 60)) for each in chance.sample(_WORK, 4)]
    tried = [*_STUCK, *chance.sample(_STUCK, len(_STUCK))]
    lines += [_run(f"{command}\n{answer}", chance.randint(15, 50)) for command, answer in tried]
    return "\n".join([*lines, "[end]"])


def _run(line: str, wait: int) -> str:
    return f"{_PROMPT} {line}\n{_PROMPT}\n[wait {wait}]"


def record(directory: Path, story: str) -> None:
    """Record a story of one terminal, at the times that it tells."""
    with RecordingBuilder(directory) as recording:
        for event in Transcript().play(story):
            match event:
                case Logged(entry=ChannelOpened(t=t)):
                    recording.terminal(t, columns=100, lines=30)
                case Logged(entry=SessionClosed(t=t)):
                    recording.close(t)
                case Output(t=t, data=data):
                    recording.output(t, data)
                case Input(t=t, data=data):
                    recording.input(t, data.decode())
                case _:
                    pass
