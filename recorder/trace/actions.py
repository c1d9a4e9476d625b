"""What the trace knows how to tell: a closed list of things that people do, each with its meaning.

A new thing to be traced is a member here, and a row in ``docs/trace.md``. Never content: what was
read, said or written has no place in any of them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, Self

Door = Literal["command-line", "seat", "ssh", "serve"]
"""Where somebody came in: a verb; the seat at the home itself; a seat over SSH, where the name is
that of a key; or nobody, as `serve` does it by the clock, for the user who runs it."""


class Action(StrEnum):
    """One kind of deed; ``meaning`` says in a line what it is, and what its detail tells."""

    meaning: str

    def __new__(cls, word: str, meaning: str) -> Self:
        """Make a member that is its word."""
        member = str.__new__(cls, word)
        member._value_ = word
        member.meaning = meaning
        return member

    WATCHED = "watched", "saw the session live, in the seat"
    REPLAYED = "replayed", "saw the recording in the seat"
    READ = "read", "had something of it printed; the detail is the verb"
    EXPORTED = "exported", "took a copy of it out; the detail is the format and which terminals"
    IMPORTED = "imported", "brought it in from a file; the detail is the kind of file"
    PURGE_BEGUN = "purge-begun", "had it deleted, from here on for good; the detail says why"
    PURGED = "purged", "nothing of it is left: recording, cache, logs and rows are gone"
    JUDGED = "judged", "said of tags or stretches whether they are right; the detail is how many"
    NOTED = "noted", "noted something, or took a note back; the detail is the kind and number"
    STEERED = "steered", "gave the running session an order; the detail is which"
    RATERS_ASKED = "raters-asked", "asked for a card, excused, or chose to judge blind: whom"
    CARD_SUBMITTED = "card-submitted", "submitted a card; the detail is its number"
    CARD_CHANGED = "card-changed", "changed a submitted card; its number, and those that are lost"
    CARDS_OPENED = "cards-opened", "opened the debrief; the detail says if cards were missing"
    CARDS_READ = "cards-read", "saw cards of others, in the debrief or in print"
    SAID = "said", "noted a question, an answer, a next step or a minute in the debrief; its number"
    DECIDED = "decided", "kept what it comes to, or closed the debrief; the detail is its number"
    REPORTED = "reported", "made a report; the detail is its form, and for whom"
    CALIBRATED = "calibrated", "compared raters over sessions; the detail is over how many"
    TRAINED = "trained", "scored a past session to learn, or saw how it was scored"
    TRANSCRIPT_ATTACHED = "transcript-attached", "attached a transcript; format and lines"
    TRANSCRIPT_MOVED = "transcript-moved", "gave a transcript another offset; its number"
    TRANSCRIPT_WITHDRAWN = "transcript-withdrawn", "took a transcript off again; its number"
    INTERVIEWERS_CHANGED = (
        "interviewers-changed",
        "the file of interviewers is another one: names, roles and fingerprints of keys",
    )
    TRACE_READ = "trace-read", "had this trace printed"
