"""An hour of a made-up session for the timeline: phases, clock, activity, tags, notes, evidence."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from analyzer.activity import Activity
from analyzer.cells import Frame, Run, Style
from analyzer.records import Command, Evidence, Phase, Tag
from recorder.store.notes import Kind, Note
from tests.tui.seat.support import FIRST, SECOND, VIEWER, FakeFeed, make_command, make_tag
from tui.seat.feed import Findings, Overview, Period, Picture, TaskWords, Terminal, TerminalKey

HOUR = 3600.0
STARTED = datetime(2026, 11, 20, 13, 0, tzinfo=UTC)

TASKS = (
    TaskWords(id="address", title="Tell your IP address", topics=("orientation",)),
    TaskWords(id="ghost", title="Install a Ghost blog", topics=("ghost", "database", "web")),
    TaskWords(id="basic-auth", title="Keep the public out", topics=("basic-auth",)),
    TaskWords(id="ssh", title="Switch off password logins", topics=("ssh",)),
)

_WORK = (
    (0.0, "other", "idle"),
    (240.0, "orientation", "looking-around"),
    (420.0, "updates", "installing"),
    (600.0, "ghost", "reading"),
    (780.0, "ghost", "installing"),
    (1500.0, "database", "installing"),
    (1800.0, "web", "configuring"),
    (1980.0, "diagnosis", "debugging"),
    (2040.0, "web", "debugging"),
    (2520.0, "basic-auth", "configuring"),
    (2760.0, "ssh", "configuring"),
    (3000.0, "ssh", "verifying"),
    (3060.0, "other", "idle"),
)

PERIODS = (
    Period(start=0.0, until=300.0, title="Introduction"),
    Period(start=300.0, until=3000.0, title="Work"),
    Period(start=3000.0, until=3600.0, title="Review"),
)

SILENCES = ((0.0, 230.0), (900.0, 1380.0), (3100.0, 3560.0))


def phases() -> tuple[Phase, ...]:
    ends = [start for start, _, _ in _WORK[1:]] + [HOUR]
    return tuple(
        Phase(start=start, until=until, topic=topic, activity=activity, confidence=0.8)
        for (start, topic, activity), until in zip(_WORK, ends, strict=True)
    )


def activity() -> Activity:
    outputs, inputs = [0] * 3600, [0] * 3600
    for second in range(3600):
        if any(start <= second < until for start, until in SILENCES):
            continue
        outputs[second] = (second * 7919 % 13) ** 2 if second % 5 else 0
        inputs[second] = second % 3 if second // 60 % 3 else 0
    return Activity(outputs=tuple(outputs), inputs=tuple(inputs))


def a_note(number: int, t: float, kind: Kind, text: str = "", subject: str | None = None) -> Note:
    return Note(kind=kind, t=t, text=text, subject=subject, number=number, who=VIEWER, said=STARTED)


def evidence(kind: Any, t: float, text: str, key: TerminalKey | None = FIRST) -> Evidence:
    connection, channel = (None, None) if key is None else (key.connection, key.channel)
    return Evidence(kind=kind, t=t, text=text, connection=connection, channel=channel)


class HourFeed(FakeFeed):
    """Its screen shows what was run last, whose output came, and nothing else."""

    def picture(self, t: float, terminal: TerminalKey | None) -> Picture:
        self.pictures += 1
        if self.gate is not None:
            self.gate.wait(60)
        shown = terminal or (SECOND if t >= 2760.0 else FIRST)
        return Picture(
            t=t,
            terminal=shown,
            frame=screen_of(self.lines_at(t, shown)),
            previous=max(0.0, t - 1.0),
            following=t + 1.0,
        )

    def lines_at(self, t: float, key: TerminalKey) -> list[str]:
        lines = ["Welcome to Ubuntu 16.04.7 LTS (GNU/Linux 4.4.0-186-generic x86_64)", ""]
        for command in self.found.commands:
            if command.t <= t and TerminalKey(command.connection, command.channel) == key:
                lines.append(f"candidate@web-1:~$ {command.text}")
                lines += [line for at, line in OUTPUTS.get(command.id, ()) if at <= t]
        return lines[-23:]


def screen_of(lines: list[str], columns: int = 80, rows: int = 24) -> Frame:
    texts = [*lines, *[""] * (rows - len(lines))]
    return Frame(
        columns=columns,
        lines=rows,
        rows=tuple((Run(text, Style()),) if text else () for text in texts),
        cursor_x=0,
        cursor_y=min(len(lines), rows - 1),
        cursor_visible=True,
    )


OUTPUTS = {
    "k4": ((802.0, "E: Unable to locate package ghost"),),
    "k8": (
        (2001.0, "Job for nginx.service failed because the control process exited"),
        (2001.0, "nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)"),
    ),
    "k9": ((2101.0, "LISTEN 0 128 :::80 users:((apache2,pid=1044,fd=4))"),),
}


TITLES = {
    "address-told": "Told a public address",
    "apt-upgrade": "Upgraded packages",
    "package-not-found": "Package was not found",
    "ghost-cli": "Installed Ghost-CLI",
    "port-taken": "A web server could not have its port",
    "listener-looked-up": "Looked up who listens",
    "apache-stopped": "Apache was stopped",
    "sshd-tested": "SSH configuration was tested",
    "lockout-tested": "Tried a new login while an earlier session stayed open",
}


def commands() -> tuple[Command, ...]:
    return (
        make_command("k1", 250.0, "curl ifconfig.me"),
        make_command("k2", 430.0, "sudo apt-get update", duration=64.0),
        make_command("k3", 500.0, "sudo apt-get upgrade -y", duration=90.0),
        make_command("k4", 800.0, "sudo apt-get install ghost", outcome="failed", duration=3.0),
        make_command("k5", 850.0, "curl -sL https://deb.example/setup_12.x | sudo -E bash -"),
        make_command("k6", 1400.0, "sudo npm install -g ghost-cli@latest", duration=88.0),
        make_command("k7", 1820.0, "sudo vi /etc/nginx/sites-available/ghost", duration=140.0),
        make_command("k8", 2000.0, "sudo systemctl start nginx", outcome="failed"),
        make_command("k9", 2100.0, "sudo ss -tlnp"),
        make_command("k10", 2200.0, "sudo systemctl stop apache2"),
        make_command("k11", 2530.0, "sudo htpasswd -c /etc/nginx/.htpasswd blog", duration=20.0),
        make_command("k12", 2800.0, "sudo sshd -t", connection=2),
        make_command("k13", 2900.0, "sudo systemctl reload ssh", connection=2),
    )


def tags() -> tuple[Tag, ...]:
    return (
        make_tag("t1", 260.0, signal="address-told"),
        make_tag("t2", 590.0, signal="apt-upgrade"),
        make_tag("t3", 803.0, "failed", signal="package-not-found"),
        make_tag("t4", 1490.0, signal="ghost-cli"),
        make_tag(
            "t5",
            2001.0,
            "failed",
            signal="port-taken",
            evidence=(
                evidence("command", 2000.0, "sudo systemctl start nginx"),
                evidence(
                    "output",
                    2001.0,
                    "nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)",
                ),
                evidence("probe", 2010.0, "page (web-1:80): 200", None),
                evidence("output", 2001.0, "bind() to 0.0.0.0:80 failed"),
            ),
        ),
        make_tag("t6", 2102.0, signal="listener-looked-up"),
        make_tag("t7", 2200.0, "unknown", signal="apache-stopped"),
        make_tag("t8", 2805.0, signal="sshd-tested"),
        make_tag("t9", 2905.0, "unknown", signal="lockout-tested"),
    )


def notes() -> tuple[Note, ...]:
    return (
        a_note(1, 320.0, "question", "Does the order matter?"),
        a_note(2, 1200.0, "mark"),
        a_note(3, 2050.0, "note", "Reads the log before changing anything"),
        a_note(4, 2700.0, "announced", subject="15"),
        a_note(5, 2990.0, "task", subject="ssh"),
    )


def overview() -> Overview:
    return Overview(
        session="k7-ghost",
        candidate="Ada Example",
        target="web-1.marketing.example:22",
        started=STARTED,
        duration=HOUR,
        terminals=(
            Terminal(key=FIRST, opened=230.0, user="candidate"),
            Terminal(key=SECOND, opened=2700.0, user="candidate"),
        ),
        tasks=TASKS,
        announcements=(15,),
    )


def hour_feed(**changes: Any) -> HourFeed:
    """An hour with four tasks, two terminals, nine tags and five notes."""
    found = Findings(
        tags=tags(),
        commands=commands(),
        titles=TITLES,
        notes=notes(),
        last_note=len(notes()),
        viewer=VIEWER,
        phases=phases(),
        periods=PERIODS,
    )
    values: dict[str, Any] = {
        "overview": overview(),
        "outputs": [],
        "found": found,
        "counted": activity(),
    }
    return HourFeed(**(values | changes))
