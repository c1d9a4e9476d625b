"""Broken files, one kind of mistake each: every fault is named with its line and its key.

The files in ``broken`` are `minimal.toml` with a mistake or two made in it.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.exercise.loader import MOST_BYTES, ExerciseError, parse_exercise, read_exercise
from recorder.home import Home

HERE = Path(__file__).parent
BROKEN = HERE / "broken"
MINIMAL = (HERE / "minimal.toml").read_text(encoding="utf-8")

_TOP = ("format", "title", "summary", "consent", "retention", "target", "clock", "task")

FAULTS: dict[str, tuple[str, ...]] = {
    # no TOML, or no text
    "no-toml": ("9: retention.days: not TOML (Invalid value)",),
    "unfinished-text": ("27: clock.announcement[0].say: not TOML (Unterminated string)",),
    "unclosed-list": ("49: competency[0].levels: not TOML (Unclosed array)",),
    "key-twice": ("23: clock.phase[1].title: not TOML (Cannot overwrite a value)",),
    "table-twice": ("11: consent: not TOML (Cannot declare ('consent',) twice)",),
    "empty": tuple(f"1: {key}: is missing" for key in _TOP),
    "only-comments": tuple(f"1: {key}: is missing" for key in _TOP),
    "not-utf8": ("2: not UTF-8 (byte 0xe9)",),
    "byte-order-mark": ("1: begins with a byte order mark: save it as UTF-8 without one",),
    "binary": ("1: not TOML (Invalid statement)",),
    "nested-deep": (
        "9: retention.days: not TOML that can be read (too many brackets in each other)",
    ),
    "number-too-long": (
        "9: retention.days: not TOML that can be read (a number with too many digits)",
    ),
    # values of another type, or out of range
    "another-format": ("1: format: must be 1",),
    "number-as-text": ("9: retention.days: must be a whole number, without quotes",),
    "truth-as-text": ("23: clock.phase[1].tasks: must be true or false, without quotes",),
    "table-as-text": ("9: target: must be a table, [in brackets] on a line of its own",),
    "one-for-many": (
        "29: task: must be a list: [in brackets], or for tables [[in two]] above each",
    ),
    "date-for-minutes": ("22: clock.phase[1].minutes: must be a whole number, without quotes",),
    "out-of-range": (
        "9: retention.days: must be at least 1",
        "22: clock.phase[1].minutes: must be at most 1440",
        "39: probe[0].every: must be at least 15",
    ),
    "blank-words": ("48: competency[0].question: is empty",),
    "prepared-by-nothing": ("13: target.prepare: is empty",),
    "consent-too-short": ("6: consent.text: must have at least 20 characters",),
    "id-with-blanks": (
        "46: competency[0].id: must be small letters, digits and hyphens, a letter first",
    ),
    "too-few-levels": ("49: competency[0].levels: must have at least 5 entries, not 4",),
    "three-recommendations": ("42: cards.recommendation: must have at least 4 entries, not 3",),
    # keys that are not there, or that nobody knows
    "unknown-key": ("13: target.suod: unknown key",),
    "unknown-table": ("41: closing-questions: unknown key",),
    "nothing-to-do": ("1: task: is missing",),
    "missing-words": ("14: clock.phase[0].title: is missing", "28: task[0].text: is missing"),
    "probe-of-another-kind": ("37: probe[0].kind: must be one of 'http', 'logins'",),
    "probe-without-kind": ("35: probe[0].kind: is missing",),
    # well-formed, and wrong together
    "id-twice": ("42: task[1].id: look is there twice",),
    "topic-twice": ("34: task[0].topics[1]: web is there twice",),
    "levels-alike": ("49: competency[0].levels[2]: says the same as a level before it",),
    "recommendations-alike": ("42: cards.recommendation[3]: 'yes' is there twice",),
    "competency-on-every-card": (
        "46: competency[0].id: strengths stands on every card already: choose another id",
    ),
    "two-places-for-tasks": ("14: clock.phase: one phase, and only one, has tasks = true",),
    "no-place-for-tasks": ("14: clock.phase: one phase, and only one, has tasks = true",),
    "announced-too-early": (
        "26: clock.announcement[0].left: the whole exercise has only 25 minutes",
    ),
    "announced-twice": (
        "30: clock.announcement[1].left: something else is said when 10 minutes are left",
    ),
    "probe-of-somebody-else": ("38: probe[0].user: must be the target's own user, guest",),
    "probe-of-another-page": ("42: probe[0].contains: these words are not in target.page.html",),
    "consent-without-days": (
        "6: consent.text: does not say {days}, which stands for the days of retention.days",
    ),
    # what nobody sees
    "unseen-characters": (
        "38: probe[0].title: holds U+200B (zero width space), which nobody sees",
        "43: closing-question[0].text: holds U+202E (right-to-left override), which nobody sees",
    ),
    "control-character": (
        "31: task[0].title: must be one line of text",
        "31: task[0].title: holds U+0007 (a control character), which nobody sees",
    ),
}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_what_the_mistakes_were_made_in_is_an_exercise(home: Home) -> None:
    assert read_exercise(home, HERE / "minimal.toml").plan.title == "A quiet server"


def test_every_broken_file_is_expected_here() -> None:
    assert {path.stem for path in BROKEN.glob("*.toml")} == set(FAULTS)
    assert len(FAULTS) >= 20


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_each_fault_is_named_with_file_line_and_key(name: str, home: Home) -> None:
    path = BROKEN / f"{name}.toml"
    with pytest.raises(ExerciseError) as caught:
        read_exercise(home, path)
    assert tuple(map(str, caught.value.faults)) == tuple(f"{path}:{each}" for each in FAULTS[name])


def test_a_huge_file_is_not_read_to_its_end(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "huge.toml"
    with path.open("wb") as file:
        file.write(MINIMAL.encode())
        file.truncate(MOST_BYTES * 1000)
    with pytest.raises(ExerciseError, match="larger than 512 KiB"):
        read_exercise(home, path)


def test_many_faults_take_no_longer_than_their_number(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "many.toml"
    path.write_text("".join(f"k{n} = 1\n" for n in range(20_000)))
    with pytest.raises(ExerciseError) as caught:
        read_exercise(home, path)
    assert len(caught.value.faults) == 20_000 + len(_TOP)


_PIECES = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ['"', "'''", '"""', "[", "]", "[[", "]]", "{", "}", "=", ".", "#", "\\", "\n", "\r\n", "\r",
         "\x00", "\ufeff", "\u202e", "-1", "1e400", "nan", "0x", "1979-05-27", "25:00:00", "true",
         "[[task]]\n", "[task]\n", "[[clock.phase.x]]\n", "id = 'look'\n", "levels = []\n"]
    ),
)  # fmt: skip


@given(st.lists(st.tuples(st.integers(0, len(MINIMAL)), st.integers(0, 30), _PIECES), max_size=4))
def test_whatever_is_done_to_a_file_nothing_else_is_raised(
    changes: list[tuple[int, int, str]],
) -> None:
    text = MINIMAL
    for place, length, piece in changes:
        text = text[:place] + piece + text[place + length :]
    with contextlib.suppress(ExerciseError):
        parse_exercise(text, "my.toml")


@given(st.binary(max_size=60))
def test_whatever_a_file_holds_nothing_else_is_raised(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(content)
    with pytest.raises(ExerciseError):
        read_exercise(Home(path.parent), path)
