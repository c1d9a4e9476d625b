"""Bash read as bash reads it: what runs, as whom, into which files; and what is only text."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.shell import incomplete, parse, statements


def argvs(text: str) -> list[str]:
    return [" ".join(command.argv) for command in parse(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ls -l /tmp", ["ls -l /tmp"]),
        ("a && b || c; d | e &", ["a", "b", "c", "d", "e"]),
        ("sudo apt upgrade", ["apt upgrade"]),
        ("sudo -u bob -H -- apt upgrade", ["apt upgrade"]),
        ("sudo --user=bob LANG=C apt upgrade", ["apt upgrade"]),
        ("nohup time nice -n 5 timeout -k 5 10 stdbuf -oL apt upgrade", ["apt upgrade"]),
        ("env -i PATH=/bin apt upgrade", ["apt upgrade"]),
        ("doas command exec apt upgrade", ["apt upgrade"]),
        ("bash -c 'apt update && apt upgrade'", ["apt update", "apt upgrade"]),
        ('sudo sh -xec "systemctl stop apache2"', ["systemctl stop apache2"]),
        ("su - -c 'apt upgrade'", ["apt upgrade"]),
        ("su bob -c 'whoami'", ["whoami"]),
        ("if true; then systemctl stop apache2; fi", ["true", "systemctl stop apache2"]),
        ("for s in a b; do stop $s; done", ["stop a", "stop b"]),
        ('for s in a; do stop "${s}.service" $st; done', ["stop a.service $st"]),
        ("for s in $(ls); do rm $s; done", ["ls", "rm $(ls)"]),
        ("for i in {1..3}; do date; done", ["date"]),
        ("(cd /tmp; ls)", ["cd /tmp", "ls"]),
        ("! grep x y", ["grep x y"]),
        ("echo $(apt upgrade)", ["echo $(apt upgrade)", "apt upgrade"]),
        ("echo a > f b", ["echo a b"]),
        ("FOO=1 apt upgrade", ["apt upgrade"]),
        (r"l\s 'a b'\''c' $'x\ty'", ["ls a b'c x\ty"]),
        ("apt \\\n  upgrade", ["apt upgrade"]),
    ],
)
def test_what_runs_is_found(text: str, expected: list[str]) -> None:
    assert argvs(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        'echo "apt upgrade"',
        "# apt upgrade",
        "ls # apt upgrade",
        "cat <<EOF\napt upgrade\nEOF",
        "grep -r 'apt upgrade' /var/log",
        "man apt upgrade",
        "f() { apt upgrade; }",
        "sudo -l apt upgrade",
        "command -v apt",
    ],
)
def test_what_is_only_mentioned_is_no_command(text: str) -> None:
    assert all(command.program != "apt" for command in parse(text))


@pytest.mark.parametrize(
    ("text", "user"),
    [
        ("passwd", None),
        ("sudo passwd", "root"),
        ("sudo -u bob passwd", "bob"),
        ("sudo -ubob passwd", "bob"),
        ("sudo nohup passwd", "root"),
        ("su bob -c passwd", "bob"),
        ("sudo su -c passwd bob", "bob"),
        ("sudo sh -c 'sudo -u bob passwd'", "bob"),
    ],
)
def test_the_user_that_a_wrapper_gives_is_known(text: str, user: str | None) -> None:
    (command,) = parse(text)
    assert (command.program, command.run_as) == ("passwd", user)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ssh web2 uptime", [("uptime", "web2", None)]),
        ("ssh -p 22 -l bob web2 -- 'ls; id'", [("ls", "web2", "bob"), ("id", "web2", "bob")]),
        ("ssh -t bob@web2 sudo apt upgrade", [("apt upgrade", "web2", "root")]),
        ("ssh localhost uptime", [("uptime", None, None)]),
        ("ssh web2", []),
        ("ssh -L 80:localhost:80 -N web2", []),
        ("sudo docker exec -it -u 0 web bash -c 'apt update'", [("apt update", "web", "0")]),
        ("docker compose exec -T db psql -c x", [("psql -c x", "db", None)]),
        ("docker ps", []),
        ("kubectl exec -n a pod -- ls /", [("ls /", "pod", None)]),
        ("chroot /mnt apt update", [("apt update", "/mnt", None)]),
        ("sudo find / -name x -exec rm -f {} \\; -exec chmod 600 {} +",
         [("rm -f {}", None, "root"), ("chmod 600 {}", None, "root")]),
        ("find . -exec sh -c 'rm x' \\;", [("rm x", None, None)]),
        ("find . -name -exec", []),
    ],
)  # fmt: skip
def test_what_another_program_carries_along_is_told_apart(
    text: str, expected: list[tuple[str, str | None, str | None]]
) -> None:
    outer, *inner = parse(text)
    assert outer.elsewhere is None
    assert [(" ".join(c.argv), c.elsewhere, c.run_as) for c in inner] == expected


def test_redirections_of_ssh_itself_stay_here() -> None:
    outer, inner = parse("ssh web2 cat /etc/motd > motd")
    assert [each.target for each in outer.redirects] == ["motd"]
    assert inner.redirects == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sudo -k apt upgrade", ["apt upgrade"]),
        ("sudo -EH -g adm --chdir=/x -C 3 -p 'give: ' A=b apt upgrade", ["apt upgrade"]),
        ("sudo -i apt upgrade", ["apt upgrade"]),
        ("sudo su - bob -c 'crontab -e'", ["crontab -e"]),
        ("pkexec --user bob apt upgrade", ["apt upgrade"]),
        ("flock -w 5 /tmp/lock apt upgrade", ["apt upgrade"]),
        ("sshpass -p x ssh web2", ["ssh web2"]),
        ("systemd-run --unit a -p b=c apt upgrade", ["apt upgrade"]),
        ("ls | xargs -0 -n1 -I{} sh -c 'rm {}'", ["ls", "rm {}"]),
        ("watch -n 1 -d 'ls | wc'", ["ls", "wc"]),
        ("time -p make", ["make"]),
        ("bash <(curl -s http://x)", ["bash <(curl -s http://x)", "curl -s http://x"]),
        (". <(curl x)", [". <(curl x)", "curl x"]),
        ("eval 'apt update'", ["apt update"]),
        ("env -S 'apt -y' upgrade", ["apt -y upgrade"]),
        ("> /var/log/x", [":"]),
        ("a; > f", ["a", ":"]),
        ("set -x PATH /bin $PATH; and ls", ["set -x PATH /bin $PATH", "and ls"]),
        ("print -l ${(k)commands} **/*(.)", None),
    ],
)
def test_wrappers_and_other_shells_are_read(text: str, expected: list[str] | None) -> None:
    assert expected is None or argvs(text) == expected
    assert parse(text)


def test_a_heredoc_whose_end_is_not_known_has_what_is_known() -> None:
    (command,) = parse("sudo tee f <<'EOF'\none\ntwo")
    assert (command.program, command.stdin) == ("tee", "one\ntwo\n")


def test_a_herestring_behind_a_redirection_is_read() -> None:
    (command,) = parse("cat >> f <<< 'one line'")
    assert command.stdin == "one line"
    assert [each.target for each in command.redirects] == ["f"]


def test_the_descriptor_of_a_redirection_is_kept() -> None:
    (command,) = parse("make > out 2> err")
    assert [each.descriptor for each in command.redirects] == ["", "2"]


@pytest.mark.parametrize(
    "text",
    [
        *("ssh a " * 9000, "find . " + "-exec a ; " * 7000, "docker exec a " * 5000, "a;" * 32000),
        *("ssh a 'ssh b " * 3000, "<<E " * 16000, "x=$(" * 9000, "`" * 65536, "{" * 65536),
        *("for i in a b; do " * 400, "<<<" * 20000, "'\\''" * 16000, "a|" * 32000, "\n<<a" * 13000),
    ],
    ids=lambda text: text[:12],
)
def test_hostile_lines_take_bounded_time(text: str) -> None:
    begun = time.process_time()
    parse(text)
    incomplete(text)
    # A slow machine needs a tenth of this; what grows with the square of the length far more.
    assert time.process_time() - begun < 10


def test_files_that_are_written_are_told_from_those_that_are_read() -> None:
    (command,) = parse("sort < in >> out 2>&1 2>/dev/null")
    assert [(r.target, r.writes, r.appends) for r in command.redirects] == [
        ("in", False, False),
        ("out", True, True),
        ("1", False, False),
        ("/dev/null", True, False),
    ]


def test_a_redirection_behind_a_heredoc_belongs_to_its_command() -> None:
    (command,) = parse("cat <<'EOF' > /etc/motd\nhello\nEOF")
    assert command.redirects[0].target == "/etc/motd"
    assert command.stdin == "hello\n"


def test_a_redirection_around_a_script_belongs_to_what_it_runs() -> None:
    (command,) = parse("sudo sh -c \"echo 'Port 22' >> /etc/ssh/sshd_config\"")
    assert command.argv == ("echo", "Port 22")
    assert command.redirects[0].target == "/etc/ssh/sshd_config"
    assert command.wrappers == ("sudo", "sh")


def test_operators_say_how_commands_are_joined() -> None:
    assert [c.operator for c in parse("a && b | c; d || e")] == ["", "&&", "|", ";", "||"]


@pytest.mark.parametrize(
    "text", ["echo 'abc", 'echo "a', "cat <<EOF\nabc", "ls \\", "for i in a; do", "a &&", "f() {"]
)
def test_a_line_that_bash_would_continue_is_incomplete(text: str) -> None:
    assert incomplete(text)


@pytest.mark.parametrize("text", ["", "ls", "echo 'a'", "cat <<EOF\nabc\nEOF", "a; b", r"echo \\"])
def test_a_line_that_bash_would_run_is_complete(text: str) -> None:
    assert not incomplete(text)


def test_pasted_lines_become_the_statements_that_bash_runs() -> None:
    text = "ls\npwd; id\nfor i in a b; do\n  echo $i\ndone\ncat <<E\nhi\nE\ntrue"
    assert statements(text) == [
        "ls",
        "pwd; id",
        "for i in a b; do\n  echo $i\ndone",
        "cat <<E\nhi\nE",
        "true",
    ]


_SNIPPETS = st.lists(
    st.sampled_from(
        [
            *("sudo ", "-u", " ", "'", '"', "$(", ")", "`", "|", "&&", ";", "\n", "<<E", ">"),
            *("bash -c ", "apt upgrade", "\\", "{", "}", "((", "[[", "su -c ", "env ", "#", "="),
            *("é", "\x00"),
        ]
    ),
    max_size=30,
).map("".join)


@given(st.one_of(st.text(max_size=200), _SNIPPETS))
def test_no_text_makes_it_raise(text: str) -> None:
    for command in parse(text):
        assert command.argv
        assert command.program is not None
    assert isinstance(incomplete(text), bool)
    assert statements(text)


@given(st.text(max_size=300))
def test_characters_of_words_are_kept(text: str) -> None:
    word = "".join(each for each in text if each > "\x7f" and not "\ud800" <= each <= "\udfff")
    few = len(set(word)) < 60
    (command,) = parse(f"echo a{word}")
    assert len(command.argv[1]) == len(word) + 1
    assert not few or command.argv == ("echo", f"a{word}")


@pytest.mark.parametrize("text", ["{\U000ecdb4", "{\U0010ffff}", "${\U000f0000", "{1..\U000ecdb4}"])
def test_braces_before_rare_characters_are_survived(text: str) -> None:
    code = "import sys; from analyzer.shell import parse; [parse(sys.argv[1]) for _ in range(20)]"
    done = subprocess.run(
        [sys.executable, "-c", code, text], check=False, env=os.environ | {"MALLOC_PERTURB_": "165"}
    )
    assert done.returncode == 0


@pytest.mark.parametrize("text", ["(" * 5000, "$(" * 5000, "sudo " * 5000, "bash -c '" * 500])
def test_deep_nesting_ends(text: str) -> None:
    parse(text)
    incomplete(text)


@pytest.mark.parametrize(
    "text",
    [r"bash -c $'ls \ud800'", r"eval $'\udfff'", r"touch $'\udc80'", r"bash -c $'$\'\\\u00b2\''"],
)
def test_escapes_that_are_no_characters_make_nothing_raise(text: str) -> None:
    for command in parse(text):
        assert "".join(command.argv).encode()


def test_an_escaped_nul_ends_its_string_as_in_bash() -> None:
    assert argvs(r"echo $'a\0b' $'c\x00' d") == ["echo a c d"]
