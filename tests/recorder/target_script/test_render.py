"""Whatever is filled in, the script stays one that a shell and shellcheck accept."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recorder.errors import UsageError
from recorder.exercise.loader import parse_exercise, shipped_directory
from recorder.target_script.render import Setup, render_script, setup_of

PLAIN = Setup(user="candidate")


def settings_of(script: str, *names: str) -> list[str]:
    """Return what a shell makes of the script's settings."""
    head = script[: script.rindex("\n# end of settings\n") + 1]
    show = "".join(f"printf '%s\\0' \"${name}\"\n" for name in names)
    done = subprocess.run(
        ["sh", "-c", head + show], capture_output=True, check=True, env={"PATH": "/usr/bin:/bin"}
    )
    return done.stdout.decode().split("\0")[:-1]


_line = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=30)
_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=80)
_evil = st.sampled_from(["'", "'; touch /x; '", "$(id)", "`id`", "\\", "# end of settings", "EOF"])


@given(st.one_of(_line, _evil), st.one_of(_text, _evil), st.one_of(_line, _evil))
@settings(max_examples=40)
def test_the_shell_gets_every_value_as_it_was_given(password: str, page: str, key: str) -> None:
    script = render_script(replace(PLAIN, password=password, page=page, management_key=key))
    got = settings_of(script, "CANDIDATE", "PASSWORD", "PAGE", "MANAGEMENT_KEY", "SUDO", "HOP")
    assert got == ["candidate", password, page, key, "yes", ""]


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")
def test_the_printed_script_is_clean(tmp_path: Path) -> None:
    script = tmp_path / "prepare.sh"
    full = Setup(
        user="candidate", password="it's", management_key="ssh-ed25519 AAAA", page="<p>'</p>\n",
        hop="2001:db8::7",
    )  # fmt: skip
    shipped = [
        setup_of(parse_exercise(path.read_text(encoding="utf-8"), path.name).target)
        for path in sorted(shipped_directory().glob("*.toml"))
    ]
    assert any(setup.prepare for setup in shipped)
    for number, setup in enumerate((PLAIN, full, *shipped)):
        script.write_text(render_script(setup))
        done = subprocess.run(
            ["shellcheck", str(script)], capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout) == (0, ""), number


@pytest.mark.parametrize(
    ("given_address", "written"),
    [
        ("198.51.100.4", "198.51.100.4/32"),
        ("198.51.100.4/24", "198.51.100.0/24"),
        ("2001:DB8::7", "2001:db8::7/128"),
        ("", ""),
    ],
)
def test_the_hops_address_is_written_as_packet_filters_do(given_address: str, written: str) -> None:
    assert settings_of(render_script(replace(PLAIN, hop=given_address)), "HOP") == [written]


@pytest.mark.parametrize(
    "setup",
    [
        replace(PLAIN, user="root; id"),
        replace(PLAIN, user="Candidate"),
        replace(PLAIN, password="two\nlines"),
        replace(PLAIN, management_key="ssh-ed25519 AAAA\nssh-ed25519 BBBB"),
        replace(PLAIN, page="\0"),
        replace(PLAIN, hop="the-hop"),
    ],
)
def test_what_cannot_be_is_refused(setup: Setup) -> None:
    with pytest.raises(UsageError):
        render_script(setup)


@pytest.mark.parametrize(
    "prepare",
    [
        "printf own",
        "\n\nprintf own\n\n",
        "cat <<'END'\nown\nEND",
        "# end of settings\nprintf own\n# end of the exercise's own words",
        "part=\\\nown\nprintf '%s' \"$part\"",
        "# nothing but a comment",
        "",
    ],
)
def test_what_an_exercise_prepares_is_run_as_it_is_written(prepare: str) -> None:
    script = render_script(replace(PLAIN, prepare=prepare))
    function = script[script.index("prepare_exercise() {") : script.index('[ "$(id -u)" -eq 0 ]')]
    done = subprocess.run(
        ["sh", "-euc", f"{function}\nprepare_exercise"], capture_output=True, check=True
    )
    assert done.stdout.strip() == (b"own" if "own\n" in prepare + "\n" else b"")
    assert script.index("\nprepare_exercise\n") > script.index("\nprepare_sshd\n")
