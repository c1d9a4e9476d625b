"""What counts as the same command and as the same tag, where the analysis is held against truth."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from bench.support.agreement import canonical, compare_commands, compare_tags, same_text
from bench.support.observed import Marked, Ran, marked, ran
from tests.tui.seat.support import make_command, make_tag


def row(t: float, text: str, status: int = 0, **more: Any) -> Ran:
    return Ran(t, "100", "candidate", status, text, **more)


def mark(signal: str, t: float, *, scored: bool = True) -> Marked:
    return Marked(signal, t, t, t, scored)


@pytest.mark.parametrize(
    ("typed", "logged"),
    [
        ("ls  ", "ls"),
        ("echo a \\\nb", "echo a b"),
        ("for x in a b; do\necho $x\ndone", "for x in a b; do echo $x; done"),
        ("cat > f <<E\none\ntwo\nE", "cat > f <<E\none\ntwo\nE"),
        ("curl -u me:\u2022\u2022\u2022\u2022 host", "curl -u me:secret host"),
    ],
)
def test_what_bash_writes_otherwise_is_the_same(typed: str, logged: str) -> None:
    assert same_text(typed, logged)


def test_other_text_is_not_the_same() -> None:
    assert not same_text("ls -l", "ls")
    assert not same_text("curl -u me:\u2022\u2022 host", "curl -u me:secret other")
    assert canonical("cat <<E\na\nE") != canonical("cat <<E; a; E")


def test_each_line_of_the_log_takes_one_command_the_nearest() -> None:
    found = [make_command("a", 1.0, "ls"), make_command("b", 11.0, "ls", outcome="failed")]
    shares = compare_commands(found, [row(12.0, "ls", 2), row(2.0, "ls")]).shares
    assert (shares["recall"].right, shares["recall"].all) == (2, 2)
    assert (shares["outcome right"].right, shares["outcome right"].all) == (2, 2)


def test_what_history_leaves_out_is_no_false_command() -> None:
    texts = ("ls", "ls", " secret", "exit", "invented")
    found = [make_command(f"k{n}", 10.0 * n, text) for n, text in enumerate(texts)]
    agreement = compare_commands(found, [row(1.0, "ls"), row(99.0, "never seen")])
    assert (agreement.shares["precision"].right, agreement.shares["precision"].all) == (4, 5)
    assert (agreement.shares["recall"].right, agreement.shares["recall"].all) == (1, 2)
    assert [line.split()[0] for line in agreement.differences] == ["missed", "extra"]


def test_a_wrong_outcome_is_named_and_an_unknown_one_is_not_wrong() -> None:
    found = [make_command("a", 1.0, "false"), make_command("b", 5.0, "true", outcome="unknown")]
    agreement = compare_commands(found, [row(2.0, "false", 1), row(6.0, "true")])
    assert (agreement.shares["outcome right"].right, agreement.shares["outcome right"].all) == (
        0,
        1,
    )
    assert "status 1" in agreement.differences[0]


def test_tags_count_once_a_session_and_then_one_by_one() -> None:
    found = [make_tag("t1", 20.0), make_tag("t2", 500.0), make_tag("t3", 60.0, signal="other")]
    known = [mark("apache-stopped", 45.0), mark("apache-stopped", 900.0)]
    shares = compare_tags(found, known).shares
    assert (shares["ids recall"].right, shares["ids recall"].all) == (1, 1)
    assert (shares["ids precision"].right, shares["ids precision"].all) == (1, 2)
    assert (shares["tags recall"].right, shares["tags recall"].all) == (1, 2)
    assert (shares["tags precision"].right, shares["tags precision"].all) == (1, 3)


def test_what_the_observer_left_open_counts_neither_way() -> None:
    found = [make_tag("t1", 20.0), make_tag("t2", 60.0, signal="undecided")]
    shares = compare_tags(found, [mark("apache-stopped", 20.0, scored=False)], {"undecided"}).shares
    assert [share.all for share in shares.values()] == [0, 0, 0, 0]


def test_a_folder_is_read_with_times_from_its_start(tmp_path: Path) -> None:
    (tmp_path / "a.start").write_text("1000.5\n")
    (tmp_path / "b.start").write_text("1100\n")
    logged = b64encode(b"ls").decode()
    (tmp_path / "bash.tsv").write_text(
        f"1001.5\t7\troot\t0\t/root\t{logged}\n1002\t8\troot\t0\t/\t{b64encode(b'exit').decode()}\n"
    )
    (tmp_path / "truth.json").write_text(
        '{"signals": [{"id": "a", "at": 1010.5, "latest_acceptable": 1020.5},'
        ' {"id": "b", "at": 1011.5, "optional": true}], "borderline": [{"id": "c", "at": 1012.5}]}'
    )
    assert [(each.t, each.text, each.artefact) for each in ran(tmp_path)] == [
        (1.0, "ls", False),
        (1.5, "exit", True),
    ]
    assert [(each.signal, each.t, each.last, each.scored) for each in marked(tmp_path)] == [
        ("a", 10.0, 20.0, True),
        ("b", 11.0, 11.0, False),
        ("c", 12.0, 12.0, False),
    ]
