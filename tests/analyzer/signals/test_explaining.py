"""What `jumpseat signals explain` tells of a recording, and what it hides as all others do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from analyzer.signals.explaining import explain
from recorder.recording.journal import SecretPatterns
from tests.support.rules import rules_of
from tests.tui.seat.recordings import RecordingBuilder

RULES = rules_of(hit="[[signal.when]]\ncommand.program = ['env']\nfailed = ['_PASSWORD|_ID']\n")


def test_a_line_that_decided_is_told_without_the_secrets_in_it(tmp_path: Path) -> None:
    said = (b"MYSQL_PASSWORD=sesame", b"BADGE_ID=ACME-4711")
    told = _told(tmp_path / "s2222222", "ACME-[0-9]{4}", "env # ACME-4711", said)
    assert len(told) == 2
    assert all(words.startswith("when[0] came near with `env # ") for words in told)
    assert "failed by its line 'MYSQL_PASSWORD=" in told[0]
    assert "failed by its line 'BADGE_ID=" in told[1]
    assert "sesame" not in repr(told)
    assert "4711" not in repr(told)


def test_a_secret_is_looked_for_in_what_was_printed_not_in_how_it_is_told(tmp_path: Path) -> None:
    pattern = r"^(env # |BADGE_ID=)(?P<secret>ACME\\\d+)$"
    said = (rb"BADGE_ID=ACME\4711",)
    (told,) = _told(tmp_path / "s2222222", pattern, r"env # ACME\4712", said)
    assert "failed by its line 'BADGE_ID=" in told
    assert "471" not in told


def _told(directory: Path, pattern: str, line: str, said: Sequence[bytes]) -> list[str]:
    """Return what is told where a line was entered several times, each with other output."""
    with RecordingBuilder(directory) as recording:
        recording.write(SecretPatterns(t=0.0, patterns=(pattern,)))
        recording.terminal(0.0)
        t = 1.0
        for each in said:
            recording.output(t, b"\x1b[?2004hroot@web01:~# ")
            recording.input(t + 1, f"{line}\r")
            recording.output(t + 1.1, line.encode() + b"\r\n\x1b[?2004l\r")
            recording.output(t + 1.5, each + b"\r\n")
            t += 3
        recording.output(t, b"\x1b[?2004hroot@web01:~# ")
        recording.close(t + 1)
    return [step.words for step in explain(directory, RULES, "hit").steps]
