"""`jumpseat card`: filled alone and sealed; no other verb tells a word of it before the debrief."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import click
import pytest
from click.shell_completion import ShellComplete
from sqlalchemy import Engine
from sqlalchemy import text as sql

from recorder.cards.card import Evidence, Rating, checked
from recorder.exercise.loader import read_exercise, shipped_directory
from recorder.home import Home
from recorder.keys import load_keys
from recorder.recording.journal import JOURNAL_NAME, ExerciseChosen, encode_entry
from recorder.recording.manifest import write_manifest
from recorder.trace.roles import Role
from tui import person as people
from tui.books import book_of
from tui.cli import cards
from tui.cli.root import cli

Call = Callable[..., Any]
SECRET = "zzQuartzOwl"
LEVELS = ["not seen", "weak", "fair", "good", "exceptional"]


@pytest.fixture
def session(home: Home, record: Callable[..., Path]) -> str:
    """A session that ended, of an exercise with two competencies."""
    plan = read_exercise(home, shipped_directory() / "ghost.toml").plan.model_dump(
        mode="json", by_alias=True, exclude_none=True
    )
    plan["competency"] = [
        {"id": name, "title": name.title(), "question": "How?", "levels": LEVELS}
        for name in ("debugging", "care")
    ]
    directory = record("s1")
    line = encode_entry(ExerciseChosen(t=0, name="ours", plan=plan))
    first, *rest = (directory / JOURNAL_NAME).read_bytes().splitlines(keepends=True)
    (directory / JOURNAL_NAME).write_bytes(b"".join([first, line, *rest]))
    write_manifest(directory, "s1", load_keys(home).sign)
    return "s1"


@pytest.fixture
def sit(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Who sits here, as over SSH, and as what."""

    def take_seat(name: str, role: Role = "interviewer") -> None:
        monkeypatch.setattr(people, "_interviewers", [(name, role)])

    return take_seat


def fill(jumpseat: Call, session: str, level: int = 3, words: str = SECRET) -> None:
    for args in (
        ("rate", session, "debugging", str(level), "--reason", words, "--evidence", "0:45 x"),
        ("rate", session, "care", "0"),
        ("recommend", session, str(level), "--reason", words, "--strengths", words),
    ):
        done = jumpseat("card", *args)
        assert done.status == 0, done.err


def everything_below(home: Home) -> bytes:
    return b"".join(path.read_bytes() for path in home.path.rglob("*") if path.is_file())


def test_a_card_is_filled_step_by_step_and_submitted(jumpseat: Call, session: str) -> None:
    empty = jumpseat("card", "show", session)
    assert "missing: Debugging is not rated" in empty.err
    assert "your home" not in empty.err
    early = jumpseat("card", "submit", session)
    assert (early.status, "no card to submit" in early.err) == (2, True)
    fill(jumpseat, session)
    assert "it is whole" in jumpseat("card", "rate", session, "care", "0").err
    done = jumpseat("card", "submit", session)
    assert (done.status, "your card is in" in done.err) == (0, True)
    shown = json.loads(jumpseat("card", "show", session, "--json").out)
    assert shown["missing"] == []
    assert [each["kind"] for each in shown["submitted"]] == ["submitted"]
    assert shown["card"]["ratings"][0]["evidence"][0]["t"] == 45.0
    again = jumpseat("card", "submit", session)
    assert (again.status, "card change" in again.err) == (2, True)


def test_a_change_needs_a_reason_and_stands_beside_the_first(jumpseat: Call, session: str) -> None:
    fill(jumpseat, session, 2)
    jumpseat("card", "submit", session)
    jumpseat("card", "rate", session, "debugging", "4")
    changed = jumpseat("card", "change", session, "--reason", "missed 1:15")
    assert changed.status == 0, changed.err
    shown = json.loads(jumpseat("card", "show", session, "--json").out)
    levels = [each["card"]["ratings"][0]["level"] for each in shown["submitted"]]
    assert levels == [2, 4]
    assert [each["reason"] for each in shown["submitted"]] == ["", "missed 1:15"]


def test_a_form_goes_out_and_comes_back(jumpseat: Call, session: str, tmp_path: Path) -> None:
    form = jumpseat("card", "fill", session, "--form").out
    assert "# 4 exceptional" in form
    path = tmp_path / "card.toml"
    filled = form.replace("# level = ", "level = 2", 1)
    path.write_text(filled)
    done = jumpseat("card", "fill", session, str(path))
    assert (done.status, "to go" in done.err) == (0, True)
    again = jumpseat("card", "fill", session, "--form").out
    assert "level = 2" in again
    path.write_text("[luck]\nlevel = 1\nx = 2")
    wrong = jumpseat("card", "fill", session, str(path))
    assert wrong.status == 1
    assert f"{path}:1: luck" in wrong.err
    assert jumpseat("card", "fill", session, "--form").out == again


@pytest.mark.parametrize(
    "args",
    [
        ("rate", "s1", "luck", "3"),
        ("rate", "s1", "debugging", "9"),
        ("rate", "s1", "debugging", "3", "--evidence", "note 4"),
        ("rate", "s1", "debugging", "3", "--evidence", "99:00:00 later"),
        ("rate", "s1", "debugging", "3", "--evidence", "tag nothing"),
        ("rate", "s1", "debugging", "3", "--reason", "x" * 5000),
        ("recommend", "s1"),
        ("recommend", "s1", "5"),
        ("change", "s1", "--reason", "because"),
        ("excuse", "s1", "nobody"),
        ("ask", "s1", "\x1b[31m"),
        ("fill", "s1", "/nowhere/at/all"),
        ("show", "s9"),
    ],
)
def test_what_makes_no_sense_is_said_in_one_line_and_nothing_is_kept(
    jumpseat: Call, session: str, args: tuple[str, ...]
) -> None:
    done = jumpseat("card", *args)
    assert done.status in {1, 2}
    assert "Traceback" not in done.err
    assert "\x1b" not in done.err
    assert json.loads(jumpseat("card", "show", session, "--json").out)["draft"] is None


def test_no_verb_and_no_file_tells_a_word_of_a_card_before_the_debrief(
    jumpseat: Call,
    session: str,
    sit: Callable[..., None],
    home: Home,
    store: Engine,
    tmp_path: Path,
) -> None:
    sit("lead", "facilitator")
    assert jumpseat("card", "ask", session, "ada", "grace").status == 0
    sit("ada")
    fill(jumpseat, session)
    refused = jumpseat("card", "excuse", session, "grace")
    assert (refused.status, "may not ask raters" in refused.err) == (1, True)
    assert jumpseat("card", "submit", session).status == 0
    jumpseat("card", "rate", session, "debugging", "4", "--reason", f"{SECRET} more")
    assert SECRET in jumpseat("card", "show", session).out, "her own"
    sit("grace", "admin")
    exported = tmp_path / "s1.jumpseat"
    printed = [
        jumpseat("card", "show", session),
        jumpseat("card", "show", session, "--json"),
        jumpseat("card", "fill", session, "--form"),
        jumpseat("session", "show", session, "--json"),
        jumpseat("notes", session, "--all"),
        jumpseat("session", "export", session, "-o", str(exported)),
    ]
    assert [each.status for each in printed] == [0] * len(printed), [e.err for e in printed]
    assert SECRET not in "".join(each.out + each.err for each in printed)
    assert SECRET.encode() not in exported.read_bytes()
    assert SECRET.encode() not in everything_below(home)
    states = json.loads(printed[1].out)["progress"]
    assert {each["who"]: each["state"] for each in states} == {"ada": "submitted", "grace": "none"}
    book_of(home, store, session).open("grace", early=True)
    assert SECRET.encode() in everything_below(home), "or this test could not fail"


def test_what_was_written_in_the_editor_is_printed_where_the_store_cannot_keep_it(
    jumpseat: Call, session: str, store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    jumpseat("notes", session)

    def write(text: str, **_how: object) -> str:
        with store.begin() as connection:
            connection.execute(sql("DROP TABLE cards"))
        return text.replace('reason = """"""', f'reason = "{SECRET}"', 1)

    monkeypatch.setattr(cards, "is_terminal", lambda: True)
    monkeypatch.setattr(click, "edit", write)
    done = jumpseat("card", "fill", session)
    assert done.status == 1
    assert SECRET in done.out
    assert "cannot be used" in done.err


def test_what_is_said_in_a_seat_while_the_editor_is_open_stays(
    jumpseat: Call, session: str, monkeypatch: pytest.MonkeyPatch, home: Home, store: Engine
) -> None:
    jumpseat("card", "rate", session, "care", "1", "--reason", "first")
    book = book_of(home, store, session)

    def write(text: str, **_how: object) -> str:
        own = book.own(people.person()).card
        seen = Evidence(kind="moment", t=31.0)
        book.save_draft(
            own.rated(Rating(competency="debugging", level=4, evidence=(seen,))), people.person()
        )
        return text.replace("level = 1", "level = 2", 1)

    monkeypatch.setattr(cards, "is_terminal", lambda: True)
    monkeypatch.setattr(click, "edit", write)
    assert jumpseat("card", "fill", session).status == 0
    kept = book.own(people.person()).card
    assert (kept.rating("care").level, kept.rating("care").reason) == (2, "first")
    assert (kept.rating("debugging").level, len(kept.rating("debugging").evidence)) == (4, 1)


@pytest.mark.parametrize(
    ("args", "between"),
    [
        (("rate", "s1", "care", "2", "--evidence", "0:45 x"), "tui.cli.card_session.read_evidence"),
        (("fill", "s1", "-"), "tui.cli.cards._content"),
        (("submit", "s1"), "tui.cli.cards.missing"),
    ],
)
def test_what_is_said_in_a_seat_in_the_same_moment_stays(
    jumpseat: Call,
    session: str,
    monkeypatch: pytest.MonkeyPatch,
    home: Home,
    store: Engine,
    args: tuple[str, ...],
    between: str,
) -> None:
    fill(jumpseat, session)
    book, who, real = book_of(home, store, session), people.person(), resolve_name(between)

    def meanwhile(*given: Any, **more: Any) -> Any:
        book.edit(who, lambda card: checked(card, gaps="seen meanwhile"))
        return "[care]\nlevel = 1" if "fill" in args else real(*given, **more)

    monkeypatch.setattr(between, meanwhile)
    done = jumpseat("card", *args)
    assert done.status == 0, done.err
    assert book.own(who).card.gaps == "seen meanwhile"


def test_what_says_no_more_than_the_card_that_is_in_is_no_draft(
    jumpseat: Call, session: str
) -> None:
    fill(jumpseat, session)
    jumpseat("card", "submit", session)
    done = jumpseat("card", "rate", session, "debugging", "3")
    assert (done.status, "nothing differs from the card that is in" in done.err) == (0, True)
    assert json.loads(jumpseat("card", "show", session, "--json").out)["draft"] is None


def test_an_editor_that_is_left_without_a_word_makes_no_draft(
    jumpseat: Call, session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cards, "is_terminal", lambda: True)
    monkeypatch.setattr(click, "edit", lambda text, **_how: text)
    done = jumpseat("card", "fill", session)
    assert (done.status, "nothing was changed" in done.err) == (0, True)
    assert json.loads(jumpseat("card", "show", session, "--json").out)["draft"] is None


@pytest.mark.parametrize("name", ["", "x" * 100, "caf\udce9"])
def test_what_can_be_no_competency_is_said_to_be_none(
    jumpseat: Call, session: str, name: str
) -> None:
    outcome = jumpseat("card", "rate", session, name, "3")
    assert (outcome.status, "the exercise has no competency" in outcome.err) == (2, True)


def test_rating_nothing_makes_no_draft(jumpseat: Call, session: str) -> None:
    outcome = jumpseat("card", "rate", session, "care")
    assert (outcome.status, "nothing was said" in outcome.err) == (2, True)
    assert json.loads(jumpseat("card", "show", session, "--json").out)["draft"] is None


@pytest.mark.parametrize(
    ("named", "incomplete", "offered"),
    [("s1", "", ["debugging", "care"]), ("latest", "ca", ["care"]), ("gone", "", [])],
)
def test_the_shell_completes_what_a_card_rates(
    session: str, home: Home, named: str, incomplete: str, offered: list[str]
) -> None:
    words = ["--home", str(home.path), "card", "rate", named]
    found = ShellComplete(cli, {}, "jumpseat", "_X").get_completions(words, incomplete)
    assert [each.value for each in found] == offered


def test_who_judges_blind_sees_no_tags_before_their_card_is_in(
    jumpseat: Call, session: str, sit: Callable[..., None], home: Home
) -> None:
    sit("ada")
    assert jumpseat("tags", session).status == 0
    assert jumpseat("card", "blind", session).status == 0
    doors = (
        ("tags", session),
        ("tags", session, "--json", "--all"),
        ("tags", session, "--judgements"),
        ("tags", str(home.recording(session))),
        ("signals", "explain", "used-sudo", "--session", str(home.recording(session))),
        ("commands", session, "--intents"),
        ("session", "like", session),
        ("signals", "explain", "used-sudo", "--session", session),
        ("card", "rate", session, "care", "1", "--evidence", "tag used-sudo@0:01"),
    )
    for door in doors:
        shut = jumpseat(*door)
        assert shut.status != 0, door
        assert shut.out == ""
    assert "judge without the machine's tags" in jumpseat("tags", session).err
    sit("grace")
    assert jumpseat("tags", session).status == 0
    sit("ada")
    fill(jumpseat, session)
    assert jumpseat("card", "submit", session).status == 0
    assert jumpseat("tags", session).status == 0


def test_who_judges_blind_is_not_told_of_tags_by_what_another_session_is_compared_with(
    jumpseat: Call, session: str, record: Callable[..., Path], sit: Callable[..., None], home: Home
) -> None:
    other = record("s2")
    shutil.copy(home.recording(session) / JOURNAL_NAME, other / JOURNAL_NAME)
    journal = (other / JOURNAL_NAME).read_bytes().replace(b'"session":"s1"', b'"session":"s2"')
    (other / JOURNAL_NAME).write_bytes(journal)
    write_manifest(other, "s2", load_keys(home).sign)
    sit("ada")
    for name in (session, "s2"):
        assert jumpseat("tags", name).status == 0
    compared = json.loads(jumpseat("session", "like", "s2", "--json").out)
    assert compared["compared"] == 1, "or this test could not fail"
    assert jumpseat("card", "blind", session).status == 0
    compared = json.loads(jumpseat("session", "like", "s2", "--json").out)
    assert (compared["compared"], compared["like"], compared["rare"]) == (0, [], [])
    told = jumpseat("session", "like", "s2").err
    assert "1 session that you judge without its tags is left out" in told


def test_a_home_that_shares_the_store_seals_to_the_team_and_opens_nothing(
    jumpseat: Call,
    session: str,
    home: Home,
    tmp_path: Path,
    sit: Callable[..., None],
    store: Engine,
) -> None:
    jumpseat("notes", session)
    mine = tmp_path / "mine"
    shared = ("--home", str(mine), "--db", home.database_url)
    sit("grace")
    alone = jumpseat("card", "show", session, *shared, at_home=False)
    assert alone.status != 0
    team = jumpseat("card", "key").out.strip()
    (mine / "config.toml").write_text(f'card_key = "{team}"\n')
    done = jumpseat("card", "recommend", session, "2", "--reason", SECRET, *shared, at_home=False)
    assert done.status == 0, done.err
    assert "whoever can read this home" not in done.err
    shown = jumpseat("card", "show", session, "--json", *shared, at_home=False)
    assert json.loads(shown.out)["card"]["reason"] == SECRET
    assert book_of(home, store, session).own("grace").card.recommendation == 2


def test_a_card_whose_key_was_lost_is_told_of_and_another_put_beside_it(
    jumpseat: Call, session: str, home: Home
) -> None:
    fill(jumpseat, session)
    assert jumpseat("card", "submit", session).status == 0
    home.card_key.unlink()
    told = jumpseat("card", "show", session)
    assert (told.status, SECRET in told.out) == (0, False)
    assert "(cannot be opened)" in told.out
    assert f"`jumpseat card change {session} --reason WHY`" in told.err
    assert "in already" in jumpseat("card", "submit", session).err
    fill(jumpseat, session, 2)
    done = jumpseat("card", "change", session, "--reason", "the key was lost")
    assert done.status == 0, done.err
    shown = json.loads(jumpseat("card", "show", session, "--json").out)
    assert [each["kind"] for each in shown["lost"]] == ["submitted"]
    assert [each["kind"] for each in shown["submitted"]] == ["changed"]
    trace = json.loads(jumpseat("trace", session, "--json").out)
    (changed,) = [each for each in trace if each["action"] == "card-changed"]
    (first,) = [each for each in trace if each["action"] == "card-submitted"]
    assert changed["detail"].endswith(f"cannot open {first['detail'].removeprefix('card ')}")


def test_a_draft_whose_key_was_lost_is_not_overwritten_unless_it_is_given_up(
    jumpseat: Call, session: str, home: Home
) -> None:
    fill(jumpseat, session)
    home.card_key.unlink()
    refused = jumpseat("card", "recommend", session, "2", "--reason", "x")
    assert refused.status != 0
    assert f"jumpseat card discard {session}" in refused.err
    assert jumpseat("card", "discard", session).status == 0
    assert jumpseat("card", "recommend", session, "2", "--reason", "x").status == 0
