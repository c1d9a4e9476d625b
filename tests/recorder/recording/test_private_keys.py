"""Private keys that pass are masked, however packets cut them; everything else passes as it is."""

from __future__ import annotations

import itertools
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recorder.recording.cast import MASK
from recorder.recording.private_keys import PrivateKeyFilter

BODY = "\n".join(("b3BlbnNzaC1rZXktdjEAAAAABG5vbmU" * 3)[:70] for _ in range(4)) + "\nQyNTUxOQ=="
KEY = f"-----BEGIN OPENSSH PRIVATE KEY-----\n{BODY}\n-----END OPENSSH PRIVATE KEY-----\n"
BEFORE, AFTER = "$ cat id_ed25519\n", "$ echo done\ndone\n"


def passed(text: str, cuts: list[int]) -> str:
    keys = PrivateKeyFilter()
    places = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    return "".join(keys.feed(text[begin:end]) for begin, end in itertools.pairwise(places))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 2000), max_size=40), st.sampled_from(["\n", "\r\n", "\r"]))
def test_nothing_of_a_key_is_left_wherever_packets_cut_it(cuts: list[int], end: str) -> None:
    text = (BEFORE + KEY + AFTER).replace("\n", end)
    shown = passed(text, cuts)
    assert len(shown) == len(text)
    begin = shown.index("KEY-----") + len("KEY-----")
    hidden = shown[begin : shown.index("-----", begin)]
    assert not set(hidden) - {MASK, "\r", "\n"}
    assert shown.startswith(BEFORE.replace("\n", end))
    assert shown.endswith(AFTER.replace("\n", end))


def test_every_character_alone_is_masked_too() -> None:
    shown = passed(KEY, list(range(len(KEY))))
    assert not any(line in shown for line in BODY.split("\n"))
    assert shown.count(MASK) >= len(BODY.replace("\n", "").replace("=", ""))


@settings(deadline=None)
@given(st.lists(st.text(alphabet="ab -KEY\n\x1b[m$", max_size=20), max_size=10))
def test_what_is_no_key_passes_as_it_is(chunks: list[str]) -> None:
    keys = PrivateKeyFilter()
    assert "".join(map(keys.feed, chunks)) == "".join(chunks)


def test_a_beginning_without_a_key_hides_no_more_than_a_few_lines() -> None:
    lines = [f"line {number} of a log\n" for number in range(10)]
    keys = PrivateKeyFilter()
    keys.feed("grep -r -- '-----BEGIN RSA PRIVATE KEY-----' /etc\n")
    assert [keys.feed(line) for line in lines][4:] == lines[4:]


@pytest.mark.parametrize("kind", ["ed25519", "rsa", "ecdsa"])
@pytest.mark.parametrize("form", ["RFC4716", "PEM", "PKCS8"])
def test_keys_as_ssh_keygen_writes_them_are_masked(tmp_path: Path, kind: str, form: str) -> None:
    path = tmp_path / "key"
    command = ["ssh-keygen", "-q", "-t", kind, "-m", form, "-N", "", "-f", str(path)]
    subprocess.run(command, check=True)
    text = path.read_text()
    shown = passed(text, [100, 333, 400])
    body = [line for line in text.splitlines() if "-----" not in line]
    assert body
    assert not any(line[:8] in shown for line in body)


def test_a_key_whose_first_line_was_typed_but_never_shown_is_masked() -> None:
    keys = PrivateKeyFilter()
    keys.expect()
    shown = keys.feed("cat > copy\r\n" + KEY.split("\n", 1)[1])
    assert not any(line[-8:] in shown for line in BODY.split("\n"))
    assert keys.feed(AFTER) == AFTER
