"""What people judged of the session that the pictures show: three cards, one not yet submitted.

Names of interviewers are made up; moments are the demo's. Which pictures show them is `table`'s.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bench.pictures.stage import SESSION, Set
from recorder.cards.book import Book
from recorder.cards.calls import call
from recorder.cards.card import Card, Evidence, Rating
from recorder.store.sync import sync_session
from tui.books import book_of

ASKED = ("dana", "eli", "fay")
WHEN = datetime(2026, 11, 20, 14, 10, tzinfo=UTC)

_COMPETENCIES = (
    "readiness", "tasks-and-time", "privilege", "ssh", "web", "debugging", "production",
    "communication",
)  # fmt: skip
_REASONS = {
    "dana": ("Had their address ready", "Upgraded first, which nobody asked for",
             "sudo for each command; changed the issued password",
             "Had it tested before the restart", "Saw the notice, and stopped Apache all the same",
             "Looks at what runs before they change it", "", "Says what they are about to do"),
    "eli": ("Read the page aloud", "Upgrades for minutes", "Changed the password unasked",
            "Tested, restarted, and looked at what holds", "Took the marketing page down", "",
            "", "Clear, and asks"),
    "fay": ("Knew what the notice meant", "Quick wins were left for later", "Careful with sudo",
            "All of it, in the right order", "Stopped it knowingly, and said so",
            "One thing at a time", "Asked for backups", "Easy to follow"),
}  # fmt: skip
_LEVELS = {
    "dana": (3, 2, 3, 3, 1, 3, 0, 3),
    "eli": (3, 2, 3, 3, 2, 0, 0, 3),
    "fay": (3, 2, 3, 4, 3, 3, 2, 3),
}
_SEEN = {
    "dana": {"web": (944.0, "sudo systemctl stop apache2"), "ssh": (1961.4, "sudo sshd -t")},
    "eli": {"web": (425.0, "the notice that the page must stay up")},
    "fay": {"web": (430.0, "reads the notice"), "ssh": (2385.4, "asks sshd what holds")},
}
_RECOMMENDED = {
    "dana": (2, "Careful with SSH, careless with what runs"),
    "eli": (3, "Would learn the rest beside somebody"),
    "fay": (3, "Thinks before they type"),
}


def card(who: str) -> Card:
    """Return somebody's card."""
    ratings = []
    for name, level, reason in zip(_COMPETENCIES, _LEVELS[who], _REASONS[who], strict=True):
        seen = _SEEN[who].get(name)
        evidence = () if seen is None else (Evidence(kind="moment", t=seen[0], text=seen[1]),)
        ratings.append(Rating(competency=name, level=level, reason=reason, evidence=evidence))
    level, reason = _RECOMMENDED[who]
    return Card(ratings=tuple(ratings), recommendation=level, reason=reason)


def begun(scene: Set) -> Book:
    """Return the session's cards as dana is about to submit, and fay has."""
    book = _asked(scene)
    _submit(book, "fay")
    book.save_draft(card("dana"), "dana", now=WHEN + timedelta(minutes=5))
    return book


def opened(scene: Set) -> Book:
    """Return the session's cards on the table."""
    book = _asked(scene)
    for who in ASKED:
        _submit(book, who)
    book.open("dana", now=WHEN + timedelta(minutes=20))
    return book


def _asked(scene: Set) -> Book:
    sync_session(scene.engine, scene.directory)
    call(scene.engine, SESSION, "asked", ASKED, "dana", now=WHEN)
    return book_of(scene.home, scene.engine, SESSION)


def _submit(book: Book, who: str) -> None:
    if not book.own(who).submitted:
        minutes = 3 + 2 * (ASKED[::-1].index(who))
        book.submit(card(who), who, now=WHEN + timedelta(minutes=minutes))
