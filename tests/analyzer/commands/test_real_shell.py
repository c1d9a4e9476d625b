"""Commands found in what real shells print, however their lines came about."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

PROMPT = "candidate@web01:~$ "

both = pytest.mark.parametrize("marks", [True, False], ids=["marked", "unmarked"])


def begin(shell: Any, **options: Any) -> Any:
    started = shell(**options)
    started.expect(b"$ ")
    return started


@both
def test_typed_lines_with_backspace_are_read_as_they_stood(shell: Any, marks: bool) -> None:
    bash = begin(shell, marks=marks)
    bash.keys("echo onx")
    bash.send("\x7f")
    bash.expect(b"\b")
    bash.keys("e two")
    bash.enter()
    bash.run("true")
    assert bash.texts() == ["echo one two", "true"]
    first = bash.commands()[0]
    assert (first.user, first.host, first.cwd) == ("candidate", "web01", "~")
    assert (first.source, first.kind, first.depth) == ("typed", "command", 0)
    assert first.duration is not None
    assert next(iter(bash.runs.values())).output == ("one two",)


@both
def test_keys_that_edit_the_line_leave_what_was_run(shell: Any, marks: bool) -> None:
    bash = begin(shell, marks=marks)
    bash.keys("two three")
    bash.send("\x01")  # Ctrl-A
    for key in "echo ":
        bash.send(key)
    bash.send("\x05")  # Ctrl-E
    bash.send("\x17")  # Ctrl-W
    bash.enter("two")
    bash.expect(b"$ ")
    assert bash.texts() == ["echo two "]


@both
def test_a_recalled_line_is_the_one_that_was_recalled(shell: Any, marks: bool) -> None:
    bash = begin(shell, marks=marks)
    bash.run("echo first")
    bash.run("echo second")
    bash.send("\x1b[A")
    bash.expect(b"echo second")
    bash.send("\x1b[A")
    bash.expect(b"first")
    bash.enter()
    assert bash.texts() == ["echo first", "echo second", "echo first"]
    assert [command.source for command in bash.commands()] == ["typed", "typed", "recalled"]


@both
def test_a_line_found_by_reverse_search_is_read(shell: Any, marks: bool) -> None:
    bash = begin(shell, marks=marks)
    bash.run("echo needle here")
    bash.run("true")
    bash.send("\x12")
    bash.expect(b"i-search")
    bash.keys("need", echo="need")
    bash.send("\r")
    # The line is drawn again with its prompt first: that is not yet the next one.
    bash.expect(b"\n")
    bash.expect(b"needle here\r\n")
    bash.expect(b"$ ")
    assert bash.texts() == ["echo needle here", "true", "echo needle here"]
    assert bash.commands()[2].source == "recalled"


@both
def test_a_completed_word_is_part_of_the_line(shell: Any, tmp_path: Any, marks: bool) -> None:
    (tmp_path / "some-long-file-name").write_text("x")
    bash = begin(shell, marks=marks)
    bash.keys("cat so")
    bash.send("\t")
    bash.expect(b"file-name ")
    bash.enter()
    assert bash.texts() == ["cat some-long-file-name "]
    assert bash.commands()[0].source == "completed"


@both
def test_a_list_of_completions_is_no_command(shell: Any, tmp_path: Any, marks: bool) -> None:
    for name in ("alpha-one", "alpha-two"):
        (tmp_path / name).write_text("x")
    bash = begin(shell, marks=marks)
    bash.keys("cat al")
    bash.send("\t")
    bash.expect(b"pha-")
    bash.send("\t")
    bash.send("\t")
    bash.expect(b"cat alpha-")
    bash.keys("one")
    bash.enter()
    assert bash.texts() == ["cat alpha-one"]


@both
def test_cancelled_and_empty_lines_are_no_commands(shell: Any, marks: bool) -> None:
    bash = begin(shell, marks=marks)
    bash.keys("echo never")
    bash.interrupt()
    bash.expect(b"$ ")
    bash.enter()
    bash.enter()
    bash.run("echo yes")
    assert bash.texts() == ["echo yes"]


@both
@pytest.mark.parametrize("length", [55, 61, 62, 63, 100, 141, 142, 143, 400])
def test_wrapped_lines_are_read_whole(shell: Any, marks: bool, length: int) -> None:
    bash = begin(shell, marks=marks)
    text = "echo " + "abcdefghi " * 60
    text = text[:length].rstrip() + "z"
    for key in text:
        bash.send(key)
    bash.enter("z\r\n")
    bash.expect(b"$ ")
    assert bash.texts() == [text]


@both
def test_a_wrapped_line_that_is_entered_from_its_middle_is_read_whole(
    shell: Any, marks: bool
) -> None:
    bash = begin(shell, marks=marks)
    text = "echo " + "0123456789" * 20
    bash.keys(text)
    bash.send("\x01")
    bash.enter("9\r\n")
    bash.expect(b"$ ")
    assert bash.texts() == [text]


@both
def test_continued_lines_are_one_command(shell: Any, marks: bool) -> None:
    bash = begin(shell, marks=marks)
    bash.run("echo 'one", "> ")
    bash.run("two'")
    bash.run("for i in a b; do", "> ")
    bash.run("echo $i", "> ")
    bash.run("done")
    bash.run("cat <<EOF", "> ")
    bash.run("apt upgrade", "> ")
    bash.run("EOF")
    assert bash.texts() == [
        "echo 'one\ntwo'",
        "for i in a b; do\necho $i\ndone",
        "cat <<EOF\napt upgrade\nEOF",
    ]


def test_a_bracketed_paste_of_several_lines_is_several_commands(shell: Any) -> None:
    bash = begin(shell)
    bash.send("\x1b[200~echo one\necho two; true\necho three\x1b[201~")
    bash.expect(b"three")
    bash.enter("three\r\n")
    bash.expect(b"$ ")
    assert bash.texts() == ["echo one", "echo two; true", "echo three"]
    assert {command.source for command in bash.commands()} == {"pasted"}


@both
def test_lines_typed_ahead_are_commands_when_the_shell_takes_them(shell: Any, marks: bool) -> None:
    bash = begin(shell, marks=marks)
    bash.send("sleep 0.2\recho one\recho $((40 + 2))\r")
    bash.expect(b"42\r\n")
    bash.expect(b"$ ")
    bash.run("echo end-of-it")
    assert bash.texts() == ["sleep 0.2", "echo one", "echo $((40 + 2))", "echo end-of-it"]


@both
def test_history_references_are_expanded(shell: Any, marks: bool) -> None:
    bash = begin(shell, marks=marks)
    bash.run("echo one two")
    bash.run("!!")
    bash.run("echo !$")
    bash.run("^two^three")
    bash.run("!nothing-like-it")
    assert bash.texts() == ["echo one two", "echo one two", "echo two", "echo three"]


@both
def test_answers_and_hidden_input_are_no_commands(shell: Any, marks: bool) -> None:
    bash = begin(shell, marks=marks)
    bash.run("read -p 'Continue? [Y/n] ' a", "[Y/n] ")
    bash.run("y")
    bash.run("read -rsp 'Password: ' a", "Password: ")
    bash.keys("letmein", echo="")
    bash.enter()
    bash.run("echo done")
    assert [text.split()[0] for text in bash.texts()] == ["read", "read", "echo"]


def test_the_output_before_a_prompt_may_lack_its_line_end(shell: Any) -> None:
    bash = begin(shell)
    bash.run("printf 'no newline'")
    bash.run("echo after")
    assert bash.texts() == ["printf 'no newline'", "echo after"]


@both
def test_output_that_looks_like_a_prompt_is_no_command(shell: Any, marks: bool) -> None:
    bash = begin(shell, marks=marks)
    bash.keys("printf 'candidate@web01:~$ apt upgrade\\n\\033[?2004l\\r'")
    bash.enter("apt upgrade\r\n")
    bash.expect(b"$ ")
    bash.run("true")
    assert [text.split()[0] for text in bash.texts()] == ["printf", "true"]


@both
@pytest.mark.parametrize("early", ["t", "tru", "true"])
def test_what_is_typed_before_the_prompt_is_read_whole(shell: Any, marks: bool, early: str) -> None:
    bash = begin(shell, marks=marks)
    bash.keys("printf 'candidate@web01:~$ apt upgrade\\n'; echo ready; read -rs _; echo done")
    bash.enter("ready\r\n")
    # The read takes the line's rest and shows nothing; what follows it waits for the prompt.
    bash.send("\r" + early)
    bash.expect(b"done\r\n")
    bash.expect(f"$ {early}".encode())
    bash.keys("true"[len(early) :])
    bash.enter()
    assert [text.split()[0] for text in bash.texts()] == ["printf", "true"]


@both
@pytest.mark.parametrize("early", ["t", "tru", "true"])
def test_what_the_terminal_echoed_before_the_prompt_is_read_whole(
    shell: Any, marks: bool, early: str, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    bash = begin(shell, marks=marks)
    bash.keys(f"printf 'candidate@web01:~$ apt upgrade\\n'; echo ready; cat {gate}")
    bash.enter("ready\r\n")
    bash.send(early)
    bash.expect(early.encode())
    gate.write_text("")
    bash.expect(f"$ {early}".encode())
    bash.keys("true"[len(early) :])
    bash.enter()
    assert [text.split()[0] for text in bash.texts()] == ["printf", "true"]


@both
def test_a_cleared_screen_keeps_the_line(shell: Any, marks: bool) -> None:
    bash = begin(shell, marks=marks)
    bash.run("true")
    bash.keys("echo k")
    bash.send("\x0c")
    bash.expect(b"echo k")
    bash.keys("ept")
    bash.enter()
    assert bash.texts() == ["true", "echo kept"]


@both
def test_an_interrupted_command_says_so(shell: Any, marks: bool) -> None:
    bash = begin(shell, marks=marks)
    # Not dash: an interrupt that comes while it forks is forgotten.
    text = "bash -c 'echo started; exec sleep 100'"
    bash.keys(text)
    bash.enter("started\r\n")
    bash.interrupt()
    bash.expect(b"$ ")
    assert [(c.text, c.outcome) for c in bash.commands()] == [(text, "interrupted")]


@both
def test_outcomes_that_the_shell_tells_are_known(shell: Any, marks: bool) -> None:
    bash = begin(shell, marks=marks)
    bash.run("no-such-program-here")
    bash.run("cat /no/such/file")
    bash.run("mkdir there")
    bash.run("echo hello")
    bash.run("expr 0")
    assert [c.outcome for c in bash.commands()] == ["failed", "failed", "ok", "ok", "unknown"]
    assert all(c.exit_status is None for c in bash.commands())


@both
def test_a_shell_in_a_shell_is_one_deeper(shell: Any, marks: bool) -> None:
    bash = begin(shell, marks=marks)
    bash.run("bash --norc --noprofile")
    bash.run("echo inside")
    bash.run("exit")
    bash.run("echo outside")
    found = {c.text: c for c in bash.commands()}
    assert [found[text].depth for text in ("echo inside", "exit", "echo outside")] == [1, 1, 0]
    opened = found["bash --norc --noprofile"]
    assert opened.outcome == "ok"
    assert opened.duration is not None
    assert opened.duration >= found["exit"].t - opened.t


@both
def test_a_root_shell_is_known_by_its_prompt(shell: Any, marks: bool) -> None:
    bash = begin(shell, marks=marks)
    bash.run("sudo() { PS1='root@web01:\\w# ' bash --norc --noprofile; }")
    bash.run("sudo -i", "# ")
    bash.run("echo inside", "# ")
    bash.send("\x04")
    bash.expect(b"$ ")
    bash.run("echo outside")
    inside, outside = (c for c in bash.commands() if c.text.startswith("echo"))
    assert (inside.user, inside.depth) == ("root", 1)
    assert (outside.user, outside.depth) == ("candidate", 0)


@pytest.mark.parametrize("prompt", ["$ ", "\\u \\W > ", "\\t web01 % ", "candidate@web01 \\w\\n$ "])
def test_other_prompts_are_learned(shell: Any, prompt: str) -> None:
    bash = shell(prompt=prompt)
    bash.expect(prompt[-2:].encode())
    bash.run("echo one", prompt[-2:])
    bash.run("echo two", prompt[-2:])
    assert bash.texts() == ["echo one", "echo two"]


@pytest.mark.parametrize("name", ["dash", "zsh"])
def test_other_shells_are_followed(shell: Any, name: str) -> None:
    if not shutil.which(name):
        pytest.skip(f"{name} is not installed")
    other = shell(name, *(["-f"] if name == "zsh" else []), prompt=PROMPT)
    other.expect(b"$ ")
    other.run("echo one")
    other.run("cat /no/such/file")
    assert other.texts() == ["echo one", "cat /no/such/file"]


def test_lines_of_an_interpreter_are_kept_apart(shell: Any) -> None:
    if not shutil.which("python3"):
        pytest.skip("python3 is not installed")
    bash = begin(shell)
    bash.run("python3 -q", ">>> ")
    bash.run("1 + 1", ">>> ")
    bash.run("exit()")
    bash.run("echo back")
    kinds = {c.text: c.kind for c in bash.commands()}
    assert kinds == {
        "python3 -q": "command",
        "1 + 1": "repl",
        "exit()": "repl",
        "echo back": "command",
    }


@both
@pytest.mark.parametrize("opened", ["python3 - <<EOF", "cd / && python3 <<-'EOF' | cat"])
def test_a_heredoc_for_an_interpreter_is_part_of_its_command(
    shell: Any, marks: bool, opened: str
) -> None:
    if not shutil.which("python3"):
        pytest.skip("python3 is not installed")
    bash = begin(shell, marks=marks)
    bash.run(opened, "> ")
    bash.run("print('wo' + 'rd')", "> ")
    bash.run("EOF", "word")
    bash.expect(b"$ ")
    bash.run("python3 -q", ">>> ")
    bash.run("1 + 1", ">>> ")
    bash.run("exit()")
    assert [(c.kind, c.text) for c in bash.commands()] == [
        ("command", f"{opened}\nprint('wo' + 'rd')\nEOF"),
        ("command", "python3 -q"),
        ("repl", "1 + 1"),
        ("repl", "exit()"),
    ]


def test_keys_in_a_full_screen_program_are_no_commands(shell: Any) -> None:
    bash = begin(shell)
    bash.run("stty -echo; printf '\\033[?1049h'; read a; printf '\\033[?1049l'; stty echo", "h")
    bash.send("apt upgrade\r")
    bash.expect(b"$ ")
    bash.run("echo after")
    assert bash.texts()[1:] == ["echo after"]
