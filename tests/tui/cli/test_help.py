from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tui.cli.root import VERBS, cli
from tui.cli.verbs import VerbGroup


def walk(group: VerbGroup, path: str) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, VerbGroup):
            yield from walk(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


ALL = dict(walk(cli, "jumpseat"))
EXAMPLES = [line for each in (cli, *ALL.values()) for line, _ in getattr(each, "examples", ())]


@pytest.mark.parametrize("path", ALL)
def test_every_verb_has_help_with_an_example(path: str, jumpseat) -> None:
    outcome = jumpseat(*path.split()[1:], "--help")
    assert (outcome.status, outcome.err) == (0, "")
    assert "Examples:" in outcome.out
    assert "--home DIR" in outcome.out
    assert max(map(len, outcome.out.splitlines())) <= 100


def groups(group: VerbGroup, path: str) -> Iterator[tuple[str, VerbGroup]]:
    yield path, group
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, VerbGroup):
            yield from groups(command, f"{path} {name}")


GROUPS = dict(groups(cli, "jumpseat"))


@pytest.mark.parametrize("path", GROUPS)
def test_a_groups_help_tells_each_verb_in_a_whole_sentence(path: str, jumpseat) -> None:
    outcome = jumpseat(*path.split()[1:], "--help")
    listed = outcome.out.partition("Verbs:\n")[2].partition("\n\n")[0]
    assert listed
    assert "..." not in listed


@pytest.mark.parametrize("path", ALL)
def test_help_lists_each_argument_once(path: str, jumpseat) -> None:
    outcome = jumpseat(*path.split()[1:], "--help")
    assert "Positional" not in outcome.out
    assert outcome.out.count("Arguments:") <= 1


@pytest.mark.parametrize("line", EXAMPLES)
def test_every_example_is_accepted(line: str) -> None:
    words = [word for word in shlex.split(line) if not word.startswith("<")][1:]
    command: click.Command = cli
    parent = click.Context(cli, info_name="jumpseat", obj={})
    while words and isinstance(command, VerbGroup):
        words = command.with_verb(words)
        found = command.get_command(parent, words.pop(0))
        assert found is not None
        command = found
    command.make_context("example", words, parent=parent)


@pytest.mark.parametrize("path", ALL)
def test_every_verb_is_documented(path: str, root: Path) -> None:
    pages = [root / "README.md", *(root / "docs").glob("*.md")]
    assert any(path in page.read_text() for page in pages)


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_the_table_of_verbs_leads_to_commands_of_that_name(verb) -> None:
    assert verb.load().name == verb.name


LEARNING = {"sklearn", "skops", "joblib", "scipy", "numpy"}


def modules_after(code: str) -> set[str]:
    listing = f"import sys\n{code}\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", listing], capture_output=True, text=True, check=True
    )
    return {name.partition(".")[0] for name in done.stdout.split()}


def test_help_loads_nothing_heavy() -> None:
    loaded = modules_after(
        "from tui.main import run\nimport io, contextlib\n"
        "with contextlib.redirect_stdout(io.StringIO()): assert run(['--help']) == 0"
    )
    heavy = {"textual", "asyncssh", "sqlalchemy", "pydantic", "pyte", "alembic"}
    assert loaded & (heavy | LEARNING) == set()


@pytest.mark.parametrize("verb", ["train", "evaluate", "card"])
def test_the_help_of_models_loads_none(verb: str) -> None:
    loaded = modules_after(
        "from tui.main import run\nimport io, contextlib\n"
        "with contextlib.redirect_stdout(io.StringIO()):\n"
        f"    assert run(['model', {verb!r}, '--help']) == 0"
    )
    assert loaded & LEARNING == set()


@pytest.mark.parametrize("module", ["recorder.session_process", "recorder.host", "tui.seat.app"])
def test_neither_the_relay_nor_the_seat_loads_models(module: str) -> None:
    assert modules_after(f"import {module}") & LEARNING == set()


def test_serve_never_loads_textual(tmp_path: Path) -> None:
    # A port that is no port: everything is loaded, nothing is opened.
    loaded = modules_after(
        f"from tui.main import run\nassert run(['serve', '--home', {str(tmp_path)!r}, '--target',"
        " 'practice', '--listen', '127.0.0.1:none']) != 0"
    )
    assert "asyncssh" in loaded
    assert loaded & ({"textual"} | LEARNING) == set()
