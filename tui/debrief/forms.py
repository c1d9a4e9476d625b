"""What each form of the debrief asks, and what is kept of the answer. No widget belongs here."""

from __future__ import annotations

from recorder.cards.debriefing import Entering, Entry, EntryKind
from recorder.errors import UsageError
from tui.debrief.asking import Draft, Form
from tui.debrief.feed import DebriefFeed
from tui.debrief.meeting import Meeting
from tui.debrief.table import RECOMMENDATION, Matter
from tui.debrief.text import entry_line
from tui.debrief.wording import at, flat, level_words, listed

_NO_LEVEL = "-"


def saying_form(feed: DebriefFeed, kind: EntryKind, about: Matter | None) -> Form:
    """Return the form of a question, a minute or a next step.

    Args:
        feed: Where it is kept.
        kind: Which of these.
        about: The matter in view, None where it is about the whole.

    """
    subject = about.id if about is not None and about.id != RECOMMENDATION else None
    title, question, hint = {
        "question": ("Question", "What is still unknown", "a question that is open"),
        "minute": ("Minutes", "What was said", "in a sentence"),
        "next-step": ("Next step", "What is done next, and by whom", "who does what, until when"),
    }[kind]
    if subject is not None and about is not None and kind != "next-step":
        question += f" about: {flat(about.title)}"
    else:
        subject = None

    def keep(draft: Draft) -> None:
        feed.say(Entering(kind=kind, text=draft.words.strip(), subject=subject))

    return Form(
        name=f"{kind} {subject or ''}", title=title, question=f"{question}.", yes="keep it",
        hint=hint, keep=keep,
    )  # fmt: skip


def answer_form(feed: DebriefFeed, question: Entry) -> Form:
    """Return the form of an answer."""

    def keep(draft: Draft) -> None:
        subject = str(question.number)
        feed.say(Entering(kind="answer", text=draft.words.strip(), subject=subject))

    return Form(
        name=f"answer {question.number}", title="Answer", question=flat(question.text),
        yes="keep it", hint="the answer, and where it is seen", keep=keep,
    )  # fmt: skip


def decision_form(feed: DebriefFeed, meeting: Meeting) -> Form:
    """Return the form of the decision."""
    called = meeting.table.recommendation.levels if meeting.table is not None else ()
    named = [(str(level), f"{level}  {flat(name)}") for level, name in enumerate(called) if level]

    def keep(draft: Draft) -> None:
        subject = None if draft.choice == _NO_LEVEL else draft.choice
        feed.say(Entering(kind="decision", text=draft.words.strip(), subject=subject))

    before = "" if meeting.decision is None else " The one before is kept, and no longer stands."
    return Form(
        name="decision", title="Decision", question=f"What was decided?{before}", yes="decide",
        hint="in your own words", choices=[(_NO_LEVEL, "-  none of these"), *named], keep=keep,
    )  # fmt: skip


def change_form(feed: DebriefFeed, matter: Matter) -> Form:
    """Return the form of a change of mind."""
    least = 1 if matter.id == RECOMMENDATION else 0
    choices = [(str(level), f"{level}  {level_words(matter, level)}") for level in range(least, 5)]

    def keep(draft: Draft) -> None:
        feed.change(matter.id, int(draft.choice), draft.words)

    return Form(
        name=f"change {matter.id}", title=f"Change of mind: {flat(matter.title)}",
        question="Your card as it is in stays beside this, with when and why.",
        yes="change it", hint="what changed your mind", choices=choices, keep=keep,
    )  # fmt: skip


def open_form(feed: DebriefFeed, meeting: Meeting) -> Form:
    """Return the form that opens the cards; early where some are missing."""
    early = bool(meeting.waited_for)
    if not meeting.are_in:
        question = "No card is in yet."
    elif early:
        one = len(meeting.waited_for) == 1
        question = (
            f"{'The card' if one else 'The cards'} of {listed(meeting.waited_for)}"
            f" {'is' if one else 'are'} missing. Open without {'it' if one else 'them'}?"
            " Who was missing is noted, and sees nothing before their own is in."
        )
    else:
        question = f"Open the cards of {listed(meeting.are_in)}? They cannot be closed again."

    def keep(_draft: Draft) -> None:
        feed.open(early=early)

    yes = "open early" if early else "open them"
    return Form(name="open", title="Open the cards", question=question, yes=yes, keep=keep)


def close_form(feed: DebriefFeed, meeting: Meeting) -> Form:
    """Return the form that closes the debrief."""
    lacks = [] if meeting.decision is not None else ["nothing was decided"]
    if meeting.unanswered:
        lacks.append(f"questions are open: {len(meeting.unanswered)}")
    so_far = f" So far {' and '.join(lacks)}." if lacks else ""

    def keep(_draft: Draft) -> None:
        feed.say(Entering(kind="closed"))

    return Form(
        name="close", title="Close the debrief", question=f"Is all said?{so_far}",
        yes="close it", keep=keep,
    )  # fmt: skip


def withdraw_form(feed: DebriefFeed, meeting: Meeting, entry: Entry) -> Form:
    """Return the form that takes something back; of the closing, that goes on with the debrief."""
    if entry.kind == "closed":
        title, yes = "Go on", "go on"
        question = f"{flat(entry.who)} closed the debrief at {at(entry.said)}. Go on with it?"
    else:
        title, yes = "Take back", "take it back"
        question = f"{entry_line(meeting, entry)}. Take it back? It is kept, and no longer stands."

    def keep(_draft: Draft) -> None:
        feed.withdraw(entry.number)

    return Form(name=f"withdraw {entry.number}", title=title, question=question, yes=yes, keep=keep)


def minutes_form(feed: DebriefFeed) -> Form:
    """Return the form that writes the minutes."""

    def keep(draft: Draft) -> None:
        if not draft.words.strip():
            raise UsageError("the minutes need a file's name", "type one")
        feed.write_minutes(draft.words)

    return Form(
        name="minutes", title="Minutes", question="Write the minutes, as Markdown, into a file.",
        yes="write it", hint="a file that is not there yet", keep=keep,
    )  # fmt: skip
