"""`jumpseat exercise`: what it prints where, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recorder.exercise.loader import shipped_directory
from recorder.home import Home

GHOST = (shipped_directory() / "ghost.toml").read_text(encoding="utf-8")

SURFING = """
format = 1
[[signal]]
id = "surfed"
topic = "surfing"
title = "Read the web in the terminal"
reason = "It takes time."
question = "What did you look for?"
false-positives = ["A page may have been asked for by mistake."]
[[signal.when]]
command.program = ["w3m"]
""" + "".join(
    f"""
[[signal.example]]
title = "{program}"
tags = {tags}
transcript = '''
candidate@web01:~$ {program} x
candidate@web01:~$
'''
"""
    for program, tags in (("w3m", 1), ("sudo w3m", 1), ("ls", 0), ("cat", 0))
)


def test_list_shows_shipped_and_own(jumpseat, home: Home) -> None:
    home.exercises.mkdir()
    (home.exercises / "ours.toml").write_text(GHOST)
    outcome = jumpseat("exercise", "list", "--json")
    found = {each["name"]: each for each in json.loads(outcome.out)}
    assert {name: each["origin"] for name, each in found.items()} == {
        "ghost": "shipped",
        "ours": "own",
        "outage": "shipped",
    }
    assert (found["ours"]["minutes"], found["ours"]["tasks"]) == (60, 4)
    assert [line.split()[:2] for line in jumpseat("exercise", "list").out.splitlines()[1:]] == [
        ["ghost", "shipped"],
        ["ours", "own"],
        ["outage", "shipped"],
    ]


def test_list_tells_of_a_faulty_one_beside_the_data(jumpseat, home: Home) -> None:
    home.exercises.mkdir()
    (home.exercises / "ours.toml").write_text(GHOST.replace("days = 180", "days = 0"))
    outcome = jumpseat("exercise", "list")
    assert outcome.status == 0
    assert "ours" not in outcome.out
    assert "retention.days" in outcome.err


def test_show_prints_what_to_say_in_the_order_of_the_hour(jumpseat) -> None:
    outcome = jumpseat("exercise", "show", "ghost")
    assert (outcome.status, outcome.err) == (0, "")
    wanted = [
        "before the clock", "minute 0:", "minute 5:", "task 1:", "task 4:", "minute 45:",
        "minute 50:", "closing questions", "when they ask", "rated: Readiness", "rated: Debugging",
        "\n\nrecommendation", "\n\nthe candidate is", "\n\nlooked at", "\n\nkept\n",
    ]  # fmt: skip
    places = [outcome.out.index(words) for words in wanted]
    assert places == sorted(places)
    assert max(map(len, outcome.out.splitlines())) <= 100


def test_show_for_programs_has_the_keys_of_the_file(jumpseat) -> None:
    shown = json.loads(jumpseat("exercise", "show", "ghost", "--json").out)
    assert [phase["minutes"] for phase in shown["plan"]["clock"]["phase"]] == [5, 45, 10]
    assert len(shown["plan"]["closing-question"]) == 5


def test_check_prints_each_fault_with_its_place_and_fails(jumpseat, tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(GHOST.replace("minutes = 45", "minuets = 45").replace("days = 180", "days = 0"))
    outcome = jumpseat("exercise", "check", str(path))
    assert outcome.status == 1
    lines = outcome.out.splitlines()
    keys = ["retention.days", "clock.phase[1].minutes", "clock.phase[1].minuets"]
    assert [line.split(": ")[1] for line in lines] == keys
    assert all(line.startswith(f"{path}:") for line in lines)
    assert outcome.err == "jumpseat: 3 faults found\n"


def test_show_puts_every_level_beside_its_figure(jumpseat) -> None:
    shown = jumpseat("exercise", "show", "outage").out
    note = shown.partition("rated: The incident note\n")[2].partition("\n\n")[0].splitlines()
    figures = [line.split()[0] for line in note if line[4:5].isdigit()]
    assert figures == ["0", "1", "2", "3", "4"]
    assert note[-1] == "  Likely evidence: tags of writing."
    assert "    4  Take at once\n" in shown
    assert "ghost" not in shown.casefold()


def test_check_knows_the_words_of_work_and_of_signals(jumpseat, tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    text = GHOST.replace('["basic-auth"]', '["basic-auht"]').replace(
        'topics = ["ssh"]\nlevels', 'topics = ["sshd", "surfing"]\nlevels'
    )
    path.write_text(text)
    outcome = jumpseat("exercise", "check", str(path))
    assert outcome.status == 1
    lines = outcome.out.splitlines()
    assert len(lines) == 3
    task = text[: text.index("basic-auht")].count("\n") + 1
    rated = text[: text.index("surfing")].count("\n") + 1
    words = "task[2].topics[0]: basic-auht is no topic of work; did you mean basic-auth?"
    assert lines[0] == f"{path}:{task}: {words}"
    assert lines[1].startswith(
        f"{path}:{rated}: competency[3].topics[0]: sshd is no signal's topic"
    )
    assert "known are basic-auth, " in lines[2]


def test_check_knows_the_topics_of_a_teams_own_signals(
    jumpseat, tmp_path: Path, monkeypatch
) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(GHOST.replace('topics = ["ssh"]\nlevels', 'topics = ["surfing"]\nlevels'))
    assert jumpseat("exercise", "check", str(path)).status == 1
    rules = tmp_path / "signals.toml"
    rules.write_text(SURFING)
    monkeypatch.setenv("JUMPSEAT_SIGNALS_FILE", str(rules))
    assert jumpseat("exercise", "check", str(path)).status == 0


@pytest.mark.parametrize(
    ("script", "line"),
    [("if true\n\techo\n", 5), ("echo one\n}\n", 4), ("echo 'open\n", None)],
)
def test_check_lets_a_shell_read_what_prepares_the_target(
    jumpseat, tmp_path: Path, script: str, line: int | None
) -> None:
    path = tmp_path / "ours.toml"
    quoted = f'[target]\nuser = "candidate"\nprepare = """\n{script}"""\n'
    text = GHOST.replace("[target]\n", quoted).replace(
        '\nuser = "candidate"\npassword', "\npassword"
    )
    path.write_text(text)
    outcome = jumpseat("exercise", "check", str(path))
    (fault,) = outcome.out.splitlines()
    begin = text[: text.index("prepare = ")].count("\n") + 1
    assert ": target.prepare: no shell script (" in fault
    at = int(fault.removeprefix(f"{path}:").partition(":")[0])
    assert begin <= at <= begin + script.count("\n") + 1
    assert line is None or at - begin <= line


def test_what_prepares_a_target_is_read_and_never_run(jumpseat, tmp_path: Path) -> None:
    trace = tmp_path / "it-ran"
    path = tmp_path / "ours.toml"
    path.write_text(GHOST.replace("sudo = true", f"sudo = true\nprepare = 'touch {trace}'"))
    assert jumpseat("exercise", "check", str(path)).status == 0
    assert not trace.exists()


def test_check_without_names_checks_all(jumpseat, home: Home) -> None:
    assert jumpseat("exercise", "check").status == 0
    home.exercises.mkdir()
    (home.exercises / "ours.toml").write_text("format = 1\n")
    outcome = jumpseat("exercise", "check")
    assert outcome.status == 1
    assert "ours.toml:1: consent: is missing" in outcome.out


def test_a_new_exercise_is_a_private_copy_that_is_never_overwritten(jumpseat, home: Home) -> None:
    outcome = jumpseat("exercise", "new", "ours")
    path = Path(outcome.out.strip())
    assert path == home.exercises / "ours.toml"
    assert path.read_text() == GHOST
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_text(GHOST.replace("days = 180", "days = 7"))
    again = jumpseat("exercise", "new", "ours")
    assert (again.status, again.out) == (2, "")
    assert "days = 7" in path.read_text()
    assert jumpseat("exercise", "new", "third", "--from", "ours").status == 0
    assert "days = 7" in (home.exercises / "third.toml").read_text()


def test_a_name_that_could_lead_elsewhere_is_refused(jumpseat, home: Home) -> None:
    for name in ("../ours", "Ours", "a b", ""):
        assert jumpseat("exercise", "new", name).status == 2
    assert not home.exercises.exists()


def test_an_exercise_that_is_not_there_is_one_line(jumpseat) -> None:
    outcome = jumpseat("exercise", "show", "goats")
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err.startswith("jumpseat: there is no exercise 'goats'; known are ghost")
