"""Lets a persona play scenes on a stage, and writes down what was what, to the moment.

Which scenes, and in which order, is `analyzer.models.examples.plot`'s.

What is written down: a phase begins with the first key of its first command, and holds the thinking
after it. A program that runs for `LONG` seconds or more is waited for. A gap of `GAP` or more in
which nothing runs and nobody types is idle; its topic is that of the work around it.
"""

from __future__ import annotations

import random
import re

from analyzer.models.examples.ledger import Ledger
from analyzer.models.examples.outputs import printed
from analyzer.models.examples.personas import Persona
from analyzer.models.examples.scenes import Deed, Step
from analyzer.models.examples.stage import Hand, Stage
from analyzer.models.labels import LabelledPhase
from analyzer.models.words import Activity, Topic

LONG = 20.0
"""Seconds from which a program that runs is waited for."""

GAP = 180.0
"""Seconds without keys, and with nothing running, from which a gap is idle."""

_MOST = GAP - 10
"""Seconds of thinking at most: more would be idle."""

_TURNED_AWAY = 5
_LONG_LINE = 45
_RECALLED = 6
_CHOICE = re.compile(r"\{\{([^{}]*)\}\}")
_SUDO = re.compile(r"\bsudo (?!-)")
_MOVED = re.compile(r"(?:^|&& )cd(?: (\S+))?$")
_REPLS = {
    "mysql": "mysql> ", "mariadb": "MariaDB [(none)]> ", "psql": "postgres=# ", "node": "> ",
    "python3": ">>> ", "sqlite3": "sqlite> ", "redis-cli": "127.0.0.1:6379> ",
}  # fmt: skip
_REFUSED = re.compile(r"not a directory|no such file|permission denied", re.IGNORECASE)


class Actor:
    """One persona in one session.

    Attributes:
        stage: Where it plays.
        names: What ``{{name}}`` stands for in this session.
        last_began: When the last step's first key was pressed.

    """

    def __init__(self, persona: Persona, source: random.Random, names: dict[str, str]) -> None:
        self.names = names
        self.last_began = 0.0
        self.stage = Stage(source, Hand(persona.key, persona.slips), names["user"])
        self._persona = persona
        self._source = source
        self._ledger = Ledger()
        self._waited = False
        self._directory: dict[int, str] = {}
        self._asked: set[int] = set()
        self._panes: list[int] = []
        self._history: list[str] = []

    def arrive(self) -> None:
        """Log in, as often as this persona has terminals."""
        if self._source.random() < 0.15:  # noqa: PLR2004 - a mistyped password now and then
            self.stage.login(refused=True)
        for _ in range(self._persona.terminals):
            self.stage.login()
            self._panes.append(self.stage.pane)
            self.stage.show("\r\n".join(("Welcome.", "Last login: Tue Mar  3 09:58:12\r\n")))
            self._prompt()
        if self._persona.root:
            self._become_root()

    def play(self, step: Step, topic: Topic) -> None:
        """Think, type a step's command, and let it run."""
        self._think()
        if self._persona.terminals > 1 and self._source.random() < 0.2:  # noqa: PLR2004 - habit
            self.stage.turn_to(self._source.choice(self._panes))
            self._prompt()
        self.last_began = self.stage.now
        self._mark(topic, step.activity)
        command = self.filled(step.command)
        self._hesitate(command)
        self._mistype(command)
        self._write(command)
        self._ask_password(command)
        said = [self._do(deed, command, topic, step.activity) for deed in step.deeds]
        self._moved(command, "\n".join(said))
        self._prompt()

    def leave(self) -> tuple[LabelledPhase, ...]:
        """End the session; return its phases."""
        self.stage.wait(self._source.uniform(1, 6))
        self.stage.end()
        return self._ledger.phases(self.stage.now)

    def filled(self, text: str) -> str:
        """Return a text with its choices made."""

        def chosen(match: re.Match[str]) -> str:
            inside = str(match[1])
            return self._source.choice(inside.split("¦")) if "¦" in inside else self.names[inside]

        return _CHOICE.sub(chosen, text)

    def _become_root(self) -> None:
        self._mark("orientation", "looking-around")
        for pane in self._panes:
            self.stage.turn_to(pane)
            self._type_out("sudo -i")
            self._ask_password("sudo -i", always=True)
            self._directory[pane] = "~"
            self._prompt()

    def _think(self) -> None:
        """Let some time pass: most often seconds, at times as long as a page takes to read."""
        chance, before = self._source.random, self._ledger.topic
        pause = min(_MOST, max(0.6, self._source.lognormvariate(0, 1.1) * self._persona.think))
        if chance() < self._persona.browses:
            pause = self._source.uniform(30, _MOST)
        # Who waited for a program has often turned to something else, and comes back late.
        idle = self._persona.idle * (_TURNED_AWAY if self._waited else 1)
        if before is not None and chance() < idle:
            self._mark(before, "idle")
            pause = GAP + self._source.expovariate(1 / 150)
        self._waited = False
        self.stage.wait(pause)

    def _mark(self, topic: Topic, activity: Activity) -> None:
        self._ledger.mark(self.stage.now, topic, activity)

    def _prompt(self) -> None:
        directory = self._directory.get(self.stage.pane, "~")
        root = self._persona.root and self.stage.pane in self._asked
        user, sign = ("root", "#") if root else (self.names["user"], "$")
        self.stage.prompt(f"{user}@{self.names['host']}:{directory}{sign} ")

    def _write(self, command: str) -> None:
        """Bring a command to the prompt in this persona's way, and enter it."""
        root = self._persona.root and self.stage.pane in self._asked
        if root:
            command = _SUDO.sub("", command)
        recent = self._history[-_RECALLED:][::-1]
        if command in recent and self._source.random() < self._persona.recalls:
            self.stage.recall(command, recent.index(command) + 1)
            self.stage.enter()
        elif len(command) >= _LONG_LINE and self._source.random() < self._persona.pastes:
            self.stage.paste(command)
            self.stage.enter()
        else:
            self._type_out(command)
        self._history.append(command)

    def _type_out(self, command: str) -> None:
        head, slash, tail = command.rpartition("/")
        if slash and len(tail) > 3 and self._source.random() < 0.4:  # noqa: PLR2004 - completed
            self.stage.complete(f"{head}/{tail[:2]}", tail[2:])
        else:
            self.stage.type(command)
        self.stage.enter()

    def _hesitate(self, command: str) -> None:
        """Now and then: begin to type, think again, and begin anew."""
        if self._source.random() < 0.02:  # noqa: PLR2004 - seldom
            self.stage.type(command[: self._source.randint(1, len(command))])
            self.stage.wait(self._source.uniform(0.5, 5))
            self.stage.interrupt()
            self._prompt()

    def _mistype(self, command: str) -> None:
        """Enter a command with two letters swapped, and see that it does not exist."""
        program = command.split(maxsplit=1)[0]
        if len(program) < 3 or self._source.random() >= self._persona.typos:  # noqa: PLR2004
            return
        wrong = program[0] + program[2] + program[1] + program[3:]
        if wrong == program or not program.isalpha():
            return
        self.stage.type(wrong + command[len(program) :])
        self.stage.enter()
        self.stage.show(f"-bash: {wrong}: command not found\r\n")
        self._prompt()
        self.stage.wait(self._source.uniform(0.7, 3))

    def _ask_password(self, command: str, *, always: bool = False) -> None:
        pane = self.stage.pane
        if pane in self._asked or not command.startswith("sudo "):
            return
        self._asked.add(pane)
        if always or self._source.random() < 0.8:  # noqa: PLR2004 - else it asks for none
            self.stage.show(f"[sudo] password for {self.names['user']}: ")
            self.stage.hide(10)

    def _do(self, deed: Deed, command: str, topic: Topic, activity: Activity) -> str:
        """Let one thing happen; return what was printed."""
        stage, text = self.stage, self.filled(deed.text)
        match deed.sign:
            case " ":
                stage.show(text + "\r\n", after=0.03)
                return text
            case "~":
                self._run(float(text) * self._source.uniform(0.6, 1.5), topic, activity)
            case "%":
                self._print(text)
            case "@":
                self._edit(command, text)
            case "^":
                stage.interrupt()
            case "<":
                stage.wait(self._source.uniform(0.8, 4))
                stage.type(text)
                stage.enter(shell=False)
            case "*":
                stage.hide(int(text))
            case ">":
                self._ask_repl(command, text)
        return ""

    def _run(self, seconds: float, topic: Topic, activity: Activity) -> None:
        """Let a program run; from `LONG` seconds on, the time is one of waiting."""
        if seconds < LONG:
            self.stage.wait(seconds)
            return
        self._waited = True
        self._mark(topic, "waiting")
        done = 0.0
        while done < seconds:
            piece = min(self._source.uniform(2, 9), seconds - done)
            self.stage.show(self._source.choice((".", "#", ". ")), after=piece)
            done += piece
        self.stage.show("\r\n")
        self._mark(topic, activity)

    def _print(self, text: str) -> None:
        name, *words = text.split()
        if name == "page":
            self._read_page(float(words[0]))
            return
        lines = printed(self._source, name, words)
        # As few packets as a network would make of it.
        for at in range(0, len(lines), 8):
            self.stage.show("".join(f"{line}\r\n" for line in lines[at : at + 8]), after=0.1)

    def _read_page(self, seconds: float) -> None:
        """Read in a pager for about so many seconds."""
        seconds *= self._source.uniform(0.6, 1.6)
        lines = printed(self._source, "prose", ["26"])
        self.stage.show("\x1b[?1049h\x1b[H\x1b[2J" + "\r\n".join(lines) + "\r\n:")
        self.stage.press(" ", max(1, int(seconds / 9)), seconds)
        self.stage.press("q", 1, 0.3)
        self.stage.show("\x1b[?1049l")

    def _edit(self, command: str, text: str) -> None:
        """Change a file in an editor; without changes, look at it and leave."""
        path, *changes = re.split(r" (?=[+-]\S)", text)
        added = tuple(each[1:] for each in changes if each.startswith("+"))
        removed = tuple(each[1:] for each in changes if each.startswith("-"))
        head = f"\x1b[?1049h\x1b[H\x1b[2J  {command.rsplit(maxsplit=1)[-1]}\r\n"
        self.stage.show(head + "\r\n".join(removed) + "\x1b[3;1H", after=0.3)
        self.stage.press("\x1b[B", self._source.randint(3, 14), self._source.uniform(3, 14))
        for line in added:
            self.stage.type(line)
            self.stage.enter(shell=False)
        self.stage.wait(self._source.uniform(1, 8))
        if changes:
            self.stage.written(path, added, removed)
        self.stage.press("\x18", 1, 0.6)
        self.stage.show("\x1b[?1049l")

    def _ask_repl(self, command: str, text: str) -> None:
        """Type a line into what the command opened."""
        names = (each for each in command.split() if each in _REPLS)
        self.stage.show(_REPLS[next(names, "mysql")])
        self.stage.wait(self._source.uniform(1, 9))
        self.stage.type(text)
        self.stage.enter(shell=False)

    def _moved(self, command: str, said: str) -> None:
        if (match := _MOVED.search(command)) and not _REFUSED.search(said):
            here = self._directory.get(self.stage.pane, "~")
            self._directory[self.stage.pane] = _joined(here, match[1] or "~")


def _joined(here: str, to: str) -> str:
    if to.startswith(("/", "~")):
        return to.rstrip("/") or "/"
    parts = here.split("/")
    for part in to.split("/"):
        if part == "..":
            parts = parts[:-1] or [""]
        elif part not in {"", "."}:
            parts.append(part)
    return "/".join(parts) or "/"
