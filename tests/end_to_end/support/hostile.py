"""A session of somebody who attacks those who watch it: every field and every screen is an attack.

All that is known to act on terminals, in each spelling: queries that type an answer, clipboards,
titles, links, notifications, pictures, modes, and what turns or hides text.
"""

from __future__ import annotations

from pathlib import Path

from recorder.recording.cast import CastEncoder, CastEvent, CastHeader, encode_header
from recorder.recording.journal import (
    JOURNAL_NAME,
    ChannelClosed,
    ChannelOpened,
    ConnectionClosed,
    ConnectionOpened,
    ConnectionRefused,
    ForwardOpened,
    JournalEntry,
    LoginAttempt,
    Probe,
    PtyRequest,
    SessionClosed,
    SessionOpened,
    encode_entry,
)

SEVEN_BIT = (
    "\x1b[6n\x1b[5n\x1b[c\x1b[>c\x1b[=c\x1b[18t\x1b[21t\x1b[?6n\x1b[?996n\x1b[?2026$p\x1b[>q"
    "\x1bP$qm\x1b\\\x1bP+q544e\x1b\\"
    "\x1b]0;PWNED\x07\x1b]2;PWNED\x1b\\\x1b]7;file://pwned/\x07\x1b]4;1;?\x07\x1b]10;?\x07\x1b]11;?\x1b\\"
    "\x1b]52;c;UFdORUQ=\x07\x1b]52;c;?\x07\x1b]8;;http://pwned.example/\x07link\x1b]8;;\x07"
    "\x1b]9;PWNED\x07\x1b]777;notify;PWNED;now\x07\x1b]1337;SetMark\x07\x1b]1337;ReportCellSize\x07"
    "\x1b]50;?\x07\x1b]133;A\x07\x1bkPWNED\x1b\\"
    "\x1bPq#0;2;0;0;0#0~~@@vv@@~~\x1b\\\x1b_Gf=24,s=1,v=1;AAAA\x1b\\\x1b^PWNED\x1b\\\x1bXPWNED\x1b\\"
    "\x1b[?1000h\x1b[?1002h\x1b[?1006h\x1b[?1004h\x1b[?2004h\x1b[?9h\x1b[?1h\x1b=\x1b[>1u\x1b[>4;2m"
    "\x1b[2 q\x1b[?5h\x1b[?5l\x1b[4h\x1b[4l\x1b[20l\x1b(0\x1b(B\x0e\x0f\x07\x05"
)
EIGHT_BIT = (
    "\x9b6n\x9b>c\x9d0;PWNED\x9c\x9d52;c;UFdORUQ=\x07\x90q~\x9c\x9fGf=24;AAAA\x9c\x85\x84\x8d"
)
UNSEEN = (
    "\u202eexe.txt\u202c \u2066iso\u2069 \u200bzero\u200c\u200d\u2060 \ufeff\U000e0041\U000e007f"
    " \u2028\u2029"
)
MARKUP = (
    "[link='http://pwned.example/']x[/] \\[link=http://pwned.example/]y[/]"
    " [@click=app.quit()]z[/] [blink]"
)
WORDS = f"{MARKUP} {UNSEEN} {SEVEN_BIT}{EIGHT_BIT}\x1bc\x18\x1a"
"""What stands in each field of the journal."""


def record_attack(directory: Path, words: str = WORDS) -> None:
    """Write a session, closed and never signed, whose texts are all ``words``."""
    directory.mkdir(parents=True)
    name = "c1-1.cast"
    entries: list[JournalEntry] = [
        SessionOpened(
            t=0, program=words, session=directory.name, started="2026-11-20T13:00:00+00:00",
            monotonic=0, boot=words, target=words, listen=words, candidate=f"Eve {words}",
        ),
        ConnectionRefused(t=0.1, peer=words, reason="address"),
        ConnectionOpened(t=0.2, connection=1, peer=words, client=words),
        LoginAttempt(
            t=0.3, connection=1, user=words, method=words, methods=(words,), outcome="error",
            detail=words,
        ),
        LoginAttempt(t=0.4, connection=1, user=words, method="password", outcome="accepted"),
        ChannelOpened(
            t=0.5, connection=1, channel=1, kind="exec", command=words, user=words,
            pty=PtyRequest(term="xterm", columns=80, lines=24), env={words: words}, file=name,
        ),
        ForwardOpened(
            t=0.6, connection=1, channel=3, kind="local", address=words, origin=words
        ),
        Probe(
            t=0.7, probe=words, kind="http", place=words, outcome="answered", status=200,
            location=words, server=words,
        ),
        ChannelOpened(t=0.8, connection=1, channel=2, kind="exec", command=words, user=words),
        ChannelClosed(t=0.9, connection=1, channel=2, exit_status=0),
        ChannelClosed(t=9.0, connection=1, channel=1, exit_status=1, exit_signal=words),
        ConnectionClosed(t=9.1, connection=1, reason=words),
        SessionClosed(t=9.5, reason="failed", detail=words),
    ]  # fmt: skip
    (directory / JOURNAL_NAME).write_bytes(b"".join(map(encode_entry, entries)))
    (directory / name).write_bytes(_cast(words))


def _cast(words: str) -> bytes:
    """Return a terminal on which a shell ran commands that are attacks, and printed more."""
    encoder = CastEncoder()
    header = CastHeader(columns=80, lines=24, term=words, title=words)
    made = [encode_header(header)]
    # What stays on the screen, where the rest erases itself.
    shown = f"{UNSEEN} {MARKUP}" if words == WORDS else words
    typed = f"sudo apt upgrade {shown}"
    script = (
        (1.0, "o", "candidate@web01:~$ "),
        (1.5, "i", f"{typed}\r"),
        (1.6, "o", f"{typed}\r\n"),
        (2.0, "o", f"{words}\r\n"),
        (3.0, "o", f"\x1b[H{words}\x1b[5;1Hdone\r\ncandidate@web01:~$ "),
        (3.5, "r", "90x30"),
        (4.0, "i", f"{words}\r"),
        (4.1, "o", f"{words}\r\n\x1b]0;{words}\x07candidate@web01:~$ "),
        (5.0, "o", f"\x1b[2J\x1b[H{shown}\x1b[5;1HTHE END"),
        (6.0, "x", "0"),
    )
    made += [encoder.encode(CastEvent(t=t, code=code, data=data)) for t, code, data in script]
    return b"".join(made)
