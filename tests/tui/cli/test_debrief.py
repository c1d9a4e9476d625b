"""`jumpseat debrief` without a screen: opened, read, spoken in, written up; blind where it must."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from recorder.cards.book import Book
from recorder.cards.calls import call
from recorder.home import Home
from tests.tui.debrief.support import SECRET, asked, opened_book, recorded_book, submit
from tui import person as people

Call = Callable[..., Any]
WORDS = (SECRET, "left Apache alone", "did not ask whose page", "too slow", "calm", "one thing at")
"""What interviewers wrote, in the cards of `support`."""


@pytest.fixture
def sit(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Who sits here and as what, as over SSH; whoever is called lead leads."""

    def be(name: str) -> None:
        role = {"lead": "facilitator", "boss": "admin"}.get(name, "interviewer")
        monkeypatch.setattr(people, "_interviewers", [(name, role)])

    return be


@pytest.fixture
def book(home: Home, engine: Engine) -> Book:
    """Ada and Bo were asked, ada is in."""
    made = recorded_book(home, engine)
    asked(made, "ada", "bo")
    submit(made, "ada")
    return made


def test_when_all_are_in_it_tells_how_the_cards_are_opened(jumpseat: Call, book: Book) -> None:
    submit(book, "bo")
    done = jumpseat("debrief", "s1")
    assert "`jumpseat debrief s1 --open` opens the cards, all together" in " ".join(
        done.out.split()
    )
    assert not any(word in done.out + done.err for word in WORDS)


def document(jumpseat: Call, session: str = "s1") -> dict[str, Any]:
    done = jumpseat("debrief", session, "--json")
    assert done.status == 0, done.err
    return dict(json.loads(done.out))


def test_before_it_is_open_it_tells_who_is_in_and_who_is_missing_alone(
    jumpseat: Call, book: Book
) -> None:
    done = jumpseat("debrief", "s1")
    assert done.status == 0
    assert "in: ada; waiting for bo" in done.out
    assert "not opened yet" in done.out
    assert not any(word in done.out + done.err for word in WORDS)
    found = document(jumpseat)
    assert (found["state"], found["matters"], found["entries"]) == ("waiting", None, None)
    assert [(each["who"], each["state"]) for each in found["cards"]] == [
        ("ada", "submitted"),
        ("bo", "none"),
    ]


def test_it_opens_when_all_are_in_or_early_and_then_notes_who_was_missing(
    jumpseat: Call, book: Book, sit: Callable[[str], None]
) -> None:
    sit("ada")
    refused = jumpseat("debrief", "s1", "--open", "--early")
    assert (refused.status, "may not open the debrief early" in refused.err) == (1, True)
    sit("lead")
    refused = jumpseat("debrief", "s1", "--open")
    assert (refused.status, "cards are missing: bo" in refused.err) == (1, True)
    done = jumpseat("debrief", "s1", "--open", "--early")
    assert (done.status, "the cards are open; missing: bo" in done.err) == (0, True)
    shown = jumpseat("debrief", "s1").out
    assert "opened by lead" in shown
    assert "missing: bo" in shown
    assert SECRET in shown
    with_trace = jumpseat("trace", "s1").out
    assert "cards-opened" in with_trace
    assert "cards-read" in with_trace
    assert SECRET not in with_trace
    again = jumpseat("debrief", "s1", "--open", "--early")
    assert (again.status, "open already" in again.err) == (2, True)


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--text",),
        ("--json",),
        ("--minutes", "-"),
        ("--help",),
        ("--open",),
        ("--question", "what?"),
        ("--answer", "2", "that"),
        ("--decide", "3", "hire"),
        ("--next-step", "call"),
        ("--minute", "said", "--about", "care"),
        ("--withdraw", "2"),
        ("--withdraw", "99"),
        ("--close",),
        ("--answer", "99", "none"),
        ("--minute", "said", "--about", "nothing"),
    ],
    ids=" ".join,
)
def test_whose_card_is_not_in_reads_no_word_of_others_whatever_they_ask(
    jumpseat: Call, book: Book, sit: Callable[[str], None], words: tuple[str, ...]
) -> None:
    book.open("lead", early=True)
    sit("ada")
    assert jumpseat("debrief", "s1", "--minute", f"bo will like {SECRET}").status == 0
    sit("bo")
    done = jumpseat("debrief", "s1", *words)
    seen = done.out + done.err
    assert not any(word in seen for word in WORDS), seen
    if words and words[0] not in {"--text", "--json", "--help"}:
        assert done.status != 0
    if words in {(), ("--text",), ("--json",), ("--minutes", "-")}:
        assert "your own card is not in" in seen
    submit(book, "bo")
    assert SECRET in jumpseat("debrief", "s1").out


def test_what_is_said_is_numbered_answered_and_taken_back(
    jumpseat: Call, home: Home, engine: Engine, sit: Callable[[str], None]
) -> None:
    opened_book(home, engine)
    sit("cleo")
    said = jumpseat("debrief", "s1", "--question", "Why not nginx?", "--about", "care")
    assert said.status == 0, said.err
    number = said.out.split()[0]
    assert "still open: question" in jumpseat("debrief", "s1").out
    assert jumpseat("debrief", "s1", "--answer", number, "They said why at 3:20").status == 0
    refused = jumpseat("debrief", "s1", "--decide", "3", "Hire, with a mentor")
    assert (refused.status, "may not record a decision" in refused.err) == (1, True)
    sit("lead")
    assert jumpseat("debrief", "s1", "--decide", "3", "Hire, with a mentor").status == 0
    sit("cleo")
    assert jumpseat("debrief", "s1", "--next-step", "bo calls them").status == 0
    step = jumpseat("debrief", "s1", "--next-step", "a slip", "--json")
    assert json.loads(step.out)["kind"] == "next-step"
    gone = jumpseat("debrief", "s1", "--withdraw", str(json.loads(step.out)["number"]))
    assert gone.out.startswith("taken back: next step")
    shown = jumpseat("debrief", "s1").out
    assert "Decision: Hire, with a mentor\n" in shown
    assert "a slip" not in shown
    assert "still open" not in shown
    assert jumpseat("debrief", "s1", "--close").status == 1
    sit("lead")
    assert jumpseat("debrief", "s1", "--close").status == 0
    late = jumpseat("debrief", "s1", "--minute", "one more thing")
    assert (late.status, "the debrief is closed" in late.err) == (2, True)
    closing = next(e for e in document(jumpseat)["entries"] if e["kind"] == "closed")
    assert jumpseat("debrief", "s1", "--withdraw", str(closing["number"])).status == 0
    assert jumpseat("debrief", "s1", "--minute", "one more thing").status == 0


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--early",), "--early of what?"),
        (("--about", "care"), "--about of what?"),
        (("--open", "--close"), "more than one thing"),
        (("--minute", "x", "--text"), "only print"),
        (("--minute", "x", "--about", "luck"), "no competency 'luck'"),
        (("--minute", "   "), "says nothing"),
        (("--minute", "x" * 5000), "4000 are kept"),
        (("--answer", "77", "x"), "no question 77"),
        (("--withdraw", "1"), "cannot be closed again"),
        (("--withdraw", "-3"), "no entry -3"),
        (("--withdraw", "9" * 30), "no entry 999"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_line(
    jumpseat: Call, home: Home, engine: Engine, words: tuple[str, ...], why: str
) -> None:
    opened_book(home, engine)
    done = jumpseat("debrief", "s1", *words)
    assert (done.status, done.out) == (2, "")
    assert why in done.err
    assert "Traceback" not in done.err


def test_nobody_speaks_before_it_is_open(jumpseat: Call, book: Book) -> None:
    done = jumpseat("debrief", "s1", "--minute", "early")
    assert (done.status, "not opened yet" in done.err) == (1, True)
    nothing = jumpseat("debrief", "s1", "--minutes", "-")
    assert (nothing.status, nothing.out) == (2, "")


def test_the_document_has_all_of_it(jumpseat: Call, home: Home, engine: Engine) -> None:
    opened_book(home, engine)
    found = document(jumpseat)
    assert found["state"] == "open"
    assert found["hidden"] is None
    assert [each["id"] for each in found["matters"]] == ["care", "debugging", "talk"]
    ada = found["matters"][0]["opinions"][0]
    assert (ada["who"], ada["level"], ada["evidence"][0]["t"]) == ("ada", 4, 75.0)
    assert found["recommendation"]["id"] is None
    assert [each["level"] for each in found["recommendation"]["opinions"]] == [3, 2, 3]
    assert [each["kind"] for each in found["entries"]] == ["opened"]


def test_in_a_narrow_pipe_it_is_lines_that_fit(
    jumpseat: Call, home: Home, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened_book(home, engine)
    monkeypatch.setenv("COLUMNS", "38")
    shown = jumpseat("debrief", "s1").out
    assert max(map(len, shown.splitlines())) <= 38
    assert "\x1b" not in shown
    flat = " ".join(shown.split())
    assert "bo 2: did not ask whose page it is" in flat
    order = [flat.index(word) for word in ("Care for what", "Finding causes", "Thinking aloud")]
    assert order == sorted(order)


def test_minutes_are_a_new_file_and_hold_markup_still(
    jumpseat: Call, home: Home, engine: Engine, sit: Callable[[str], None], tmp_path: Path
) -> None:
    book = opened_book(home, engine)
    sit("bo")
    words = "<script>alert(1)</script> [x](javascript:1)\n# not a heading\x1b[2J"
    jumpseat("debrief", "s1", "--minute", words, "--about", "care")
    jumpseat("debrief", "s1", "--question", "Did they see the load?")
    card = book.own("bo").card
    book.change(
        card.rated(card.rating("care").model_copy(update={"level": 3, "reason": "saw it"})),
        "bo",
        "ada showed me 1:15",
    )
    path = tmp_path / "minutes.md"
    done = jumpseat("debrief", "s1", "--minutes", str(path))
    assert (done.status, f"wrote {path}" in done.err) == (0, True)
    text = path.read_text()
    assert "\x1b" not in text
    assert "<script>" not in text
    assert "](javascript" not in text
    assert "\n# not" not in text
    for expected in (
        "# Debrief: Ada Example",
        "| Care for what runs | 4 | 2 → 3 | 3 |",
        "bo, Care for what runs: changed from 2 to 3",
        "ada showed me 1:15",
        "said first: did not ask whose page it is",
        "Did they see the load?",
        "still open",
        "None yet.",
    ):
        assert expected in text
    again = jumpseat("debrief", "s1", "--minutes", str(path))
    assert (again.status, "already there" in again.err) == (2, True)
    assert jumpseat("debrief", "s1", "--minutes", "-").out == text


def test_a_debrief_travels_with_its_session(
    jumpseat: Call, home: Home, engine: Engine, tmp_path: Path, sit: Callable[[str], None]
) -> None:
    opened_book(home, engine)
    sit("boss")
    assert jumpseat("debrief", "s1", "--decide", "2", "No hire").status == 0
    before = document(jumpseat)
    archive = tmp_path / "s1.tar.gz"
    assert jumpseat("session", "export", "s1", "-o", str(archive)).status == 0
    other = tmp_path / "other"
    theirs = ("--home", str(other))
    signer = json.loads(jumpseat("session", "verify", "s1", "--json").out)["signer"]
    done = jumpseat("session", "import", str(archive), "--signer", signer, *theirs, at_home=False)
    assert done.status == 0, done.err
    found = jumpseat("debrief", "s1", "--json", *theirs, at_home=False)
    assert found.status == 0, found.err
    assert json.loads(found.out) == before
    assert jumpseat("session", "purge", "s1", "--yes").status == 0
    assert jumpseat("debrief", "s1").status == 1


def test_who_was_excused_after_opening_sees_the_cards(
    jumpseat: Call, book: Book, engine: Engine, sit: Callable[[str], None]
) -> None:
    book.open("lead", early=True)
    sit("bo")
    assert SECRET not in jumpseat("debrief", "s1").out
    call(engine, "s1", "excused", ["bo"], "lead")
    assert SECRET in jumpseat("debrief", "s1").out
