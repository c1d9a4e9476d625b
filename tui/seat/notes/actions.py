"""The actions of noting: marks, notes, questions, ticks, announcements, another label for a tag.

What a key means for the notes is `tui.seat.notes.notebook`'s, keeping them
`tui.seat.notes.keeping`'s; here both meet the widgets.
"""

from __future__ import annotations

from rich.cells import cell_len
from textual import on
from textual.widgets import Input

from analyzer.visible import plain
from recorder.store.noted import Kind, Note
from tui.seat.actions import ReplayActions
from tui.seat.choose_screen import Choice, ChooseScreen
from tui.seat.desk.values import Desk
from tui.seat.moment_list import MomentList
from tui.seat.notes.announcing import announcement_at
from tui.seat.notes.keeping import Judging, Noted, NotNoted, Wanted
from tui.seat.notes.note_bar import NoteBar
from tui.seat.notes.notebook import Notebook
from tui.seat.notes.rows import kept_words, note_moments, note_of

_BRIEF = 2.0
_READ = 4.0
_LONG_READ = 12.0
"""Seconds that short messages stay: a word, a line, a long note."""

_HAS_WORDS = {"mark", "note", "question"}
_LOOK_AGAIN = 1.0


class NoteActions(ReplayActions):
    """What the viewer notes, in a live session and in a replay alike."""

    notebook: Notebook
    note_bar: NoteBar

    @property
    def desk(self) -> Desk:
        """The desk that the viewer sees, or would see."""
        raise NotImplementedError

    def keep_noted(self, wanted: Wanted) -> None:
        """Want something kept that the viewer noted."""
        raise NotImplementedError

    def hear_failure(self, wanted: Wanted) -> None:
        """Take over from whoever keeps things that something could not be kept."""
        raise NotImplementedError

    def viewer_now(self) -> float:
        """Return the viewer's time in seconds."""
        raise NotImplementedError

    def show_notes(self) -> None:
        """Show the notes as the notebook has them."""
        overview = self.player.overview
        tasks = () if overview is None else overview.tasks
        book = self.notebook
        self.player.take_notes(note_moments(book.notes, book.viewer, tasks))
        self.side.show_notes(self.player.notes)

    def _keep(self, wanted: Wanted | None) -> None:
        if wanted is not None:
            self.keep_noted(wanted)

    def _moment(self) -> float | None:
        """Return the moment that a key is about; None, and a word, before there is one."""
        if self.player.overview is None:
            self.notify("the recording is still being read", timeout=_BRIEF)
            return None
        return self.player.transport.position

    def action_set_mark(self) -> None:
        """Mark this moment."""
        t = self._moment()
        if t is not None:
            self._keep(self.notebook.mark(t, self.viewer_now()))

    def action_write_note(self) -> None:
        """Write a note about this moment; in the list of notes, change the marked one."""
        chosen = self._chosen_note()
        if chosen is None:
            self._write("note", None)
        elif not self._is_own(chosen):
            self.notify(f"that is {plain(chosen.who)}'s", timeout=_BRIEF, markup=False)
        elif chosen.kind in _HAS_WORDS:
            self._write(chosen.kind, chosen)
        else:
            self.notify("that has no words; leave the list to write a note", timeout=_READ)

    def action_write_question(self) -> None:
        """Write down what the candidate asked at this moment."""
        self._write("question", None)

    def _write(self, kind: Kind, about: Note | None) -> None:
        t = self._moment()
        if t is None:
            return
        if self.note_bar.is_open:
            # Somebody clicked elsewhere meanwhile: the words that stand there come first.
            self.screen.set_focus(self.note_bar.entry)
            return
        self.seat.remove_class("-bare")
        self.note_bar.begin(self.notebook.begin(kind, t, self.viewer_now(), about))

    @on(Input.Changed, "#words")
    def _show_how_it_stands(self) -> None:
        if self.notebook.composing is not None:
            self.note_bar.show_state(self.notebook.composing)

    @on(Input.Submitted, "#words")
    def _submit_words(self, event: Input.Submitted) -> None:
        event.stop()
        self._keep(self.notebook.keep(event.value, self.viewer_now()))
        self._close_bar()

    def _close_bar(self) -> None:
        self.note_bar.close()
        self.screen.set_focus(None)
        self.beat()

    def action_dismiss(self) -> None:
        """Put aside what is being written, or close what else is open."""
        if not self.note_bar.is_open:
            super().action_dismiss()
            return
        kind = None if self.notebook.composing is None else self.notebook.composing.kind
        if self.notebook.discard(self.note_bar.entry.value):
            key = "o" if kind == "question" else "w"
            self.notify(f"put aside; {key} offers it again", timeout=_READ)
        self._close_bar()

    def keep_open_words(self) -> None:
        """Keep what is being written: the app ends."""
        if self.note_bar.is_open:
            self._keep(self.notebook.keep(self.note_bar.entry.value, self.viewer_now()))

    def leave_when_written(self) -> None:
        """Leave by itself, but not in the middle of somebody's sentence."""
        if self.note_bar.is_open:
            self.set_timer(_LOOK_AGAIN, self.leave_when_written)
        else:
            self.exit()

    def action_tick_task(self, number: str = "") -> None:
        """Tick a task of the exercise at this moment, or take the tick back."""
        t = self._moment()
        if t is None or self.player.overview is None:
            return
        tasks = self.player.overview.tasks
        if not tasks:
            self.notify("this session's exercise names no tasks", timeout=_READ)
        elif not number:
            self.notify("press the number of the task", timeout=_READ)
        elif int(number) > len(tasks):
            self.notify(f"the exercise has {len(tasks)} tasks", timeout=_BRIEF)
        else:
            self._keep(self.notebook.tick(tasks[int(number) - 1].id, t, self.viewer_now()))

    def action_say_announcement(self) -> None:
        """Say that the announcement that the desk asks for was made."""
        t = self._moment()
        if t is None or self.player.overview is None:
            return
        listed = self.player.overview.announcements
        found = announcement_at(self.desk.clock, listed, self.notebook.said)
        if isinstance(found, int):
            self._keep(self.notebook.announce(found, t, self.viewer_now()))
        else:
            self.notify(found, timeout=_READ)

    def action_next_note(self) -> None:
        """Go to the next mark or note."""
        self._go(self.player.notes, on=True, what="mark or note")

    def action_previous_note(self) -> None:
        """Go to the mark or note before."""
        self._go(self.player.notes, on=False, what="mark or note")

    def action_pick_note(self) -> None:
        """Choose from the notes, or stop choosing."""
        self.side.pick("notes")

    def _chosen_note(self) -> Note | None:
        """Return the note that is marked while somebody chooses from the notes."""
        moment = self.side.notes.highlighted_moment if self.side.notes.has_focus else None
        return None if moment is None else note_of(moment, self.notebook.notes)

    def _is_own(self, note: Note) -> bool:
        return note.who == self.notebook.viewer

    def action_reject_tag(self) -> None:
        """Say that the marked tag is wrong; in the list of notes, take the marked one back."""
        if not self.side.notes.has_focus:
            super().action_reject_tag()
            return
        note = self._chosen_note()
        if note is None:
            self.notify("no note is marked", timeout=_BRIEF)
        elif not self._is_own(note):
            self.notify(f"that is {plain(note.who)}'s", timeout=_BRIEF, markup=False)
        else:
            self._keep(self.notebook.withdraw(note, self.viewer_now()))

    def action_withdraw_judgement(self) -> None:
        """Undo what was noted or said last."""
        wanted = self.notebook.undo(self.viewer_now())
        if wanted is None:
            super().action_withdraw_judgement()
        else:
            self._keep(wanted)

    def action_relabel_tag(self) -> None:
        """Choose which signal the marked tag should be."""
        tag = None if self.sought.is_on else self.marked_tag()
        if self.sought.is_on:
            self.notify("leave the search first: its hits stand where the tags do", timeout=3)
        elif tag is None:
            self.notify("there is no tag up to here", timeout=_BRIEF)
        else:
            own, about = self.player.signal_of(tag.id), tag.id
            titles = sorted(self.player.titles.items(), key=lambda each: each[1].casefold())
            choices = [Choice(signal, title) for signal, title in titles if signal != own]

            def relabel(label: str | None) -> None:
                if label is not None:
                    self.judge_tag(Judging(tag=about, verdict="relabelled", label=label))

            self.push_screen(ChooseScreen(f"“{tag.words}” is rather", choices), relabel)

    def on_noted(self, message: Noted) -> None:
        """Show what was kept, and say so."""
        replaced = message.note.replaces
        changed = any(each.number == replaced and each.text for each in self.notebook.notes)
        self.notebook.take_note(message.wanted, message.note)
        self.show_notes()
        overview = self.player.overview
        tasks = () if overview is None else overview.tasks
        undoable = self.notebook.undoes(message.wanted)
        words = kept_words(message.note, tasks, changed=changed, undoable=undoable)
        self.notify(words, timeout=_READ, markup=False)
        self.beat()

    def on_not_noted(self, message: NotNoted) -> None:
        """Say why it is not kept, and how its words come back."""
        self.hear_failure(message.wanted)
        offered = self.notebook.take_failure(message.wanted)
        key = "o" if message.wanted.noting.kind == "question" else "w"
        way_out = f"\nyour words are not lost: {key} offers them again" if offered else ""
        words = f"not kept: {plain(str(message.error))}{way_out}"
        self.notify(words, severity="error", timeout=8, markup=False)

    def on_moment_list_chosen(self, message: MomentList.Chosen) -> None:
        """Show the whole of a note that its row cuts; going there is the app's."""
        note = note_of(message.moment, self.notebook.notes)
        room = self.side.notes.scrollable_content_region.width
        if note is not None and cell_len(note.text) + cell_len(message.moment.who) + 10 > room:
            self.notify(plain(note.text), timeout=_LONG_READ, markup=False)
