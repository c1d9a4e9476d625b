"""`jumpseat calibrate`: over open debriefs alone; training is blind until it is in."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.shell_completion import ShellComplete
from sqlalchemy import Engine, update

from recorder.cards.book import Book
from recorder.cards.calls import call
from recorder.cards.debriefing import Entering, add_entry
from recorder.cards.tables import CardRow
from recorder.exercise.schema import Cards
from recorder.home import Home
from recorder.trace.actions import Action
from tests.support.judged_sessions import a_card, add_season, add_session
from tui import person as people
from tui.cli.root import cli
from tui.tracing import must_trace

Call = Callable[..., Any]


@pytest.fixture
def sit(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Who sits here, as over SSH."""
    return lambda name: monkeypatch.setattr(people, "_interviewers", [(name, "facilitator")])


def read(jumpseat: Call, *args: str) -> Any:
    outcome = jumpseat("calibrate", *args, "--json")
    assert outcome.status == 0, outcome.err
    return json.loads(outcome.out)


def test_a_season_is_told_as_tables_and_as_json(jumpseat: Call, home: Home, store: Engine) -> None:
    names = add_season(store, home)
    shown = jumpseat("calibrate", "--all")
    assert shown.status == 0
    for words in ("36 cards of 12 sessions", "debugging", "rates lower", "no cause", "ICC(1,1)"):
        assert words in shown.out
    assert "jumpseat replay s" in shown.out
    found = read(jumpseat, "--all")
    kappa = found["agreement"][0]["kappa"]
    assert kappa["low"] < kappa["value"] < kappa["high"]
    row = next(each for each in shown.out.splitlines() if each.startswith("debugging"))
    told = f"{kappa['value']:.2f} {kappa['low']:.2f} to {kappa['high']:.2f}"
    assert told in " ".join(row.split())
    assert (found["sessions"], found["cards"], found["left_out"]) == (12, 36, {})
    assert [each["name"] for each in found["agreement"]] == [
        "debugging",
        "care",
        "talking",
        "recommendation",
    ]
    leniency = {each["rater"]: each["figure"]["value"] for each in found["leniency"]}
    assert leniency["grace"] < leniency["ada"] < leniency["heidi"]
    assert {each["signal"] for each in found["deciding"]["signals"]} == {
        "tested-config",
        "locked-out",
    }
    assert read(jumpseat, names[0], names[1][:3], names[0])["sessions"] == 2
    assert read(jumpseat, "overview", "--all", "--exercise", "ours")["sessions"] == 12


def test_a_picture_is_written_where_it_can_be(
    jumpseat: Call, home: Home, store: Engine, tmp_path: Path
) -> None:
    add_season(store, home, 1)
    picture = tmp_path / "raters.svg"
    assert jumpseat("calibrate", "--all", "--plot", str(picture)).status == 0
    # It names people, and what is said of them.
    assert picture.stat().st_mode & 0o077 == 0
    drawn = ET.fromstring(picture.read_text())  # noqa: S314 - our own
    words = {each.text for each in drawn.iter("{http://www.w3.org/2000/svg}text")}
    assert {"debugging", "heidi", "too few: 1 of 8 needed"} <= words
    refused = jumpseat("calibrate", "--all", "--plot", str(tmp_path / "none" / "x.svg"))
    assert (refused.status, refused.out) == (1, "")
    assert "choose another file with --plot" in refused.err


def test_below_the_minimum_there_are_words_and_no_figures(
    jumpseat: Call, home: Home, store: Engine
) -> None:
    names = add_season(store, home, 3)
    shown = jumpseat("calibrate", *names)
    assert "too few: 3 of 8 needed" in shown.out
    assert "too few: 3 of 5 needed" in shown.out
    found = read(jumpseat, "--all")
    assert {each["alpha"]["value"] for each in found["agreement"]} == {None}


def test_what_is_not_open_or_not_to_be_seen_is_left_out_and_said(
    jumpseat: Call, home: Home, store: Engine, sit: Callable[[str], None]
) -> None:
    both = {"ada": a_card([1, 1, 1], 1, "zzQuartz"), "grace": a_card([4, 4, 4], 4)}
    add_session(store, home, "open", both)
    add_session(store, home, "sealed", both, opened=False)
    owing = add_session(store, home, "owing", both, opened=False)
    call(store, "owing", "asked", ["ada", "grace", "heidi"], "lead")
    owing.open("lead", early=True)
    sit("heidi")
    found = read(jumpseat, "--all")
    assert found["sessions"] == 1
    assert found["left_out"] == {
        "whose cards you may not see before your own is in": 1,
        "whose debrief is not open": 1,
    }
    shown = jumpseat("calibrate", "sealed", "owing")
    assert shown.out == ""
    assert "left out: 1 session whose debrief is not open" in shown.err
    sit("ada")
    assert read(jumpseat, "--all")["sessions"] == 2


def test_first_states_count_and_changes_are_told_apart(
    jumpseat: Call, home: Home, store: Engine
) -> None:
    both = {"ada": a_card([1, 1, 1], 1), "grace": a_card([4, 4, 4], 4)}
    book = add_session(store, home, "open", both)
    before = read(jumpseat, "open")
    book.change(a_card([4, 4, 4], 4), "ada", "I had missed 31:02")
    book.submit(a_card([2, 2, 2], 2), "ivan", "training")
    after = read(jumpseat, "open")
    assert (before["changes"]["changed"], after["changes"]["changed"]) == (0, 1)
    assert after["changes"]["up"] == after["changes"]["towards"] == 4
    assert before["differing"] == after["differing"]
    assert after["cards"] == 2


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ([], 2, "which sessions is not said"),
        (["--all", "s00"], 2, "--all is every session"),
        (["nosuch"], 1, "nosuch"),
        (["--all", "--exercise", "nosuch"], 2, "there are cards of ours"),
        (["--wrong"], 2, "--wrong"),
        (["train"], 2, "SESSION"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    jumpseat: Call, home: Home, store: Engine, words: list[str], status: int, said: str
) -> None:
    add_season(store, home, 1)
    outcome = jumpseat("calibrate", *words)
    assert (outcome.status, outcome.out) == (status, "")
    assert said in outcome.err
    assert len(outcome.err.splitlines()) == 1


@pytest.mark.parametrize("at_home", [True, False])
def test_shared_options_may_stand_anywhere(
    jumpseat: Call, home: Home, store: Engine, at_home: bool
) -> None:
    add_season(store, home, 1)
    where = () if at_home else ("--home", str(home.path))
    shown = jumpseat("calibrate", *where, "s00", "--json", at_home=at_home)
    assert json.loads(shown.out)["sessions"] == 1
    helped = jumpseat("calibrate", *where, "--help", at_home=at_home)
    assert "train" in helped.out


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ([""], {"overview", "train", "latest", "s00"}),
        (["--al"], {"--all"}),
        (["s00", "la"], {"latest"}),
        (["train", "s0"], {"s00"}),
    ],
)
def test_the_shell_completes_verbs_sessions_and_options(
    home: Home, store: Engine, words: list[str], offered: set[str]
) -> None:
    add_season(store, home, 1)
    *before, incomplete = words
    args = ["--home", str(home.path), "calibrate", *before]
    found = ShellComplete(cli, {}, "jumpseat", "_X").get_completions(args, incomplete)
    assert {item.value for item in found} == offered


@pytest.fixture
def past(home: Home, store: Engine) -> Book:
    cards = {"ada": a_card([1, 2, 3], 2, "zzQuartz", t=754.0), "grace": a_card([1, 3, 3], 3)}
    return add_session(store, home, "past", cards)


def score(jumpseat: Call, *levels: int) -> None:
    for name, level in zip(("debugging", "care", "talking"), levels, strict=True):
        rated = jumpseat("card", "rate", "past", name, str(level), "--reason", "so", "--training")
        assert rated.status == 0
    assert jumpseat("card", "recommend", "past", "3", "--reason", "so", "--training").status == 0


def test_training_is_blind_until_the_card_is_in_and_then_shows_where_one_differs(
    jumpseat: Call, past: Book, sit: Callable[[str], None]
) -> None:
    sit("ivan")
    assert past.standing("ivan").sees_cards
    begun = jumpseat("calibrate", "train", "past")
    assert (begun.status, begun.out) == (0, "")
    assert "hidden from you" in begun.err
    assert not past.standing("ivan").sees_cards
    assert read(jumpseat, "past")["sessions"] == 0
    score(jumpseat, 4, 2, 0)
    for words in (("train", "past"), ("train", "past", "--json"), ("past",)):
        shown = jumpseat("calibrate", *words)
        assert "zzQuartz" not in shown.out + shown.err
        assert "ada" not in shown.out
    submitted = jumpseat("card", "submit", "past", "--training")
    assert "calibrate train past" in submitted.err
    assert past.standing("ivan").sees_cards
    shown = jumpseat("calibrate", "train", "past")
    assert "+3.0" in shown.out
    assert "12:34.0 zzQuartz of debugging" in shown.out
    assert "zzQuartz of care" not in shown.out
    found = read(jumpseat, "train", "past")
    debugging, care, talking, recommendation = found["compared"]
    assert (debugging["distance"], care["distance"], talking["distance"]) == (3, -0.5, None)
    assert debugging["others"][0]["evidence"][0]["t"] == 754
    assert (found["apart"], recommendation["own"]["level"]) == (1.75, 3)
    # It counts nowhere.
    assert [each.who for each in past.sheets("ivan")] == ["ada", "grace"]
    assert read(jumpseat, "past")["cards"] == 2


def test_what_an_imported_exercise_calls_a_decision_acts_on_no_terminal(
    jumpseat: Call, past: Book, sit: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert past.plan is not None
    words = ("one", "two", "\x9b31mthree", "four")
    plan = past.plan.model_copy(update={"cards": Cards(recommendation=words)})
    monkeypatch.setattr("tui.books.plan_of_session", lambda *_: plan)
    add_entry(past.engine, "past", Entering(kind="decision", text="yes", subject="3"), "lead")
    sit("ivan")
    jumpseat("calibrate", "train", "past")
    score(jumpseat, 4, 2, 0)
    jumpseat("card", "submit", "past", "--training")
    shown = jumpseat("calibrate", "train", "past")
    assert "decided: 3 \\x9b31mthree" in shown.out
    assert "\x9b" not in shown.out


def test_who_sat_in_it_or_still_owes_a_card_cannot_train_on_it(
    jumpseat: Call, home: Home, store: Engine, past: Book, sit: Callable[[str], None]
) -> None:
    sit("ada")
    assert "you judged this session yourself" in jumpseat("calibrate", "train", "past").err
    add_session(store, home, "sealed", {"ada": a_card([1, 1, 1], 1)}, opened=False)
    sit("ivan")
    refused = jumpseat("calibrate", "train", "sealed")
    assert refused.status == 1
    assert "not opened yet" in refused.err
    call(store, "past", "asked", ["ivan"], "lead")
    assert "your card is waited for" in jumpseat("calibrate", "train", "past").err


def test_a_training_card_is_not_begun_by_another_door_and_hides_nothing_from_who_judged(
    jumpseat: Call, past: Book, sit: Callable[[str], None]
) -> None:
    sit("ada")
    refused = jumpseat("card", "rate", "past", "debugging", "3", "--training")
    assert "you judged this session yourself" in refused.err
    assert not past.standing("ada").training
    assert jumpseat("debrief", "past", "--json").status == 0


def test_who_saw_the_cards_before_is_told_that_it_is_not_blind(
    jumpseat: Call, home: Home, store: Engine, past: Book, sit: Callable[[str], None]
) -> None:
    sit("ivan")
    must_trace(home, store, Action.CARDS_READ, "past")
    begun = jumpseat("calibrate", "train", "past")
    assert "this is not blind" in begun.err
    score(jumpseat, 1, 2, 3)
    jumpseat("card", "submit", "past", "--training")
    assert read(jumpseat, "train", "past")["knew"] is not None


@pytest.mark.parametrize(
    "door", [("debrief",), ("debrief", "--json"), ("report", "--to", "json", "-o", "-")]
)
def test_other_doors_are_shut_too_while_one_trains(
    jumpseat: Call, past: Book, sit: Callable[[str], None], door: tuple[str, ...]
) -> None:
    verb, *options = door

    def told() -> str:
        shown = jumpseat(verb, "past", *options)
        assert shown.status == 0, shown.err
        return shown.out + shown.err

    sit("ivan")
    assert "zzQuartz" in told()
    jumpseat("calibrate", "train", "past")
    assert "zzQuartz" not in told()


def test_who_gives_up_sees_the_cards_again(
    jumpseat: Call, past: Book, sit: Callable[[str], None]
) -> None:
    sit("ivan")
    jumpseat("calibrate", "train", "past")
    jumpseat("card", "discard", "past", "--training")
    assert past.standing("ivan").sees_cards


def test_tags_are_not_held_against_decisions_before_ones_own_card_is_in(
    jumpseat: Call, home: Home, store: Engine, sit: Callable[[str], None]
) -> None:
    names = add_season(store, home)
    for name in names:
        call(store, name, "blind", ["ivan"], "ivan")
    sit("ivan")
    found = read(jumpseat, "--all")
    assert found["sessions"] == 12
    assert found["deciding"]["signals"] == []
    assert found["deciding"]["undecided"] == 12


def test_an_altered_card_is_left_out_and_said(jumpseat: Call, home: Home, store: Engine) -> None:
    add_season(store, home, 2)
    with store.begin() as connection:
        connection.execute(update(CardRow).where(CardRow.session == "s00").values(who="eve"))
    found = read(jumpseat, "--all")
    assert found["sessions"] == 1
    assert found["left_out"] == {"whose cards were altered, or cannot be read here": 1}
