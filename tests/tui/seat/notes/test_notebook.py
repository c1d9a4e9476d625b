"""The rules of noting, without a screen: which moment, which note, what is undone, what is kept."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.visible import plain
from recorder.store.notes import Kind, Note, Noting, standing
from tui.seat.feed import Findings, TaskWords
from tui.seat.moments import draw_moment
from tui.seat.notes.keeping import Wanted
from tui.seat.notes.notebook import ADDS_WORDS, Notebook
from tui.seat.notes.rows import kept_words, note_moments, note_of, noting_words

TASKS = (TaskWords(id="address", title="Address"), TaskWords(id="ghost", title="Ghost"))


def a_note(number: int, kind: Kind = "note", who: str = "ada", **more: object) -> Note:
    values: dict[str, object] = {"t": 10.0, "text": f"note {number}" if kind == "note" else ""}
    return Note(
        number=number, kind=kind, who=who, said=datetime(2026, 1, 1, tzinfo=UTC), **(values | more)
    )


class Store:
    """Keeps what a notebook wants, as the keeper's thread does; later, if a test says so."""

    def __init__(self, book: Notebook) -> None:
        self.book = book
        self.notes: list[Note] = []
        self.waiting: list[Wanted] = []
        self._numbers: dict[int, int] = {}

    def keep(self, wanted: Wanted | None) -> None:
        assert wanted is not None
        self.waiting.append(wanted)

    def settle(self) -> None:
        for wanted in self.waiting:
            noting = wanted.noting
            replaces = noting.replaces
            if wanted.after is not None:
                replaces = self._numbers[wanted.after]
            note = a_note(
                len(self.notes) + 1,
                noting.kind,
                t=noting.t,
                text=noting.text,
                subject=noting.subject,
                replaces=replaces,
                withdrawn=noting.withdrawn,
            )
            stands = {each.number for each in standing(self.notes)}
            assert replaces is None or replaces in stands
            self.notes.append(note)
            self._numbers[wanted.serial] = note.number
            self.book.take_note(wanted, note)
        self.waiting.clear()

    @property
    def texts(self) -> list[tuple[str, float, str]]:
        return [(each.kind, each.t, each.text) for each in standing(self.notes)]


@pytest.fixture
def book() -> Notebook:
    made = Notebook()
    made.take_findings(Findings(viewer="ada"))
    return made


@pytest.fixture
def store(book: Notebook) -> Store:
    return Store(book)


def write(book: Notebook, store: Store, text: str, t: float = 20.0, now: float = 0.0) -> None:
    book.begin("note", t, now)
    store.keep(book.keep(text, now))


def test_a_note_is_about_the_moment_of_its_key(book: Notebook, store: Store) -> None:
    book.begin("question", 20.0, 0.0)
    store.keep(book.keep(" why? ", 50.0))
    store.settle()
    assert store.texts == [("question", 20.0, "why?")]


@pytest.mark.parametrize("settled", [True, False])
def test_words_written_right_after_a_mark_are_that_marks(
    book: Notebook, store: Store, settled: bool
) -> None:
    store.keep(book.mark(20.0, 100.0))
    if settled:
        store.settle()
    begun = book.begin("note", 26.0, 100.0 + ADDS_WORDS)
    assert begun.moment("") == 20.0
    store.keep(book.keep("tests it", 130.0))
    store.settle()
    assert store.texts == [("note", 20.0, "tests it")]


def test_words_written_long_after_a_mark_are_a_note_of_their_own(
    book: Notebook, store: Store
) -> None:
    store.keep(book.mark(20.0, 100.0))
    write(book, store, "later", t=60.0, now=101.0 + ADDS_WORDS)
    store.settle()
    assert store.texts == [("mark", 20.0, ""), ("note", 60.0, "later")]


def test_what_was_put_aside_is_offered_again_with_its_own_moment(book: Notebook) -> None:
    book.begin("note", 20.0, 0.0)
    assert book.discard("half a thought")
    begun = book.begin("note", 90.0, 0.0)
    assert begun.text == "half a thought"
    assert begun.moment("half a thought, and more") == 20.0
    assert begun.moment("something else") == 90.0
    wanted = book.keep("half a thought.", 0.0)
    assert wanted is not None
    assert (wanted.noting.t, wanted.noting.text) == (20.0, "half a thought.")
    assert book.begin("note", 95.0, 0.0).text == ""


def test_notes_and_questions_are_put_aside_apart_and_all_of_them(book: Notebook) -> None:
    for kind, text in (("note", "one"), ("question", "why?")):
        book.begin(kind, 1.0, 0.0)
        book.discard(text)
    begun = book.begin("note", 2.0, 0.0)
    assert begun.text == "one"
    assert not book.discard("  ")
    assert book.begin("question", 2.0, 0.0).text == "why?"


def test_words_that_could_not_be_kept_are_offered_again_last_first(
    book: Notebook, store: Store
) -> None:
    for number in (1, 2):
        write(book, store, f"thought {number}", t=float(number))
    assert all(book.take_failure(wanted) for wanted in store.waiting)
    assert [each.text for each in book.failures] == ["thought 1", "thought 2"]
    begun = book.begin("note", 50.0, 0.0)
    assert (begun.text, begun.moment(begun.text)) == ("thought 2", 2.0)
    assert [each.text for each in book.failures] == ["thought 1"]


def test_changing_a_note_keeps_its_kind_and_its_moment(book: Notebook) -> None:
    known = (a_note(1, "question", text="why?", t=5.0),)
    book.take_findings(Findings(viewer="ada", notes=known, last_note=1))
    begun = book.begin("note", 90.0, 0.0, known[0])
    assert (begun.kind, begun.text, begun.moment("why not?")) == ("question", "why?", 5.0)
    wanted = book.keep("why not?", 0.0)
    assert wanted is not None
    assert wanted.noting == Noting(kind="question", t=5.0, text="why not?", replaces=1)
    book.begin("note", 90.0, 0.0, known[0])
    assert book.keep("why?", 0.0) is None


def test_a_tick_is_taken_back_even_while_it_is_being_kept(book: Notebook, store: Store) -> None:
    for _ in range(3):
        store.keep(book.tick("ghost", 20.0, 0.0))
    store.settle()
    assert [each.withdrawn for each in store.notes] == [False, True, False]
    store.keep(book.tick("ghost", 30.0, 0.0))
    store.settle()
    assert standing(store.notes) == ()


def test_anothers_tick_is_not_ones_own(book: Notebook) -> None:
    theirs = a_note(1, "task", "grace", subject="ghost")
    book.take_findings(Findings(viewer="ada", notes=(theirs,), last_note=1))
    assert not book.tick("ghost", 20.0, 0.0).noting.withdrawn


def test_an_announcement_is_made_once_by_whoever_makes_it(book: Notebook) -> None:
    said = a_note(1, "announced", "grace", subject="30")
    assert not book.said(30)
    book.take_findings(Findings(viewer="ada", notes=(said,), last_note=1))
    assert (book.said(30), book.said(15)) == (True, False)
    book.announce(15, 20.0, 0.0)
    assert book.said(15)


@pytest.mark.parametrize("settled", [True, False])
def test_undo_undoes_what_was_noted_last_whatever_it_was(
    book: Notebook, store: Store, settled: bool
) -> None:
    def after() -> None:
        if settled:
            store.settle()

    store.keep(book.mark(20.0, 0.0))
    after()
    book.begin("note", 25.0, 0.0)
    store.keep(book.keep("words", 0.0))
    after()
    store.keep(book.undo(0.0))
    store.settle()
    assert store.texts == [("mark", 20.0, "")]
    assert book.undo(0.0) is None
    store.keep(book.mark(30.0, 0.0))
    after()
    store.keep(book.undo(0.0))
    store.settle()
    assert store.texts == [("mark", 20.0, "")]


def test_undo_brings_back_what_was_taken_back(book: Notebook, store: Store) -> None:
    write(book, store, "words")
    store.settle()
    store.keep(book.withdraw(store.notes[0], 0.0))
    assert book.withdraw(store.notes[0], 0.0) is None
    store.settle()
    assert store.texts == []
    store.keep(book.undo(0.0))
    store.settle()
    assert store.texts == [("note", 20.0, "words")]


def test_a_withdrawal_that_was_not_kept_is_not_brought_back_beside_what_stands(
    book: Notebook, store: Store
) -> None:
    store.keep(book.mark(20.0, 0.0))
    store.settle()
    wanted = book.withdraw(book.notes[0], 0.0)
    assert wanted is not None
    assert not book.take_failure(wanted)
    assert book.undo(0.0) is None
    assert len(book.notes) == 1


def test_only_what_can_be_undone_is_said_to_be(book: Notebook, store: Store) -> None:
    store.keep(book.mark(20.0, 0.0))
    (mark,) = store.waiting
    assert book.undoes(mark)
    store.settle()
    store.keep(book.undo(0.0))
    (gone,) = store.waiting
    assert not book.undoes(gone)
    assert not book.undoes(mark)
    assert kept_words(a_note(2, replaces=1, withdrawn=True), TASKS, undoable=False) == (
        "taken back: note 2 (00:10)"
    )
    assert kept_words(a_note(1, "mark"), TASKS, undoable=False) == "mark at 00:10"


@pytest.mark.parametrize("text", ["two\nlines", "a\ttab", "\x1b[1mbold", "ends in a blank "])
def test_words_that_are_shown_in_pictures_and_left_as_they_are_change_nothing(
    book: Notebook, text: str
) -> None:
    own = a_note(3, text=text)
    for shown in (plain(text), plain(text).strip()):
        book.begin("note", 10.0, 0.0, own)
        assert book.keep(shown, 0.0) is None
        book.begin("note", 10.0, 0.0, own)
        assert not book.discard(shown)
    book.begin("note", 10.0, 0.0, own)
    assert book.keep(f"{plain(text)}!", 0.0) is not None


def test_after_something_else_was_said_there_is_no_noting_to_undo(
    book: Notebook, store: Store
) -> None:
    store.keep(book.mark(20.0, 0.0))
    book.forget_last()
    assert book.undo(0.0) is None


def test_older_findings_hide_nothing_that_was_kept_since_and_newer_ones_count(
    book: Notebook, store: Store
) -> None:
    store.keep(book.mark(20.0, 0.0))
    store.settle()
    book.take_findings(Findings(viewer="ada"))
    assert [each.number for each in book.notes] == [1]
    # Taken back elsewhere: nothing of it stands, and the numbers say that this is known.
    book.take_findings(Findings(viewer="ada", last_note=2))
    assert book.notes == ()


@given(
    actions=st.lists(
        st.tuples(st.sampled_from(["mark", "tick", "write", "undo", "settle"]), st.booleans()),
        max_size=25,
    )
)
def test_whatever_the_order_and_the_delay_nothing_is_replaced_that_does_not_stand(
    actions: list[tuple[str, bool]],
) -> None:
    book = Notebook()
    book.take_findings(Findings(viewer="ada"))
    store = Store(book)
    for number, (action, first) in enumerate(actions):
        if action == "mark":
            store.keep(book.mark(float(number), 0.0))
        elif action == "tick":
            store.keep(book.tick("address" if first else "ghost", float(number), 0.0))
        elif action == "write":
            write(book, store, f"note {number}", float(number))
        elif action == "undo":
            wanted = book.undo(0.0)
            if wanted is not None:
                store.keep(wanted)
        else:
            store.settle()
    store.settle()
    assert book.notes == standing(store.notes)
    ticks = [each.subject for each in book.notes if each.kind == "task"]
    assert len(ticks) == len(set(ticks))


def test_rows_tell_kinds_apart_without_colour_and_name_others_alone() -> None:
    notes = (
        a_note(1, "mark", t=1.0),
        a_note(2, "note", text="two\nlines", t=2.0),
        a_note(3, "question", "grace", text="[b]why[/b]\x1b[31m?", t=3.0),
        a_note(4, "task", subject="ghost", t=4.0),
        a_note(5, "announced", subject="15", t=5.0),
    )
    rows = [draw_moment(each, 60, is_tag=False).plain for each in note_moments(notes, "ada", TASKS)]
    assert rows == [
        "00:01 ◆ mark",
        "00:02 ✎ two lines",
        "00:03 ? grace: [b]why[/b]␛[31m?",
        "00:04 ✓ 2 Ghost",
        "00:05 ! announced: 15 minutes left",
    ]


def test_a_row_is_told_from_a_row_of_another_list() -> None:
    notes = (a_note(1), a_note(7))
    row = note_moments(notes, "ada", ())[1]
    assert note_of(row, notes) is notes[1]
    assert note_of(row, notes[:1]) is None


def test_a_task_that_the_exercise_does_not_know_is_named_by_its_id() -> None:
    assert noting_words(Noting(kind="task", t=0.0, subject="gone"), TASKS) == "gone"


def test_what_was_kept_is_said_with_the_way_back() -> None:
    said = {
        kept_words(a_note(1, "mark"), TASKS): "mark at 00:10; w adds words, u takes it back",
        kept_words(a_note(1, text="x" * 80), TASKS): f"note kept: {'x' * 39}… (00:10); u takes",
        kept_words(a_note(1, "task", subject="ghost"), TASKS): "ticked: 2 Ghost (00:10)",
        kept_words(a_note(2, replaces=1, withdrawn=True), TASKS): "taken back: note 2 (00:10)",
        kept_words(a_note(2, replaces=1), TASKS): "note kept: note 2 (00:10)",
        kept_words(a_note(2, replaces=1), TASKS, changed=True): "changed: note 2 (00:10)",
    }
    for words, beginning in said.items():
        assert words.startswith(beginning)
