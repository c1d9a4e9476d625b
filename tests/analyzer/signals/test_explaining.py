"""What `jumpseat signals explain` tells of a recording, and what it hides as all others do."""

from __future__ import annotations

from pathlib import Path

from analyzer.signals.explaining import explain
from recorder.recording.journal import SecretPatterns
from tests.support.rules import rules_of
from tests.tui.seat.recordings import RecordingBuilder

RULES = rules_of(hit="[[signal.when]]\ncommand.program = ['env']\nfailed = ['_PASSWORD|_ID']\n")


def test_a_line_that_decided_is_told_without_the_secrets_in_it(tmp_path: Path) -> None:
    with RecordingBuilder(tmp_path / "s2222222") as recording:
        recording.write(SecretPatterns(t=0.0, patterns=("ACME-[0-9]{4}",)))
        recording.terminal(0.0)
        t = 1.0
        for said in (b"MYSQL_PASSWORD=sesame", b"BADGE_ID=ACME-4711"):
            recording.output(t, b"\x1b[?2004hroot@web01:~# ")
            recording.input(t + 1, "env # ACME-4711\r")
            recording.output(t + 1.1, b"env # ACME-4711\r\n\x1b[?2004l\r")
            recording.output(t + 1.5, said + b"\r\n")
            t += 3
        recording.output(t, b"\x1b[?2004hroot@web01:~# ")
        recording.close(t + 1)
    told = [step.words for step in explain(tmp_path / "s2222222", RULES, "hit").steps]
    assert len(told) == 2
    assert all(words.startswith("when[0] came near with `env # ") for words in told)
    assert "failed by its line 'MYSQL_PASSWORD=" in told[0]
    assert "failed by its line 'BADGE_ID=" in told[1]
    assert "sesame" not in repr(told)
    assert "4711" not in repr(told)
