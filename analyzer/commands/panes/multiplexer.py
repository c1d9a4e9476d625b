"""One multiplexer's client on a terminal: which panes it shows, and whose the keys are.

It says when the screen is worth a look, and hands each pane what is seen of it. Which pane is which
is `known`'s, what happens inside a pane `pane`'s.
"""

from __future__ import annotations

import re
from dataclasses import replace

from analyzer.commands.panes import layout
from analyzer.commands.panes.keyboard import Keyboard
from analyzer.commands.panes.known import KnownPanes, Shown
from analyzer.commands.panes.layout import Kind, Rect
from analyzer.commands.panes.pane import Look, Pane
from analyzer.commands.run import Run
from analyzer.terminal import Terminal
from recorder.recording.events import Input, Output

_UNSETTLED = 1.5
"""Seconds after a key that may be the multiplexer's in which the layout may change."""

_LOOK_AGAIN = 0.05
"""Seconds between two looks at output that goes by."""

_CONTROL = re.compile(rb"[\x00-\x07\x0b\x0c\x0e-\x1a\x1c-\x1f]|\x1b\[[<M]|\x1b.")
_IN_ITS_ROW = re.compile(
    rb"(?:[^\x00-\x1f\x7f]|[\x07\x08\r]|\x1b\[(?:[0-9;]*[mKDCPX@G]|\?(?:2004|25|12)[hl])"
    rb"|\x1b\(B|\x0f)*"
)
"""Output that changes nothing outside the cursor's row, unless it wraps."""

_ENTER = re.compile(rb"[\r\n\x0f]")
_PASTED = b"\x1b[200~\x1b[201~"
"""What a terminal sends around what it pastes; tmux pastes without a key for it."""

_CUT_FROM = 1024
_HELD_MOST = 0.25
"""Bytes from which a packet may be the first part of a drawing, and seconds to wait for more."""

_ENDS_WHOLE = re.compile(rb"\x1b\[[0-?]*[@-~]\Z|\x0f\Z")
"""What drawing a whole screen ends with: the cursor goes to its place, or is shown again."""

_LEAVES = re.compile(r"tmux|screen|byobu|exit|logout")


class Multiplexer:
    """The panes of one client. Feed it what the terminal has just been fed, in order."""

    def __init__(self, connection: int, channel: int, terminal: Terminal, kind: Kind) -> None:
        self.kind = kind
        self.depth = 1
        self._terminal = terminal
        self._keyboard = Keyboard(kind)
        self._known = KnownPanes(connection, channel)
        self._shown: list[Shown] = []
        self._active: Pane | None = None
        self._unsettled = 0.0
        self._looked = 0.0
        self._held = 0.0
        self._row = -1
        self._one_row = False
        self._printed: list[tuple[str | None, str]] = []

    @property
    def divisible(self) -> bool:
        """Whether one packet may be looked at piece by piece."""
        return self._active is None or not self._active.expects_paste

    @property
    def shell_user(self) -> str | None:
        """Whose shell a pane shows, empty where it does not say; None where none has a prompt."""
        for pane in self._known.panes:
            if pane.tracker.prompt is not None:
                return pane.tracker.stack.identity.user or ""
        return None

    def attached(self, t: float) -> None:
        """Take in that the client draws itself anew."""
        self._shown = []
        self._active = None
        self._unsettled = t + _UNSETTLED

    def take_printed(self) -> list[tuple[str | None, str]]:
        """Return the lines printed in panes since this was asked last, and what ran then."""
        printed, self._printed = self._printed, []
        return printed

    def resized(self, t: float) -> None:
        """Take in that the terminal has another size: nothing lies where it lay."""
        self._shown = []
        self._row = -1
        self._unsettled = t + _UNSETTLED

    def output(self, event: Output) -> list[Run]:
        """Look at what was drawn."""
        self._keyboard.hear(event.data)
        if not self._layout_stands():
            self._unsettled = max(self._unsettled, event.t + _LOOK_AGAIN)
        if event.t < self._unsettled:
            self._row = -1
            return [] if self._holds(event) else self._settle(event)
        if not self._worth_a_look(event):
            self._row = -1
            return []
        before, self._row = self._row, self._terminal.cursor.y
        self._one_row = before == self._row and _IN_ITS_ROW.fullmatch(event.data) is not None
        runs = self._look_at_all(event)
        self._one_row = False
        return runs

    def input(self, event: Input) -> list[Run]:
        """Take in keys: they are the multiplexer's own, or go to the pane with the cursor."""
        keys = self._keyboard.read(event.data)
        runs = self._catch_up(event)
        if _CONTROL.search(event.data) or self._keyboard.busy:
            self._unsettled = event.t + _UNSETTLED
        pane = self._at_cursor()
        if pane is not None and self._keyboard.pasted and not keys:
            keys = _PASTED
        if pane is None or not keys:
            return runs
        self._active = pane
        pane.pasted = self._keyboard.pasted
        runs += self._named(pane, pane.keys(replace(event, data=keys)))
        if _ENTER.search(keys):
            # Whatever a key of the multiplexer's did was done before a line was entered.
            entered = [pane.line, *(run.text for run in pane.tracker.stack.runs)]
            leaves = any(map(_LEAVES.search, entered))
            self._unsettled = event.t + _UNSETTLED if leaves else event.t
        return runs

    def pane_of(self, command: str) -> tuple[bool, Rect | None]:
        """Return whether a command runs in a pane, and where that is shown with the cursor in it.

        The place is None where the pane is hidden, has not got the keys, or shows its history.
        """
        for pane in self._known.panes:
            if any(run.id == command for run in pane.tracker.stack.runs):
                shown = next((each for each in self._shown if each.pane is pane), None)
                if shown is None or pane is not self._active:
                    return True, None
                rect = shown.place.rect
                busy = layout.copy_mode(self._terminal, rect) or self._keyboard.covers(True)
                return True, None if busy else rect
        return False, None

    def close(self, t: float) -> list[Run]:
        """Cut what runs: the multiplexer has ended, and its panes with it, or the recording."""
        runs = [run for pane in self._known.panes for run in self._named(pane, pane.close(t))]
        self._known.panes.clear()
        self._shown, self._active = [], None
        return runs

    # Looking

    def _worth_a_look(self, event: Output) -> bool:
        """Whether a look is due; rows that run by are looked at now and then."""
        pane = self._active
        if event.t - self._looked >= _LOOK_AGAIN or pane is None:
            return True
        if pane.tracker.prompt is not None or pane.tracker.waiting:
            return True
        cursor = self._terminal.cursor
        rect = pane.rect
        row = self._terminal.part(cursor.y, rect.left, rect.width).rstrip()
        return pane.is_prompt(row)

    def _catch_up(self, event: Input) -> list[Run]:
        if self._held:
            self._held = 0.0
            return self._settle(event)
        return self._look_at_all(event) if self._shown else []

    def _look_at_all(self, event: Output | Input) -> list[Run]:
        self._looked, terminal = event.t, self._terminal
        if self._active is None or event.t < self._unsettled:
            self._active = self._at_cursor() or self._active
        runs: list[Run] = []
        for shown in self._shown:
            if not self._one_row or shown.place.rect.holds(terminal.cursor.x, self._row):
                runs += self._look(shown, event)
        return runs

    def _look(self, shown: Shown, event: Output | Input) -> list[Run]:
        rect = shown.place.rect
        if layout.copy_mode(self._terminal, rect) or self._keyboard.covers(
            shown.pane is self._active
        ):
            return []
        return self._named(shown.pane, shown.pane.look(self._sight(shown.pane, rect, event)))

    def _sight(self, pane: Pane, rect: Rect, event: Output | Input) -> Look:
        terminal = self._terminal
        if self._one_row and pane.seen:
            changed = self._row - rect.top
            row = terminal.part(self._row, rect.left, rect.width)
            rows = (*pane.seen[:changed], row, *pane.seen[changed + 1 :])
        else:
            rows = self._rows(rect)
        x, y = terminal.cursor.x, terminal.cursor.y
        pane.seen = rows
        here = pane is self._active and rect.holds(x, y)
        return Look(
            rows=rows,
            cursor=(x - rect.left, y - rect.top) if here else None,
            visible=terminal.cursor_visible,
            settled=event.t >= self._unsettled,
            t=event.t,
            place=event.place,
        )

    def _at_cursor(self) -> Pane | None:
        """Return the pane whose keys these are; None for the multiplexer's own prompts."""
        x, y = self._terminal.cursor.x, self._terminal.cursor.y
        for shown in self._shown:
            if shown.place.rect.holds(x, y):
                if layout.copy_mode(self._terminal, shown.place.rect):
                    return None
                return shown.pane
        return None

    def _layout_stands(self) -> bool:
        """Whether borders are still where they were, by one look at each."""
        if not self._shown:
            return False
        return layout.borders_stand(self._terminal, [each.place.rect for each in self._shown])

    # The layout

    def _holds(self, event: Output) -> bool:
        """Whether a layout is not worth a look: it is half drawn, or was cleared."""
        if self._known.panes and self._is_clear():
            # tmux clears the screen before it leaves it, and before it draws.
            return True
        if len(event.data) < _CUT_FROM or _ENDS_WHOLE.search(event.data):
            self._held = 0.0
            return False
        self._held = self._held or event.t
        return event.t - self._held < _HELD_MOST

    def _is_clear(self) -> bool:
        terminal = self._terminal
        return all(terminal.row(y).isspace() or not terminal.row(y) for y in range(terminal.lines))

    def _settle(self, event: Output | Input) -> list[Run]:
        """Find the layout and who is who in it, then look."""
        places = layout.find(self._terminal, self.kind)
        shown = self._known.at(places, self._rows, self._shown, self._active)
        taken = [each.pane for each in shown]
        runs: list[Run] = []
        gone = [each.pane for each in self._shown if each.pane not in taken]
        self._shown = shown
        self._active = self._at_cursor() or (shown[0].pane if shown else None)
        while self._known.forgotten:
            runs += self._drop(self._known.forgotten.pop(), event.t)
        for pane in gone:
            if (len(places) > 1 and pane.window == places[0].window) or pane.may_close:
                runs += self._drop(pane, event.t)
        for each in shown:
            each.pane.window = each.place.window
            each.pane.among = sum(other.window == each.place.window for other in places)
            if each.pane.rect != each.place.rect:
                each.pane.move(each.place.rect, self._sight(each.pane, each.place.rect, event))
        return runs + self._look_at_all(event)

    def _drop(self, pane: Pane, t: float) -> list[Run]:
        self._known.drop(pane)
        return self._named(pane, pane.close(t))

    def _rows(self, rect: Rect) -> tuple[str, ...]:
        return self._terminal.parts(rect.top, rect.left, rect.width, rect.height)

    def _named(self, pane: Pane, runs: list[Run]) -> list[Run]:
        """Say how deep the runs are, counted from outside; note what was printed meanwhile."""
        self._printed += pane.tracker.take_printed()
        out: list[Run] = []
        for run in runs:
            command = replace(run.command, depth=run.command.depth + self.depth)
            out.append(replace(run, command=command))
        return out
