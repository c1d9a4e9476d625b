"""Pairs lines with the keys that ended them, and says what was entered.

The screen says what the line was, the keys that it was ended and by which; where the keys say all
of it too, they are held against the screen. Prompts are `shown`'s.
"""

from __future__ import annotations

from collections import deque
from itertools import islice

from analyzer.commands.finder import ShownPrompt
from analyzer.commands.indented import indented_rows, merged
from analyzer.commands.keys import Ending, Provenance
from analyzer.commands.line_state import Left, LineState, without_prompt, without_right
from recorder.recording.events import Place

ECHO_WAIT = 1.5
"""Seconds by which Enter's record may trail the line end that it caused."""

TYPE_AHEAD = 1.0
"""Seconds after Enter from which a line counts as entered only when the shell took it."""

_CONTRADICTED = 0.6
"""Confidence at most in a line of which plain keys say otherwise than the screen."""


class EnteredLines:
    """The lines of one terminal that are ended."""

    def __init__(self, at: LineState) -> None:
        self._at = at
        self._unseen: tuple[Place, int] | None = None

    @property
    def waits_for_key(self) -> bool:
        """Whether a line was left whose key has not come: what other lines hold does not matter."""
        return self._at.left is not None and not self._at.endings

    def forget_answers(self) -> None:
        """At an empty prompt, what was typed before it was an answer to a program."""
        at = self._at
        prompt = at.prompt
        if prompt is None:
            return
        since = at.endings[0].t if at.endings else at.keys.since
        # The line is read off the screen only where that matters: keys are many.
        if since < prompt.t and at.line_is_empty():
            if not at.endings:
                at.keys.restart()
            while at.endings and at.endings[0].t < prompt.t:
                at.endings.popleft()
                at.keys.restart()

    def ended(self, ending: Ending) -> None:
        """Take in a key that ends a line, or interrupts what runs."""
        at = self._at
        if at.prompt is None and ending.kind == "interrupt":
            at.endings.clear()
            at.stack.interrupt(ending.t)
            return
        if ending.kind == "eof" and not at.line_is_empty():
            return
        left, at.left = at.left, None
        if left and ending.t - left.t <= ECHO_WAIT:
            at.prompt = None
            self._accept(left.prompt, left.line, ending, ending.t)
        else:
            at.endings.append(ending)

    def leave(self, line: str, t: float, place: Place) -> None:
        """Pair the edited line, which was left, with the key that ended it."""
        at = self._at
        prompt = at.prompt
        if prompt is None or prompt.text is None:
            return
        if at.endings:
            at.prompt = None
            while _unheard(at.endings, line):
                at.endings.popleft()
            rows = indented_rows(line, prompt.text)
            ending = at.endings.popleft()
            if rows:
                ending = merged(ending, at.endings, len(rows))
                line = prompt.text + "\n".join(rows)
            self._accept(prompt, line, ending, t)
        elif at.keys.seen:
            at.left = at.left or Left(prompt, line, t)
            at.prompt = None if prompt.marked else prompt
        else:
            ending = self._unseen_key(t, place)
            at.prompt = None
            prompt.confidence = min(prompt.confidence, 0.7)
            self._accept(prompt, line, ending, t)

    def _unseen_key(self, t: float, place: Place) -> Ending:
        """Return the key that ended a line where no input was recorded; one output may show many.

        Each has an ordinal of its own, which the command's id is made of.
        """
        last, ordinal = self._unseen or (None, 0)
        ordinal = ordinal + 1 if last == place else 0
        self._unseen = (place, ordinal)
        origin = Provenance()
        return Ending(kind="enter", t=t, place=place, ordinal=ordinal, provenance=origin)

    def _accept(self, prompt: ShownPrompt, line: str, ending: Ending, shown: float) -> None:
        at = self._at
        text = without_right(without_prompt(line, prompt).rstrip("\n"), prompt.right)
        ahead = bool(prompt.ahead) and ending.typed.startswith(prompt.ahead)
        if ending.exact and (ahead or _squeezed(text) == _squeezed(ending.typed)):
            # How rows were wrapped cannot always be told from the screen, and where the shell does
            # not know that its prompt stands behind an echo, the screen is wrong.
            text = ending.typed
        elif ending.exact and not (ending.typed and text.endswith(ending.typed)):
            prompt.confidence = min(prompt.confidence, _CONTRADICTED)
        if ending.kind == "eof":
            at.stack.leave()
            return
        if ending.kind == "interrupt":
            if prompt.continuation:
                at.stack.runs.clear()
            return
        t = ending.t if shown - ending.t <= TYPE_AHEAD else shown
        at.text.clear()
        at.believed = None
        at.marks.entered()
        if prompt.continuation and at.stack.runs:
            at.teller.extend(text, t)
        elif text.strip():
            at.teller.start(text, ending, prompt, t)
        while at.endings and at.endings[0].kind == "interrupt":
            at.stack.interrupt(at.endings.popleft().t)


def _unheard(endings: deque[Ending], line: str) -> bool:
    """Whether a Ctrl-C was not acted upon, as the line went on and was entered."""
    first, *others = islice(endings, 2)
    entered = bool(others) and others[0].kind == "enter"
    return first.kind == "interrupt" and entered and not line.endswith("^C")


def _squeezed(text: str) -> str:
    return "".join(text.split())
