from __future__ import annotations

import os
from pathlib import Path

import asyncssh
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recorder.errors import InterviewersError
from recorder.seats.interviewers import NAME, Interviewers, parse_interviewers, read_interviewers

KEYS = [asyncssh.generate_private_key("ssh-ed25519") for _ in range(3)]


def line(name: str, number: int = 0) -> str:
    return f"{name} {KEYS[number].export_public_key('openssh').decode().strip()}\n"


def data(number: int) -> bytes:
    return KEYS[number].public_data


def refused(text: str) -> str:
    with pytest.raises(InterviewersError) as caught:
        parse_interviewers(text, "team")
    return str(caught.value)


def test_each_name_has_its_keys_and_no_other_name_has_any() -> None:
    text = f"# our team\n\n{line('alice', 0)}  {line('alice', 1)}{line('bob', 2)}"
    found = parse_interviewers(text, "team")
    assert found.admits("alice", data(0))
    assert found.admits("alice", data(1))
    assert found.admits("bob", data(2))
    assert not found.admits("alice", data(2))
    assert not found.admits("bob", data(0))
    assert not found.admits("root", data(0))
    assert not found.admits("", b"")


def test_what_ends_a_line_elsewhere_does_not_here() -> None:
    text = line("alice").rstrip() + f" a comment\x85{line('mallory', 1)}"
    assert set(parse_interviewers(text, "team").keys) == {"alice"}


def test_all_mistakes_are_told_at_once_with_file_and_line() -> None:
    told = refused(
        f"{line('al/ice')}bob\nbob ssh-dss AAAA\nbob ssh-ed25519 AAAA\n{line('-x')}"
        "bob ssh-rsa " + line("x").split()[2] + "\n"
    )
    for number in range(1, 7):
        assert f"team:{number}: " in told


def test_a_long_list_of_mistakes_is_cut() -> None:
    assert "and 490 more" in refused("nobody\n" * 500)


def test_two_names_cannot_share_a_key() -> None:
    assert "team:2: this key is alice's already" in refused(line("alice") + line("bob"))


def test_a_file_that_names_nobody_is_no_file_of_interviewers() -> None:
    assert "names nobody" in refused("# to be filled\n")


def test_a_name_may_say_its_role_and_is_an_interviewers_without() -> None:
    text = line("alice:facilitator", 0) + line("alice:facilitator", 1) + line("bob", 2)
    found = parse_interviewers(text, "team")
    assert (found.role("alice"), found.role("bob")) == ("facilitator", "interviewer")
    assert found.admits("alice", data(0))
    assert found.admits("alice", data(1))
    assert not found.admits("alice:facilitator", data(0))
    assert parse_interviewers(line("bob:interviewer"), "team") == parse_interviewers(
        line("bob"), "team"
    )


@pytest.mark.parametrize(
    ("first", "second"), [("alice", "alice:admin"), ("alice:facilitator", "alice:admin")]
)
def test_a_name_with_two_roles_is_a_mistake_with_its_line(first: str, second: str) -> None:
    told = refused(line(first, 0) + "# more keys\n" + line(second, 1))
    assert "team:3: alice is " in told
    assert "one role a name" in told


@pytest.mark.parametrize("word", ["alice:", "alice:root", ":admin", "alice:admin:admin", "a:Admin"])
def test_what_is_no_role_is_a_mistake_with_its_line(word: str) -> None:
    assert "team:1: " in refused(line(word))


def test_who_is_listed_is_told_by_names_roles_and_fingerprints() -> None:
    found = parse_interviewers(line("bob", 1) + line("alice:admin", 0), "team")
    alices, bobs = (KEYS[number].get_fingerprint() for number in (0, 1))
    assert found.words() == f"alice:admin {alices}; bob {bobs}"


def test_short_rsa_keys_are_refused() -> None:
    key = asyncssh.generate_private_key("ssh-rsa", key_size=1024)
    assert "too short" in refused(f"alice {key.export_public_key('openssh').decode()}")
    long = asyncssh.generate_private_key("ssh-rsa", key_size=2048)
    found = parse_interviewers(f"alice {long.export_public_key('openssh').decode()}", "team")
    assert found.admits("alice", long.public_data)


@given(st.text() | st.lists(st.sampled_from([*"ab# \t", "\n", line("a"), "ssh-rsa "])).map("".join))
def test_only_the_declared_error_comes_out_of_any_text(text: str) -> None:
    try:
        found = parse_interviewers(text, "team")
    except InterviewersError:
        return
    assert all(NAME.fullmatch(name) and keys for name, keys in found.keys.items())


@settings(max_examples=60)
@given(st.data())
def test_a_spoilt_line_admits_nobody_else(draw: st.DataObject) -> None:
    text = line("alice")
    at = draw.draw(st.integers(0, len(text) - 1))
    spoilt = text[:at] + draw.draw(st.characters()) + text[at + 1 :]
    try:
        found = parse_interviewers(spoilt, "team")
    except InterviewersError:
        return
    assert len([key for keys in found.keys.values() for key in keys]) == 1


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "team"
    path.write_text(line("alice"))
    path.chmod(0o644)
    return path


def test_a_file_of_ones_own_is_read(file: Path) -> None:
    assert read_interviewers(file) == Interviewers({"alice": frozenset({data(0)})})


@pytest.mark.parametrize("mode", [0o664, 0o646, 0o666])
def test_a_file_that_others_can_write_is_refused(file: Path, mode: int) -> None:
    file.chmod(mode)
    with pytest.raises(InterviewersError, match="chmod go-w"):
        read_interviewers(file)


def test_a_file_that_others_can_exchange_is_refused(file: Path) -> None:
    file.parent.chmod(0o777)
    with pytest.raises(InterviewersError, match="exchange"):
        read_interviewers(file)
    file.parent.chmod(0o1777)
    assert read_interviewers(file).keys


@pytest.mark.skipif("os.geteuid() != 0", reason="only root can give files away")
def test_a_file_of_somebody_elses_is_refused(file: Path) -> None:
    os.chown(file, 12345, 12345)
    with pytest.raises(InterviewersError, match="others than you"):
        read_interviewers(file)


def test_what_is_no_readable_text_file_is_told(file: Path, tmp_path: Path) -> None:
    with pytest.raises(InterviewersError, match="No such file"):
        read_interviewers(tmp_path / "absent")
    with pytest.raises(InterviewersError, match="not a file"):
        read_interviewers(tmp_path)
    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises(InterviewersError, match="not a file"):
        read_interviewers(tmp_path / "pipe")
    file.write_bytes(b"# fine\n# \xff\n")
    with pytest.raises(InterviewersError, match=":2: this is not UTF-8"):
        read_interviewers(file)
    file.write_bytes(b"#" * ((1 << 20) + 1))
    with pytest.raises(InterviewersError, match="larger than"):
        read_interviewers(file)
