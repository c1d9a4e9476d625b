"""Plays a script at the candidate's terminals, one verb at a time, and listens to the observer.

Verbs of the hand:
    open A [OPTIONS]   a new terminal A whose ssh has further OPTIONS; it is the one in use then
    use A              go over to terminal A
    login PASSWORD     wait for ssh's question, answer it, wait for a prompt
    run TEXT           type a line and Enter, wait for a prompt
    line TEXT          type a line and Enter, wait for nothing
    type TEXT          type; ``«Tab»`` and the like are keys
    secret TEXT        wait for a question that echoes nothing, type the answer and Enter
    paste <<           paste the lines below it, up to a full stop; `paste TEXT` pastes one line
    await REGEX        wait until what stands before the cursor matches
    drawn              wait until something came since the last key, and no more comes
    see REGEX          wait until some row of the screen matches
    gone               wait until the terminal's ssh has ended
    resize C L         give the terminal C columns and L lines
    pause SECONDS      nobody does anything for that long
    size C L / locale NAME / slips SHARE / thought SECONDS / prompts REGEX   as it is from here on
    within SECONDS     how long is waited for anything, from here on

Verbs of the observer: persona, about A: WORDS, phase, activity, tag, maybe, begin, end, not,
undecided.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable

from bench.played.clock import Clock
from bench.played.hand import Hand
from bench.played.labels import Labels
from bench.played.script import Key, ScriptError, Step, keys_of
from bench.played.seat import Seat
from tests.end_to_end.support.waiting import wait_for

PROMPT = r"[$#%] $"
"""What a shell's prompt ends with."""

_QUESTION = r"(?i)(password|passwor[dt]|passwort|passphrase)[^:]*: ?$"
_STILL = 0.12
"""Seconds without output after which a screen is taken to be drawn."""


class Player:
    """Plays steps at the terminals of a seat; ``panes`` are those that were opened."""

    def __init__(self, seat: Seat, clock: Clock, name: str) -> None:
        self._seat = seat
        self._clock = clock
        self._hand = Hand(name)
        self._pane = ""
        self._size = (90, 28)
        self._prompt = PROMPT
        self._within = 60.0
        self._entered = clock.now()
        self._mark = 0
        self.labels = Labels(clock)
        self.panes: list[str] = []

    def play(self, step: Step) -> None:
        """Carry out one step.

        Raises:
            ScriptError: There is no such verb, or what is waited for does not come.

        """
        verb = self.verbs.get(step.verb)
        if verb is None:
            raise ScriptError(f"line {step.line}: there is no verb {step.verb!r}")
        try:
            verb(step.words)
        except AssertionError as error:
            raise ScriptError(f"line {step.line}: {step.verb} {step.words}: {error}") from error

    @property
    def verbs(self) -> dict[str, Callable[[str], None]]:
        """What can be told to it."""
        labels = self.labels
        return {
            "open": self._open,
            "use": self._use,
            "login": self._login,
            "run": self._run,
            "line": self._line,
            "type": self._type,
            "secret": self._secret,
            "paste": self._paste,
            "await": self._await,
            "drawn": self._await,
            "see": self._see,
            "gone": self._gone,
            "resize": self._resize,
            "pause": lambda words: self._clock.pause(float(words)),
            "size": self._set_size,
            "locale": self._seat.speak,
            "slips": lambda words: setattr(self._hand, "slips", float(words)),
            "thought": lambda words: setattr(self._hand, "thought", float(words)),
            "prompts": lambda words: setattr(self, "_prompt", words or PROMPT),
            "within": lambda words: setattr(self, "_within", float(words)),
            "persona": lambda words: setattr(labels, "persona", words),
            "about": self._about,
            "phase": labels.phase,
            "activity": labels.activity,
            "tag": lambda words: labels.tag(self._pane, words, self._entered),
            "maybe": lambda words: labels.tag(self._pane, words, self._entered, optional=True),
            "begin": lambda words: labels.begin(*_two(words)),
            "end": lambda words: labels.end(words, self._pane),
            "not": labels.leave_out,
            "undecided": labels.undecided,
        }

    def _open(self, words: str) -> None:
        name, _, options = words.partition(" ")
        self._pane = name
        self.panes.append(name)
        self._mark = 0
        self._entered = self._clock.now()
        self._seat.open(name, self._size, options)

    def _use(self, name: str) -> None:
        self._pane = name
        self._mark = self._seat.written(name)

    def _about(self, words: str) -> None:
        name, _, text = words.partition(": ")
        self.labels.panes[name] = text

    def _set_size(self, words: str) -> None:
        columns, lines = words.split()
        self._size = (int(columns), int(lines))

    def _resize(self, words: str) -> None:
        columns, lines = words.split()
        self._seat.resize(self._pane, int(columns), int(lines))
        self._settle()

    def _login(self, password: str) -> None:
        self._secret(password)
        self._await(self._prompt)

    def _run(self, text: str) -> None:
        self._line(text)
        self._await(self._prompt)

    def _line(self, text: str) -> None:
        self._clock.pause(self._hand.pondering())
        self._strike(self._hand.strokes(text))
        self._press_enter()

    def _secret(self, text: str) -> None:
        self._await(_QUESTION)
        self._clock.pause(1.0)
        self._type(text)
        self._press_enter()

    def _press_enter(self) -> None:
        time.sleep(self._hand.delay() * 2)
        self._settle()
        self._mark = self._seat.written(self._pane)
        self._entered = self._clock.now()
        self._seat.press(self._pane, "\r")

    def _type(self, text: str) -> None:
        """Type without slips: a program may take each key for a command."""
        self._strike(keys_of(text))

    def _strike(self, keys: Iterable[str | Key]) -> None:
        for key in keys:
            time.sleep(self._hand.delay())
            self._mark = self._seat.written(self._pane)
            self._seat.press(self._pane, key)

    def _paste(self, text: str) -> None:
        self._clock.pause(self._hand.pondering())
        self._settle()
        self._mark = self._seat.written(self._pane)
        self._entered = self._clock.now()
        self._seat.paste(self._pane, text)
        self._settle()

    def _await(self, wanted: str) -> None:
        """Wait until something came since the last key, and the cursor stands behind a text."""

        def there() -> bool:
            if self._seat.written(self._pane) <= self._mark:
                return False
            return re.search(wanted, self._seat.screen(self._pane).before_cursor) is not None

        self._wait(lambda: there() and self._still() and there(), repr(wanted))

    def _see(self, wanted: str) -> None:
        self._wait(
            lambda: any(re.search(wanted, row) for row in self._seat.screen(self._pane).rows),
            repr(wanted),
        )
        self._settle()

    def _gone(self, words: str) -> None:
        del words
        self._wait(lambda: self._seat.ended(self._pane), "end of ssh")

    def leave(self) -> None:
        """Wait until the ssh of each terminal has ended.

        Raises:
            ScriptError: One does not end: the script forgot to leave it.

        """
        for name in self.panes:
            self._pane = name
            try:
                self._gone("")
            except AssertionError as error:
                raise ScriptError(f"terminal {name} was not left: {error}") from error

    def _wait(self, look: Callable[[], bool], what: str) -> None:
        wait_for(
            lambda: look() or None, what, timeout=self._within,
            detail=lambda: "\n".join(self._seat.screen(self._pane).rows),
        )  # fmt: skip

    def _settle(self) -> None:
        """Wait until nothing comes for a moment: what is not awaited by name is drawn."""
        deadline = time.monotonic() + 3
        while not self._still() and time.monotonic() < deadline:
            pass

    def _still(self) -> bool:
        before = self._seat.written(self._pane)
        time.sleep(_STILL)
        return self._seat.written(self._pane) == before


def _two(words: str) -> tuple[str, str]:
    first, _, rest = words.partition(": ")
    return first, rest
