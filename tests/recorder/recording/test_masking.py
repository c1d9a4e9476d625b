"""What the masker writes: everything that was seen, nothing that was hidden."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.recording.cast import MASK
from recorder.recording.masking import ECHO_DEADLINE, Masker

SECRET = "Tr0ub4dor&3"
Step = tuple[str, str]


def play(*steps: Step) -> str:
    """Feed ("out"|"in"|"type"|"wait", text) steps; return what was written of the input."""
    masker = Masker()
    now = 0.0
    written = []
    for kind, text in steps:
        now += 0.05
        match kind:
            case "out":
                written += masker.output(text)
            case "in":
                written += masker.input(text, None, now)
            case "type":
                for char in text:
                    now += 0.05
                    written += masker.input(char, None, now)
            case "echo":
                for char in text:
                    now += 0.05
                    written += masker.input(char, None, now)
                    written += masker.output(char if char != "\r" else "\r\n")
            case "wait":
                now += float(text)
                written += masker.expire(now)
    written += masker.close()
    return "".join(each.text for each in written)


HIDDEN = MASK * len(SECRET)


@pytest.mark.parametrize(
    ("prompt", "typed"),
    [
        ("[sudo] password for candidate: ", "type"),
        ("[sudo] password for candidate: ", "in"),
        ("Current password: ", "type"),
        ("New password: ", "in"),
        ("Enter passphrase for key '/home/c/.ssh/id_ed25519': ", "type"),
        ("candidate@host's password: ", "type"),
        ("say something hidden", "type"),
        ("> ", "in"),
    ],
)
def test_a_secret_typed_without_echo_is_masked(prompt: str, typed: str) -> None:
    text = play(("out", prompt), (typed, SECRET + "\r"), ("out", "\r\n"), ("wait", "3"))
    assert text == HIDDEN + "\r"


def test_what_is_typed_and_echoed_is_written_as_typed() -> None:
    assert play(("out", "$ "), ("echo", "ls -l\r"), ("out", "total 0\r\n$ ")) == "ls -l\r"


def test_a_pasted_line_is_visible_once_its_echo_shows_it() -> None:
    assert play(("out", "$ "), ("in", "ls -l\r"), ("out", "ls -l\r\ntotal 0\r\n")) == "ls -l\r"


def test_a_pasted_answer_of_one_letter_is_visible_once_echoed() -> None:
    assert play(("out", "[Y/n] "), ("in", "y\r"), ("out", "y\r\n")) == "y\r"


def test_a_line_wrapped_by_readline_is_recognized() -> None:
    line = "echo " + "a" * 100
    echo = line[:78] + line[78] + " \r" + line[79:]
    assert play(("out", "$ "), ("in", line), ("out", echo), ("in", "\r")) == line + "\r"


def test_bracketed_paste_drawn_in_reverse_is_visible() -> None:
    steps = (
        ("out", "$ "),
        ("in", "\x1b[200~ls -l\nid\x1b[201~"),
        ("out", "\x1b[7mls -l\r\n\rid\x1b[27m"),
        ("in", "\r"),
    )
    assert play(*steps) == "\x1b[200~ls -l\nid\x1b[201~\r"


def test_typing_faster_than_the_echo_is_visible() -> None:
    steps = (("out", "$ "), ("type", "ls\r"), ("out", "l"), ("out", "s\r\n"))
    assert play(*steps) == "ls\r"


def test_typing_ahead_of_a_prompt_is_visible_when_the_shell_shows_it() -> None:
    steps = (("in", "make\r"), ("out", "make\r\n"), ("in", "ls\r"), ("out", "done\r\n$ ls\r\n"))
    assert play(*steps) == "make\rls\r"


def test_a_secret_pasted_together_with_its_command_is_masked() -> None:
    steps = (
        ("out", "$ "),
        ("in", f"sudo ls\r{SECRET}\r"),
        ("out", "sudo ls\r\n"),
        ("out", "[sudo] password for candidate: "),
        ("out", "\r\n"),
    )
    assert play(*steps) == f"sudo ls\r{HIDDEN}\r"


def test_stars_that_stand_for_a_secret_do_not_reveal_it() -> None:
    secret = "*a*b"
    steps: list[Step] = [("out", "[sudo] password for candidate: ")]
    for char in secret:
        steps += [("type", char), ("out", "*")]
    assert play(*steps, ("in", "\r"), ("out", "\r\n")) == MASK * 4 + "\r"


def test_output_from_the_background_reveals_nothing_of_a_secret() -> None:
    steps = (
        ("out", "Password: "),
        ("type", SECRET[:1]),
        ("out", SECRET[:1] + " job done\r\nPassword: "),
        ("type", SECRET[1:]),
        ("out", "Tr0ub\r\n"),
        ("in", "\r"),
        ("out", "\r\n"),
    )
    assert play(*steps).strip("\r") == HIDDEN


def test_keys_in_vim_are_visible() -> None:
    steps = (
        ("out", "\x1b[?1049h\x1b[2J"),
        ("type", "d"),
        ("type", "d"),
        ("out", "\x1b[1;1H"),
        ("echo", ":wq\r"),
        ("out", "\x1b[?1049l$ "),
    )
    assert play(*steps) == "dd:wq\r"


def test_a_secret_asked_for_inside_tmux_is_masked() -> None:
    steps = (
        ("out", "\x1b[?1049h\x1b[H$ "),
        ("echo", "sudo ls\r"),
        ("out", "[sudo] password for candidate: \x1b[24;1H[0] 0:bash 12:00\x1b[2;33H"),
        ("type", SECRET),
        ("out", "\x1b[24;1H[0] 0:bash 12:01\x1b[2;33H"),
        ("in", "\r"),
        ("out", "\r\nfile\r\n$ "),
        ("echo", "id\r"),
    )
    assert play(*steps) == f"sudo ls\r{HIDDEN}\rid\r"


def test_a_secret_pasted_inside_tmux_at_a_prompt_without_words_is_masked() -> None:
    steps = (("out", "\x1b[?1049h"), ("in", SECRET + "\r"), ("out", "\r\n$ "), ("wait", "3"))
    assert play(*steps) == HIDDEN + "\r"


def test_a_line_typed_in_tmux_after_the_report_of_passwd_is_visible_in_whatever_pieces() -> None:
    steps = (
        ("out", "\x1b[?1049h\x1b[H$ "),
        ("echo", "passwd\r"),
        ("out", "New password: "),
        ("in", SECRET + "\r"),
        ("out", "\r\npasswd: password updated successfully\r\n$ "),
        ("type", "ec"),
        ("out", "e"),
        ("type", "ho done"),
        ("out", "cho d"),
        ("type", "\r"),
        ("out", "one\r\ndone\r\n$ "),
    )
    assert play(*steps) == f"passwd\r{HIDDEN}\recho done\r"


def test_the_echo_of_quick_keys_at_what_looks_like_a_prompt_for_a_secret_is_visible() -> None:
    steps = (
        ("out", "secret> "),
        ("type", "lis"),
        ("out", "li"),
        ("type", "t all"),
        ("out", "st al"),
        ("out", "l"),
        ("type", "\r"),
        ("out", "\r\n"),
    )
    assert play(*steps) == "list all\r"


@pytest.mark.parametrize("behind", ["", "   ", "\x1b[K", " ______", "\x1b[0m\u2502", "\x0e"])
def test_a_secret_asked_for_in_a_dialog_is_masked(behind: str) -> None:
    dialog = f"\x1b[?1049h\x1b[2J\x1b[5;5HPassword for root:{behind}"
    steps = (("out", dialog), ("type", SECRET[:4]), ("out", "\x1b[5;24H"), ("type", SECRET[4:]))
    assert play(*steps, ("out", "\x1b[6;1H")) == HIDDEN


def test_a_key_that_is_not_echoed_does_not_hold_up_what_follows() -> None:
    steps = (("out", "--More--"), ("type", "q"), ("out", "\r\x1b[K$ "), ("echo", "ls\r"))
    assert play(*steps) == MASK + "ls\r"


def test_control_keys_are_written_at_once() -> None:
    masker = Masker()
    assert [each.text for each in masker.input("\x1b[A", None, 0.0)] == ["\x1b[A"]
    assert [each.text for each in masker.input("\x1b.", None, 0.1)] == ["\x1b."]
    assert not masker.holding


def test_an_interrupted_secret_is_masked() -> None:
    steps = (("out", "Password: "), ("type", SECRET), ("in", "\x03"), ("out", "\r\n$ "))
    assert play(*steps) == HIDDEN + "\x03"


def test_a_line_without_any_answer_is_masked_after_the_deadline() -> None:
    masker = Masker()
    masker.input(SECRET + "\r", None, 0.0)
    assert masker.expire(ECHO_DEADLINE / 2) == []
    assert "".join(each.text for each in masker.expire(ECHO_DEADLINE)) == HIDDEN + "\r"


def test_bytes_that_were_no_text_come_back_only_for_what_is_visible() -> None:
    masker = Masker()
    masker.output("$ ")
    masker.input("a\ufffd", b"a\xff", 0.0)
    visible = masker.output("a\ufffd")
    assert [(each.text, each.exact) for each in visible] == [("a\ufffd", b"a\xff")]
    masker.input("b\ufffd\r", b"b\xff\r", 0.1)
    assert [each.exact for each in masker.close()] == [None]


ANY_TEXT = st.text(
    alphabet=st.sampled_from("ab \r\n\x03\x1b[~0;?h149\x7f\x04é*:Password"), max_size=12
)


@given(st.lists(st.tuples(st.sampled_from(["in", "out", "wait"]), ANY_TEXT), max_size=30))
def test_nothing_typed_is_lost_or_reordered(steps: list[Step]) -> None:
    steps = [(kind, "1" if kind == "wait" else text) for kind, text in steps]
    typed = "".join(text for kind, text in steps if kind == "in")
    written = play(*steps)
    assert len(written) == len(typed)
    assert all(seen in (char, MASK) for seen, char in zip(written, typed, strict=True))


@given(
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1),
    st.lists(st.sampled_from(["", "beep\r\n", "\x1b[5n", "12:00"]), max_size=5),
)
def test_no_part_of_a_secret_at_a_password_prompt_is_ever_written(
    secret: str, noise: list[str]
) -> None:
    steps: list[Step] = [("out", "Password: ")]
    steps += [("type", char) for char in secret]
    steps += [("out", each) for each in noise if each not in secret]
    steps += [("in", "\r"), ("out", "\r\n")]
    assert play(*steps).rstrip("\r") == MASK * len(secret)


SEARCH = (
    ("out", "\x1b[?2004hcandidate@web01:~$ "),
    ("in", "\x12"),
    ("out", "\r(reverse-i-search)`': \x1b[K"),
    ("in", "r"),
    ("out", "\b\b\br': g\x1b[7mr\x1b[27mep Pass\b\b\b"),
    ("in", "e"),
    ("out", "\b\b\be': systemctl \x1b[7mre\x1b[27mstart ssh\b\b"),
    ("in", "t"),
    ("out", "\b\b\x1b[1@t': systemctl \x1b[7mret\x1b[27m\b\b"),
)


def test_what_a_search_of_the_history_shows_was_seen() -> None:
    written = play(*SEARCH, ("in", "\r"), ("out", "\rcandidate@web01:~$ systemctl\r\n"))
    assert written == "\x12ret\r"


def test_behind_a_search_a_secret_is_masked_all_the_same() -> None:
    written = play(
        *SEARCH,
        ("in", "\r"),
        ("out", "\rcandidate@web01:~$ passwd\r\nNew password: "),
        ("type", SECRET + "\r"),
        ("out", "\r\nit's said': so\r\n"),
    )
    assert written == "\x12ret\r" + HIDDEN + "\r"


def test_a_quote_and_a_colon_are_no_search() -> None:
    written = play(("out", "(reverse-i-search)`': \r\n$ "), ("in", "s"), ("out", "\bs': x\r\n"))
    assert MASK in written
