"""Logins and refusals, as an SSH client printed them."""

from __future__ import annotations

import pytest

from analyzer.commands.run import Greeting
from analyzer.signals.engine import Engine
from analyzer.signals.loader import shipped_rules
from analyzer.signals.printed_logins import printed_attempts
from recorder.recording.events import Logged, Place
from recorder.recording.journal import ConnectionOpened, Imported

SSH = "ssh -p 22 candidate@203.0.113.7"
DENIED = "candidate@203.0.113.7: Permission denied (publickey)."
ASKED = "candidate@203.0.113.7's password: "
AGAIN = "Permission denied, please try again."


def _greeting(*lines: str, prompted: bool) -> Greeting:
    return Greeting(place=(2, 1), t=5.0, lines=lines, prompted=prompted)


@pytest.mark.parametrize(
    ("command", "lines", "prompted", "attempts"),
    [
        (SSH, [], True, ["candidate publickey accepted"]),
        (SSH, [ASKED, "Last login: today"], True, ["candidate password accepted"]),
        (SSH, [DENIED], False, ["candidate none refused"]),
        (f"{SSH} -i key", [DENIED], False, ["candidate publickey refused"]),
        ("ssh -oIdentityFile=key a@203.0.113.7", [DENIED], False,
         ["candidate publickey refused"]),
        (SSH, ["Received disconnect: Too many authentication failures"], False,
         ["candidate publickey refused"]),
        (
            SSH,
            [ASKED, AGAIN, ASKED],
            True,
            ["candidate password refused", "candidate password accepted"],
        ),
        (
            SSH,
            [ASKED, AGAIN, ASKED, DENIED.replace("(publickey)", "(publickey,password)")],
            False,
            ["candidate password refused", "candidate password refused"],
        ),
        (SSH, ["ssh: connect to host h port 22: Connection refused"], False,
         ["candidate none error"]),
        (SSH, ["Host key verification failed."], False, ["candidate none error"]),
        (SSH, [], False, []),
        ("ssh -l other 203.0.113.7", [], True, ["other publickey accepted"]),
        ("ssh 203.0.113.7", [], True, ["somebody publickey accepted"]),
        (None, [DENIED], False, ["candidate none refused"]),
        (None, ["hello"], True, []),
        ("bash", ["ssh: what a word"], True, []),
        ("ssh-copy-id candidate@203.0.113.7", ["INFO: 1 key"], False, []),
    ],
)  # fmt: skip
def test_what_was_tried(
    command: str | None, lines: list[str], prompted: bool, attempts: list[str]
) -> None:
    found = printed_attempts(_greeting(*lines, prompted=prompted), command)
    assert [f"{each.user} {each.method} {each.outcome}" for each in found] == attempts
    assert {(each.connection, each.t) for each in found} <= {(2, 5.0)}


def test_methods_that_were_left_are_kept() -> None:
    (attempt,) = printed_attempts(_greeting(DENIED, prompted=False), SSH)
    assert attempt.methods == ("publickey",)


def test_where_the_jump_host_saw_the_login_nothing_is_inferred() -> None:
    engine = Engine(shipped_rules())
    opened = ConnectionOpened(t=0.0, connection=2, peer="x")
    engine.observe(Logged(t=0.0, place=Place(file="session.jsonl", offset=0), entry=opened))
    engine.observe_greeting(_greeting(DENIED, prompted=False))
    assert engine.connections.logins[2].attempts == []
    imported = Imported(
        t=0.0, connection=2, source="x", format="script", start="file", size="recording"
    )
    engine.observe(Logged(t=0.0, place=Place(file="session.jsonl", offset=1), entry=imported))
    engine.observe_greeting(_greeting(DENIED, prompted=False))
    assert [each.outcome for each in engine.connections.logins[2].attempts] == ["refused"]
