"""Each kind of thing that a pattern can ask for, and what it must not be taken for."""

from __future__ import annotations

import pytest

from tests.support.rules import all_tags, rules_of, tags, told_at

SUDO = rules_of(hit='[[signal.when]]\ncommand.wrapped-by = ["sudo"]\n')
ROOT = rules_of(hit='[[signal.when]]\ncommand.depth-opened = "root"\n')


def count(rules, story: str) -> int:
    return len(tags(rules, story))


def test_a_wrapper_in_front_of_any_program_is_seen() -> None:
    assert count(SUDO, "candidate@web01:~$ sudo -u root ls\ncandidate@web01:~$") == 1
    assert count(SUDO, "candidate@web01:~$ ls sudo; echo sudo ls\ncandidate@web01:~$") == 0


def test_a_root_shell_is_tagged_when_its_prompt_shows() -> None:
    story = "candidate@web01:~$ sudo -i\nroot@web01:~# ls\nroot@web01:~#"
    ((t, tag),) = told_at(ROOT, story, "hit")
    assert tag.outcome == "ok"
    assert tag.t == t
    assert count(ROOT, "candidate@web01:~$ sudo -i\nSorry, try again.\ncandidate@web01:~$") == 0
    assert count(ROOT, "candidate@web01:~$ bash\ncandidate@web01:~$") == 0


def test_what_a_pipe_brings_is_told_from_what_stands_beside_it() -> None:
    rules = rules_of(
        hit='[[signal.when]]\ncommand.program = ["bash"]\n'
        'command.operator-from = ["curl", "wget"]\n'
    )
    assert count(rules, "root@web01:~# curl -s http://x | tee y | sudo bash -\nroot@web01:~#") == 1
    assert count(rules, "root@web01:~# curl http://x; bash y\nroot@web01:~#") == 0
    assert count(rules, "root@web01:~# cat y | bash\nroot@web01:~#") == 0


def test_lines_of_an_interpreter_are_kept_apart_from_command_lines() -> None:
    rules = rules_of(
        hit='[[signal.when]]\ncommand.kind = "repl"\ncommand.text = ["^(?i:create database)"]\n'
    )
    story = (
        "root@web01:~# mysql\nmysql> create database ghost;\nQuery OK\nmysql> exit\nroot@web01:~#"
    )
    prompt = story.replace("mysql> ", "MariaDB [(none)]> ")
    assert count(rules, "root@web01:~# create database ghost\nroot@web01:~#") == 0
    assert count(rules, prompt) <= 1


def test_a_run_that_failed_counts_where_that_is_asked_for() -> None:
    story = "root@web01:~# frob\nfrob: cannot do it\nroot@web01:~#"
    rule = '[[signal.when]]\ncommand.program = ["frob"]\nfailed = ["^frob: "]\n'
    (tag,) = tags(rules_of(hit=rule + 'outcomes = ["failed"]\n'), story)
    assert tag.outcome == "failed"
    assert count(rules_of(hit=rule), story) == 0


@pytest.mark.parametrize("method", ["password", "publickey"])
def test_a_login_is_told_by_its_method(method: str) -> None:
    rules = rules_of(
        hit=f'[[signal.when]]\nlogin.outcome = ["refused"]\nlogin.method = ["{method}"]\n'
    )
    assert count(rules, "[login 2 candidate password refused]") == (method == "password")


def test_settled_output_fires_while_the_command_still_runs() -> None:
    rules = rules_of(hit="[[signal.when]]\ncommand.program = ['apt']\nsettled = ['^Setting up ']\n")
    story = (
        "root@web01:~# apt upgrade\nReading\nSetting up bash ...\n[wait 60]\nDone\nroot@web01:~#"
    )
    ((t, tag),) = told_at(rules, story, "hit")
    assert tag.t == t
    assert tag.outcome == "ok"
    assert t < 10


def test_a_line_of_output_is_seen_wherever_it_was_printed() -> None:
    rules = rules_of(hit="[[signal.when]]\noutput.text = ['Address already in use']\n")
    story = "root@web01:~# nginx\nbind() failed: Address already in use\nroot@web01:~#"
    (tag,) = tags(rules, story)
    assert [each.kind for each in tag.evidence] == ["command", "output"]
    assert tag.confidence <= 0.8
    assert count(rules, "root@web01:~# nginx\nall is well\nroot@web01:~#") == 0


def test_typed_text_is_no_output() -> None:
    rules = rules_of(hit="[[signal.when]]\noutput.text = ['already in use']\n")
    assert count(rules, "root@web01:~# true already in use\nroot@web01:~#") == 0


def test_output_may_be_asked_of_some_programs_and_not_of_others() -> None:
    story = "root@web01:~# {}\nAddress already in use\nroot@web01:~#"
    of = rules_of(hit="[[signal.when]]\noutput.text = ['already']\noutput.of = ['nginx']\n")
    assert count(of, story.format("nginx")) == 1
    assert count(of, story.format("echo x")) == 0
    not_of = rules_of(hit="[[signal.when]]\noutput.text = ['already']\noutput.not-of = ['echo']\n")
    assert count(not_of, story.format("nginx")) == 1
    assert count(not_of, story.format("echo x")) == 0


def test_several_texts_must_all_be_lines_of_one_command() -> None:
    rules = rules_of(hit="[[signal.when]]\noutput.text = ['^HTTP/1.1 401', '^WWW-Auth']\n")
    together = "root@web01:~# curl -I x\nHTTP/1.1 401 No\nWWW-Authenticate: Basic\nroot@web01:~#"
    apart = "root@web01:~# curl -I x\nHTTP/1.1 401 No\nroot@web01:~# ls\nWWW-Auth\nroot@web01:~#"
    assert count(rules, together) == 1
    assert count(rules, apart) == 0


def test_rows_of_a_full_screen_program_are_output_too() -> None:
    rules = rules_of(hit="[[signal.when]]\noutput.text = ['I must stay up']\n")
    story = "root@web01:~# less x\n[screen]\nfirst\n  I must stay up\n[/screen]\nroot@web01:~#"
    (tag,) = tags(rules, story)
    assert tag.evidence[-1].text == "  I must stay up"


def test_expressions_that_the_automaton_does_not_know_are_held_against_lines_too() -> None:
    rules = rules_of(
        hit=r"""
[[signal.when]]
output.text = ['^(?!#).*\bÄnderung\b']
"""
    )
    assert count(rules, "root@web01:~# x\neine Änderung\nroot@web01:~#") == 1
    assert count(rules, "root@web01:~# x\n# eine Änderung\nroot@web01:~#") == 0


EDIT = rules_of(
    hit=r"""
[[signal.when]]
edit.file = ['/etc/ssh/sshd_config(\.d/.*)?']
edit.added = ['^\s*PasswordAuthentication\s+no']
"""
)


def test_an_edit_is_told_by_its_file_and_the_lines_it_added() -> None:
    line = "[edit /etc/ssh/sshd_config +PasswordAuthentication no -PasswordAuthentication yes {}]"
    (tag,) = tags(EDIT, line.format("saved"))
    assert tag.evidence[0].text == "/etc/ssh/sshd_config +PasswordAuthentication no"
    assert [tag.outcome for tag in tags(EDIT, line.format("perhaps"))] == ["unknown"]
    assert count(EDIT, line.format("unsaved")) == 0
    assert count(EDIT, "[edit /etc/ssh/sshd_config +#PasswordAuthentication no saved]") == 0
    assert count(EDIT, "[edit /home/x/sshd_config +PasswordAuthentication no saved]") == 0


def test_a_removed_line_and_what_wrote_it_can_be_asked_for() -> None:
    rules = rules_of(
        hit="[[signal.when]]\nedit.removed = ['^PermitRootLogin']\nedit.via = ['sed']\n"
    )
    assert count(rules, "[edit /x via=sed -PermitRootLogin yes saved]") == 1
    assert count(rules, "[edit /x via=tee -PermitRootLogin yes saved]") == 0
    assert count(rules, "[edit /x via=sed +PermitRootLogin yes saved]") == 0


def test_a_probe_is_told_by_its_name_and_what_it_found() -> None:
    rules = rules_of(
        hit="[[signal.when]]\nprobe.name = ['page']\nprobe.result = ['refused|status=5..']\n"
    )
    (tag,) = tags(rules, "[probe page status=503 contains=false]")
    assert tag.evidence[0].kind == "probe"
    assert count(rules, "[probe page refused]") == 1
    assert count(rules, "[probe page status=200]") == 0
    assert count(rules, "[probe other refused]") == 0


PASTE = rules_of(hit="[[signal.when]]\npaste.lines-at-least = 3\n")


def test_lines_pasted_at_once_are_counted() -> None:
    (tag,) = tags(PASTE, "[paste]\none\ntwo\n\nthree\n[/paste]")
    assert tag.evidence[0].kind == "input"
    assert count(PASTE, "[paste]\none\ntwo\n[/paste]") == 0
    assert count(PASTE, "root@web01:~# one\nroot@web01:~# two\nroot@web01:~# three") == 0


SILENCE = rules_of(hit='[[signal.when]]\nsilence.at-least = "3m"\n')


def test_a_silence_is_tagged_when_it_has_lasted_and_ends_with_the_next_key() -> None:
    story = "root@web01:~# ls\nroot@web01:~#\n[wait 200]\nroot@web01:~# ls\nroot@web01:~#"
    (tag,) = tags(SILENCE, story)
    (evidence,) = tag.evidence
    assert tag.t == pytest.approx(evidence.t + 180)
    assert tag.until is not None
    assert tag.t < tag.until
    assert count(SILENCE, story.replace("200", "170")) == 0


def test_nobody_is_silent_where_no_terminal_is_open() -> None:
    assert count(SILENCE, "root@web01:~# ls\nroot@web01:~#\n[close 1]\n[wait 500]\n[end]") == 0


def test_a_silence_lasts_over_output_and_to_the_end() -> None:
    (tag,) = tags(SILENCE, "root@web01:~# ls\nx\n[wait 100]\ny\n[wait 100]\nz\n[end]")
    assert tag.until is not None


def test_the_end_counts_only_where_somebody_made_it() -> None:
    rules = rules_of(hit="[[signal.when]]\nend = true\n")
    (tag,) = tags(rules, "root@web01:~# ls\nroot@web01:~#\n[end]")
    assert tag.evidence[0].kind == "silence"
    (cut,) = all_tags(rules, "root@web01:~# ls\nroot@web01:~#")
    assert cut.state == "undetermined"


def test_what_nobody_could_see_is_undetermined() -> None:
    rules = rules_of(hit='[[signal.when]]\nprobe.result = ["refused"]\n')
    story = "root@web01:~# ls\nroot@web01:~#\n"
    (tag,) = all_tags(rules, story + "[end]")
    assert (tag.state, tag.evidence[0].kind) == ("undetermined", "silence")
    assert all_tags(rules, story + "[probe page status=200]\n[end]") == []
