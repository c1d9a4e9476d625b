"""What each named action of `tui.debrief.keys` does, in a few lines.

What is asked is `tui.debrief.forms`', what is drawn the pages'.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from textual.containers import VerticalScroll

from recorder.cards.debriefing import Entry
from tui.debrief.asking import AskScreen, Draft, Form
from tui.debrief.feed import DebriefFeed
from tui.debrief.forms import (
    answer_form,
    change_form,
    close_form,
    decision_form,
    minutes_form,
    open_form,
    saying_form,
    withdraw_form,
)
from tui.debrief.keys import help_text
from tui.debrief.meeting import Meeting
from tui.debrief.pages import OUTCOME, OVERVIEW, Paper, matter_of, page_names
from tui.debrief.reader import DebriefReader
from tui.debrief.table import Matter
from tui.debrief.text import entry_line
from tui.debrief.view import Jump, View
from tui.debrief.wording import flat
from tui.seat.choose_screen import Choice, ChooseScreen
from tui.seat.help_screen import HelpScreen
from tui.seat.seat_app import SeatApp

_BRIEF = 4.0
"""Seconds that a message stays."""


class DebriefActions(SeatApp[Jump]):
    """The actions; an app that has read a debrief, and a view that tells what it shows."""

    feed: DebriefFeed
    reader: DebriefReader
    meeting: Meeting | None
    view: View
    paper: Paper
    page_box: VerticalScroll
    _drafts_now: Callable[[], dict[str, Draft]] | None = None
    """While a form is open, what would stay unkept if it were left."""

    @property
    def hidden(self) -> frozenset[str]:
        """Which actions are not to be had now."""
        raise NotImplementedError

    def show_page(self, *, follow: bool = False) -> None:
        """Draw what the view says, now; ``follow`` brings what is marked into sight."""
        raise NotImplementedError

    def go(self, page: str) -> None:
        """Show a page from its top."""
        self.view = replace(self.view, page=page, marked=0, top=0)
        self.page_box.scroll_to(y=0, animate=False)
        self.show_page()

    def _turn(self, step: int) -> None:
        if self.meeting is None:
            return
        names = page_names(self.meeting)
        here = names.index(self.view.page) if self.view.page in names else 0
        self.go(names[max(0, min(here + step, len(names) - 1))])

    def action_next_matter(self) -> None:
        """Go to the next matter, after the last one to what it comes to."""
        self._turn(1)

    def action_previous_matter(self) -> None:
        """Go to the one before, before the first one to the overview."""
        self._turn(-1)

    def action_overview(self) -> None:
        """Show all at a glance, the matter that was in view marked."""
        if self.meeting is None or self.view.page == OVERVIEW:
            return
        before = self.view.page
        self.go(OVERVIEW)
        pages = [each.page for each in self.paper.spots]
        if before in pages:
            self._mark(pages.index(before))

    def action_outcome(self) -> None:
        """Show what it comes to."""
        self.go(OUTCOME)

    def _mark(self, marked: int) -> None:
        marked = max(0, min(marked, len(self.paper.spots) - 1))
        self.view = replace(self.view, marked=marked)
        self.show_page(follow=True)

    def action_down(self) -> None:
        """Mark the next row or piece of evidence; where there is none, read on."""
        if self.view.marked + 1 < len(self.paper.spots):
            self._mark(self.view.marked + 1)
        else:
            self.page_box.scroll_relative(y=1, animate=False)

    def action_up(self) -> None:
        """Mark the one above; where there is none, read back."""
        if self.view.marked > 0:
            self._mark(self.view.marked - 1)
        else:
            self.page_box.scroll_relative(y=-1, animate=False)

    def action_page_down(self) -> None:
        """Read on."""
        self.page_box.scroll_page_down(animate=False)

    def action_page_up(self) -> None:
        """Read back."""
        self.page_box.scroll_page_up(animate=False)

    def action_choose(self) -> None:
        """Go to the marked matter, or to the marked moment in the replay."""
        if not 0 <= self.view.marked < len(self.paper.spots):
            self._say("nothing here points at a moment")
            return
        spot = self.paper.spots[self.view.marked]
        if spot.page is not None:
            self.go(spot.page)
        elif spot.t is not None and self.feed.replayable:
            top = round(self.page_box.scroll_offset.y)
            self.exit(Jump(t=spot.t, view=replace(self.view, top=top)))
        else:
            self._say("the recording is not on this machine")

    def _say(self, words: str) -> None:
        self.notify(words, timeout=_BRIEF, markup=False)

    @property
    def matter(self) -> Matter | None:
        """The matter in view: the page's, or the one that is marked in the overview."""
        if self.meeting is None:
            return None
        page = self.view.page
        if page == OVERVIEW and 0 <= self.view.marked < len(self.paper.spots):
            leads_to = self.paper.spots[self.view.marked].page
            page = page if leads_to is None else leads_to
        return matter_of(self.meeting, page)

    def _ask(self, form: Form, blank: Draft | None = None, done: str = "kept") -> None:
        """Open a form; what is left unkept in it is there again the next time."""
        blank = blank or Draft()
        screen = AskScreen(form, self.view.drafts.get(form.name, blank))

        def drafts(kept: bool | None) -> dict[str, Draft]:
            others = {name: each for name, each in self.view.drafts.items() if name != form.name}
            if kept or screen.draft.words.strip() in {"", blank.words}:
                return others
            return others | {form.name: screen.draft}

        def left(kept: bool | None) -> None:
            self.view = replace(self.view, drafts=drafts(kept))
            self._drafts_now = None
            if kept:
                self.reader.hurry()
                # It may stand where the page has to be scrolled to.
                self._say(done)

        self._drafts_now = partial(drafts, None)
        self.push_screen(screen, left)

    @property
    def unkept(self) -> dict[str, Draft]:
        """What was typed and not kept, by the names of forms, one that is open included."""
        return dict(self.view.drafts) if self._drafts_now is None else self._drafts_now()

    def action_ask(self) -> None:
        """Note a question, about the matter in view where there is one."""
        self._ask(saying_form(self.feed, "question", self.matter))

    def action_minute(self) -> None:
        """Note what was said, likewise."""
        self._ask(saying_form(self.feed, "minute", self.matter))

    def action_step(self) -> None:
        """Note what is done next."""
        self._ask(saying_form(self.feed, "next-step", None))

    def action_answer(self) -> None:
        """Answer the question that is open; where there are several, one that is chosen."""
        if self.meeting is None:
            return
        asked = self.meeting.unanswered or self.meeting.questions
        if not asked:
            self._say("no question was noted; Q notes one")
        elif len(asked) == 1:
            self._ask(answer_form(self.feed, asked[0]))
        else:
            self._choose(
                "Which question?",
                [(each, flat(each.text)) for each in asked],
                lambda entry: self._ask(answer_form(self.feed, entry)),
            )

    def _choose(
        self, question: str, entries: Sequence[tuple[Entry, str]], go_on: Callable[[Entry], None]
    ) -> None:
        """Ask which of several entries is meant, each with its words."""
        by_number = {str(each.number): each for each, _ in entries}
        choices = [Choice(id=str(each.number), title=words) for each, words in entries]

        def chosen(number: str | None) -> None:
            if number is not None:
                go_on(by_number[number])

        self.push_screen(ChooseScreen(question, choices), chosen)

    def action_withdraw(self) -> None:
        """Take back something that was said, the latest offered first."""
        meeting = self.meeting
        if meeting is None:
            return
        said = [each for each in reversed(meeting.entries) if each.kind not in {"opened", "closed"}]
        if meeting.closed is not None:
            self._say("it is closed; c goes on with it")
        elif not said:
            self._say("nothing was said yet that could be taken back")
        else:
            self._choose(
                "Take back what?",
                [(each, entry_line(meeting, each).partition(" ")[2]) for each in said],
                lambda entry: self._ask(
                    withdraw_form(self.feed, meeting, entry), done="taken back"
                ),
            )

    def action_decide(self) -> None:
        """Decide."""
        if self.meeting is not None:
            self._ask(decision_form(self.feed, self.meeting))

    def action_change(self) -> None:
        """Change one's mind about the matter in view."""
        matter, meeting = self.matter, self.meeting
        if meeting is None or meeting.own is None:
            self._say("you have no card in this session: whoever has one changes their own")
        elif matter is None:
            self._say("go to the matter first: n, or a row of the overview")
        else:
            opinion = next(each for each in matter.opinions if each.who == meeting.viewer)
            level = "" if opinion.level is None else str(opinion.level)
            self._ask(change_form(self.feed, matter), Draft(choice=level))

    def action_open(self) -> None:
        """Open all cards, if that is meant."""
        if self.meeting is not None:
            self._ask(open_form(self.feed, self.meeting), done="the cards are open")

    def action_close(self) -> None:
        """Close the debrief, if that is meant; where it is closed, go on with it."""
        meeting = self.meeting
        if meeting is not None and meeting.closed is not None:
            self._ask(withdraw_form(self.feed, meeting, meeting.closed), done="the debrief goes on")
        elif meeting is not None:
            self._ask(close_form(self.feed, meeting), done="the debrief is closed")

    def action_export(self) -> None:
        """Write the minutes."""
        if self.meeting is not None:
            name = f"debrief-{self.meeting.heading.session}.md"
            self._ask(minutes_form(self.feed), Draft(words=name), done="the minutes are written")

    def action_help(self) -> None:
        """Show the keys."""
        self.push_screen(HelpScreen(partial(help_text, hidden=self.hidden)))
