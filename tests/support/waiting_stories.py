"""People who wait by asking for one thing for minutes: what looks stuck, and is not.

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

Poll = tuple[tuple[str, ...], str]
"""Ways to ask for one thing, and what is said meanwhile."""

POLLS: tuple[Poll, ...] = (
    (
        ("./wait-for-it.sh db:3306", "./wait-for-it.sh -t 5 db:3306", "./wait-for-it.sh db"),
        "db:3306 is not available: Connection refused",
    ),
    (
        ("pg_isready", "pg_isready -h localhost", "pg_isready -q -p 5432"),
        "/var/run/postgresql:5432 - connection refused",
    ),
    (("./check.sh", "./check.sh -v", "./check.sh db"), "check failed: not ready"),
    (
        ("nc -zv localhost 3306", "nc -z 127.0.0.1 3306", "nc -zw2 localhost 3306"),
        "nc: connect to localhost port 3306 failed: Connection refused",
    ),
)
"""Those that are judged."""

OTHER_POLLS: tuple[Poll, ...] = (
    (
        ("redis-cli ping", "redis-cli -h localhost ping", "redis-cli info"),
        "Could not connect to Redis at 127.0.0.1:6379: Connection refused",
    ),
    (
        ("telnet localhost 8080", "telnet 127.0.0.1 8080", "telnet ::1 8080"),
        "telnet: Unable to connect to remote host: Connection refused",
    ),
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
_MIGRATION = (
    ("python3 manage.py migrate", "django.db.utils.OperationalError: no such table: blog_post"),
    ("python3 manage.py migrate --fake", "CommandError: You must supply an app label. error"),
    ("python3 manage.py migrate blog", "django.db.utils.OperationalError: no such table: blog"),
    ("cat blog/models.py", "class Post(models.Model):"),
    ("python3 manage.py makemigrations", "ModuleNotFoundError: error: No module named 'blog.x'"),
    ("python3 manage.py migrate --help", "usage: manage.py migrate [-h]"),
    ("rm -rf blog/migrations", ""),
    ("python3 manage.py migrate --run-syncdb", "django.db.utils.OperationalError: database error"),
)
_WHEEL = (
    ("pip install psycopg2", "Error: pg_config executable not found."),
    ("pip install --upgrade pip", "Requirement already satisfied: pip"),
    ("pip install psycopg2==2.9", "Error: pg_config executable not found."),
    ("sudo apt-get install pg-config", "E: Unable to locate package pg-config"),
    ("pip install --no-binary :all: psycopg2", "error: command 'gcc' failed: No such file"),
    ("which pg_config", ""),
    ("pip install --user psycopg2", "Error: pg_config executable not found."),
    ("python3 -c 'import psycopg2'", "ModuleNotFoundError: No module named 'psycopg2'"),
)
_ARCHIVE = (
    ("tar xzf blog-export.tar.gz", "tar: Error is not recoverable: exiting now"),
    ("gunzip blog-export.tar.gz", "gzip: blog-export.tar.gz: invalid compressed data--crc error"),
    ("file blog-export.tar.gz", "blog-export.tar.gz: gzip compressed data"),
    ("tar xf blog-export.tar.gz --ignore-zeros", "tar: Error is not recoverable: exiting now"),
    ("zcat blog-export.tar.gz | tar x", "gzip: blog-export.tar.gz: unexpected end of file error"),
    ("rm -rf blog", ""),
    ("tar xzvf blog-export.tar.gz -C /tmp", "tar: Error is not recoverable: exiting now"),
    ("man tar", ""),
)
WAYS = (_MIGRATION, _WHEEL, _ARCHIVE)
"""Ways to be stuck: commands and what they say. None is in the shipped examples."""
_PROMPT = "candidate@web01:~$"


def waiting(seed: int, polls: tuple[Poll, ...]) -> str:
    """Return the story of somebody who works, waits for something for minutes, and goes on."""
    chance = random.Random(seed)
    commands, answer = polls[seed % len(polls)]
    lines = [_run(each, chance.randint(20, 60)) for each in chance.sample(_WORK, 4)]
    asked = [chance.choice(commands) for _ in range(chance.randint(40, 50))]
    lines += [_run(f"{command}\n{answer}", chance.randint(8, 16)) for command in asked]
    lines += [_run(each, chance.randint(20, 60)) for each in chance.sample(_WORK, 3)]
    return "\n".join([*lines, "[end]"])


def stuck(seed: int) -> str:
    """Return the story of somebody who gets no further, in one way and the other."""
    chance = random.Random(seed)
    lines = [_run(each, chance.randint(20, 60)) for each in chance.sample(_WORK, 4)]
    way = WAYS[seed % len(WAYS)]
    tried = [*way, *chance.sample(way, len(way))]
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
