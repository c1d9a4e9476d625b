"""A recording is intact, or verify says exactly what is not, and stock OpenSSH agrees."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from recorder.home import Home
from recorder.keys import Keys, load_keys
from recorder.recording.findings import Finding
from recorder.recording.journal import (
    JOURNAL_NAME,
    ChannelClosed,
    ChannelOpened,
    ConnectionOpened,
    PtyRequest,
    SessionClosed,
)
from recorder.recording.manifest import MANIFEST_NAME, SIGNATURE_NAME, write_manifest
from recorder.recording.repair import close_cut_off
from recorder.recording.stream import StreamRecording
from recorder.recording.terminal import TerminalRecording
from recorder.recording.verify import Verification, verify_recording
from recorder.recording.writer import RecordingWriter
from recorder.signers import read_signers
from tests.end_to_end.support import recordings as outsider
from tests.support import chance

SESSION = "abcd2345"
PTY = PtyRequest(term="xterm", columns=80, lines=24)
needs_openssh = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed"
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").ensure()


@pytest.fixture
def keys(home: Home) -> Keys:
    return load_keys(home)


def record(home: Home, *, session: str = SESSION, close: bool = True) -> RecordingWriter:
    writer = RecordingWriter(
        home.recording(session),
        session=session,
        program="jumpseat test",
        target="203.0.113.7:22",
        listen=None,
        candidate=None,
        content_key=b"k" * 32,
    )
    writer.log(ConnectionOpened(t=writer.now(), connection=1, peer="203.0.113.9:50000"))
    opened = writer.now()
    writer.log(
        ChannelOpened(
            t=opened, connection=1, channel=1, kind="shell", pty=PTY, file="c1-1.cast"
        )
    )  # fmt: skip
    terminal = TerminalRecording(writer, 1, 1, PTY, opened)
    for number in range(40):
        terminal.output(f"line {number} of output\r\n".encode())
    writer.log(
        ChannelOpened(t=writer.now(), connection=1, channel=2, kind="exec", command="scp -f x")
    )
    stream = StreamRecording(writer, 1, 2, "scp -f x")
    stream.feed("out", random.Random(1).randbytes(10_000))
    if close:
        terminal.close()
        flows = stream.close()
        writer.log(ChannelClosed(t=writer.now(), connection=1, channel=2, flows=flows))
        writer.log(SessionClosed(t=writer.now(), reason="closed"))
        writer.close()
    else:
        writer.flush()
    return writer


@pytest.fixture
def signed(home: Home, keys: Keys) -> Path:
    directory = record(home).directory
    write_manifest(directory, SESSION, keys.sign)
    return directory


def check(home: Home, directory: Path) -> Verification:
    return verify_recording(directory, read_signers(home.allowed_signers).check)


def only(found: Verification) -> Finding:
    (finding,) = found.findings
    return finding


def flip(path: Path, place: int, bit: int = 1) -> None:
    with path.open("r+b") as file:
        file.seek(place)
        byte = file.read(1)[0]
        file.seek(place)
        file.write(bytes([byte ^ bit]))


def test_what_nobody_touched_is_intact(home: Home, keys: Keys, signed: Path) -> None:
    found = check(home, signed)
    assert (found.verdict, found.findings, found.unaltered) == ("intact", (), True)
    assert found.files == 3
    assert found.signer == keys.signing.get_fingerprint()
    assert not found.late
    assert found.signed is not None


@needs_openssh
def test_an_outsider_agrees(home: Home, signed: Path) -> None:
    outsider.verify(home.path, signed)
    flip(signed / "c1-2.out", 5000)
    with pytest.raises(AssertionError, match=r"c1-2\.out"):
        outsider.verify(home.path, signed)


def _flip_line(directory: Path) -> None:
    path = directory / "c1-1.cast"
    flip(path, path.read_bytes().index(b"line 7 of"))


def _drop_lines(directory: Path, *numbers: int) -> None:
    path = directory / JOURNAL_NAME
    kept = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(line for n, line in enumerate(kept, 1) if n not in numbers))


def _cut(directory: Path) -> None:
    os.truncate(directory / "c1-1.cast", (directory / "c1-1.cast").stat().st_size - 3)


def _link(directory: Path) -> None:
    path = directory / "c1-2.out"
    path.rename(directory.parent / "elsewhere")
    path.symlink_to(directory.parent / "elsewhere")


def _fifo(directory: Path) -> None:
    (directory / JOURNAL_NAME).unlink()
    os.mkfifo(directory / JOURNAL_NAME)


def _add_line(directory: Path) -> None:
    with (directory / JOURNAL_NAME).open("ab") as file:
        file.write(b'{"event":"other","t":99}\n')


@pytest.mark.parametrize(
    ("spoil", "kind", "file", "first", "last"),
    [
        (_flip_line, "file-altered", "c1-1.cast", 9, 9),
        (lambda d: flip(d / "c1-2.out", 5000), "file-altered", "c1-2.out", 4096, 8191),
        (lambda d: _drop_lines(d, 3), "lines-removed", JOURNAL_NAME, 3, 3),
        (lambda d: _drop_lines(d, 2, 3), "lines-removed", JOURNAL_NAME, 2, 3),
        (_add_line, "lines-added", JOURNAL_NAME, 7, 7),
        (_cut, "file-truncated", "c1-1.cast", 41, 41),
        (lambda d: os.truncate(d / "c1-2.out", 4096), "file-truncated", "c1-2.out", 4096, 12287),
        (lambda d: (d / "c1-2.out").unlink(), "file-missing", "c1-2.out", None, None),
        (lambda d: (d / JOURNAL_NAME).unlink(), "file-missing", JOURNAL_NAME, None, None),
        (lambda d: (d / "c9-9.cast").touch(), "file-extra", "c9-9.cast", None, None),
        (lambda d: (d / "sub").mkdir(), "file-extra", "sub", None, None),
        (_link, "file-altered", "c1-2.out", None, None),
        (_fifo, "file-altered", JOURNAL_NAME, None, None),
        (lambda d: (d / SIGNATURE_NAME).unlink(), "signature-missing", SIGNATURE_NAME, None, None),
        (lambda d: (d / MANIFEST_NAME).unlink(), "manifest-missing", MANIFEST_NAME, None, None),
        (lambda d: flip(d / SIGNATURE_NAME, 50), "signature-damaged", SIGNATURE_NAME, None, None),
    ],
)
def test_what_was_done_to_it_is_named(
    home: Home,
    signed: Path,
    spoil: Callable[[Path], object],
    kind: str,
    file: str,
    first: int | None,
    last: int | None,
) -> None:
    spoil(signed)
    found = check(home, signed)
    assert (found.verdict, found.unaltered) == ("altered", False)
    finding = only(found)
    assert (finding.kind, finding.file, finding.first, finding.last) == (kind, file, first, last)
    assert "\n" not in finding.words


def test_several_things_are_all_named(home: Home, signed: Path) -> None:
    _flip_line(signed)
    _drop_lines(signed, 3)
    (signed / "c1-2.out").unlink()
    assert [(f.kind, f.file) for f in check(home, signed).findings] == [
        ("file-altered", "c1-1.cast"),
        ("file-missing", "c1-2.out"),
        ("lines-removed", JOURNAL_NAME),
    ]


def test_a_manifest_that_was_mended_to_fit_is_not_what_was_signed(home: Home, signed: Path) -> None:
    _flip_line(signed)
    signature = (signed / SIGNATURE_NAME).read_bytes()
    write_manifest(signed, SESSION, lambda _: signature)
    assert only(check(home, signed)).kind == "signature-wrong"


def test_a_strangers_signature_is_named_by_its_key(
    home: Home, keys: Keys, signed: Path, tmp_path: Path
) -> None:
    stranger = load_keys(Home(tmp_path / "stranger").ensure())
    write_manifest(signed, SESSION, stranger.sign)
    finding = only(check(home, signed))
    assert finding.kind == "signer-unknown"
    assert stranger.signing.get_fingerprint() in finding.words


def test_another_sessions_recording_in_its_place_is_named(home: Home, signed: Path) -> None:
    other = home.recording("wxyz6789")
    shutil.copytree(signed, other)
    finding = only(check(home, other))
    assert finding.kind == "other-session"
    assert SESSION in finding.words


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"format":1}', b"[" * 10_000])
def test_a_manifest_that_cannot_be_read_is_named(home: Home, signed: Path, content: bytes) -> None:
    (signed / MANIFEST_NAME).write_bytes(content)
    kinds = [finding.kind for finding in check(home, signed).findings]
    assert kinds == ["signature-wrong", "manifest-damaged"]


def test_a_hundred_flipped_bytes_are_found_a_hundred_times(home: Home, signed: Path) -> None:
    """One byte anywhere under the manifest, in the manifest itself, or in its signature."""
    chosen = random.Random(chance.seed())
    files = [path for path in sorted(signed.iterdir()) if path.is_file()]
    sizes = [path.stat().st_size for path in files]
    missed = []
    for _ in range(100):
        path = chosen.choices(files, weights=sizes)[0]
        place, bit = chosen.randrange(path.stat().st_size), 1 << chosen.randrange(8)
        flip(path, place, bit)
        found = check(home, signed)
        named = {finding.file for finding in found.findings}
        # Of a flipped manifest or signature it cannot be told which of the two it was.
        pair = {MANIFEST_NAME, SIGNATURE_NAME}
        if found.unaltered or not (path.name in named or (named & pair and path.name in pair)):
            missed.append((path.name, place, bit))
        flip(path, place, bit)
    assert missed == []
    assert check(home, signed).unaltered


def test_a_session_that_goes_on_is_not_signed_yet(home: Home) -> None:
    writer = record(home, close=False)
    found = check(home, writer.directory)
    assert (found.verdict, found.unaltered) == ("live", False)
    writer.close()


def test_a_recorder_that_was_killed_is_named_before_and_after_the_next_start(
    home: Home, keys: Keys
) -> None:
    writer = record(home, close=False)
    writer._close_files()  # as the kernel does
    with (writer.directory / "c1-1.cast").open("ab") as cast:
        cast.write(b'[0.1,"o","tor')
    found = check(home, writer.directory)
    assert found.verdict == "unsigned"
    assert [finding.kind for finding in found.findings] == ["not-closed", "unreadable"]

    assert close_cut_off(home, keys.sign) == [SESSION]
    found = check(home, writer.directory)
    assert (found.verdict, found.unaltered, found.late) == ("cut-off", True, True)
    assert found.ended is not None
    assert found.ended.detail == "torn last line of c1-1.cast dropped, 13 bytes"
    flip(writer.directory / "c1-2.out", 0)
    assert check(home, writer.directory).verdict == "altered"


@pytest.mark.parametrize("missing", [(MANIFEST_NAME, SIGNATURE_NAME), (SIGNATURE_NAME,)])
def test_a_recorder_that_was_killed_before_it_signed_is_made_up_for(
    home: Home, keys: Keys, signed: Path, missing: tuple[str, ...]
) -> None:
    for name in missing:
        (signed / name).unlink()
    (signed / "manifest.json.sig.new").write_bytes(b"half a signa")
    close_cut_off(home, keys.sign)
    found = check(home, signed)
    assert (found.verdict, found.late) == ("intact", True)


def test_what_no_longer_fits_its_manifest_is_not_signed_again(
    home: Home, keys: Keys, signed: Path
) -> None:
    _flip_line(signed)
    (signed / SIGNATURE_NAME).unlink()
    close_cut_off(home, keys.sign)
    assert not (signed / SIGNATURE_NAME).exists()


@pytest.mark.parametrize("gone", [None, MANIFEST_NAME, SIGNATURE_NAME])
def test_what_was_signed_and_lost_its_end_is_not_signed_again(
    home: Home, keys: Keys, signed: Path, gone: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    journal = signed / JOURNAL_NAME
    journal.write_bytes(b"".join(journal.read_bytes().splitlines(keepends=True)[:-1]))
    if gone is not None:
        (signed / gone).unlink()
    before = {path.name: path.read_bytes() for path in signed.iterdir()}
    found = check(home, signed)
    assert found.verdict == "altered"
    assert close_cut_off(home, keys.sign) == []
    assert {path.name: path.read_bytes() for path in signed.iterdir()} == before
    assert check(home, signed) == found
    assert "has changed since" in caplog.text


def test_what_was_signed_without_its_last_line_is_closed_all_the_same(
    home: Home, keys: Keys
) -> None:
    writer = record(home, close=False)
    writer.give_up()
    # As where a disk takes the signature, and not the line before it.
    write_manifest(writer.directory, SESSION, keys.sign)
    assert close_cut_off(home, keys.sign) == [SESSION]
    found = check(home, writer.directory)
    assert (found.verdict, found.late, found.findings) == ("cut-off", True, ())


def test_two_who_sign_at_once_leave_one_manifest_with_its_own_signature(
    home: Home, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = record(home).directory
    lock, asked = fcntl.flock, []

    def lock_without_waiting(descriptor: int, how: int) -> None:
        lock(descriptor, how | fcntl.LOCK_NB)

    def sign(content: bytes) -> bytes:
        # Another `serve` that starts finds it closed, and not signed.
        asked.append(close_cut_off(home, keys.sign))
        return keys.sign(content)

    monkeypatch.setattr(fcntl, "flock", lock_without_waiting)
    write_manifest(directory, SESSION, sign)
    assert asked == [[]]
    assert check(home, directory).verdict == "intact"


def test_who_waited_to_sign_late_finds_that_it_was_done(
    home: Home, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = record(home).directory
    lock = fcntl.flock

    def lock_at_last(descriptor: int, how: int) -> None:
        if os.path.realpath(f"/proc/self/fd/{descriptor}") == str(directory):
            monkeypatch.undo()
            write_manifest(directory, SESSION, keys.sign)
        lock(descriptor, how)

    monkeypatch.setattr(fcntl, "flock", lock_at_last)
    close_cut_off(home, keys.sign)
    found = check(home, directory)
    assert (found.verdict, found.late) == ("intact", False)


@pytest.mark.parametrize("late", [False, True])
def test_what_is_signed_is_on_the_disk_before_its_manifest_is(
    home: Home, keys: Keys, monkeypatch: pytest.MonkeyPatch, late: bool
) -> None:
    writer = record(home, close=not late)
    writer.give_up()
    directory = writer.directory
    forced: list[tuple[str, int]] = []
    force = os.fsync

    def note(descriptor: int) -> None:
        force(descriptor)
        name = Path(os.path.realpath(f"/proc/self/fd/{descriptor}")).name
        forced.append((name, os.fstat(descriptor).st_size))

    if late:
        for name in (JOURNAL_NAME, "c1-1.cast"):
            with (directory / name).open("ab") as file:
                file.write(b"torn")
    monkeypatch.setattr(os, "fsync", note)
    if late:
        assert close_cut_off(home, keys.sign) == [SESSION]
    else:
        write_manifest(directory, SESSION, keys.sign)
    names = [name for name, _ in forced]
    before = set(forced[: names.index(f"{MANIFEST_NAME}.new")])
    signed = json.loads((directory / MANIFEST_NAME).read_bytes())["files"]
    assert before >= {(name, each["size"]) for name, each in signed.items()}
    assert directory.name in {name for name, _ in before}


def test_a_recording_that_nobody_may_look_at_stops_no_start(
    home: Home, keys: Keys, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    # As `sudo jumpseat serve` leaves it.
    home.recording("closed22").mkdir()
    record(home, close=False).give_up()

    def refuse(path: object) -> None:
        if "closed22" in str(path):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))

    look, open_ = Path.is_file, os.open

    def is_file(path: Path) -> bool:
        refuse(path)
        return look(path)

    def open_file(path: Path, *rest: int, **more: int) -> int:
        refuse(path)
        return open_(path, *rest, **more)

    monkeypatch.setattr(Path, "is_file", is_file)
    monkeypatch.setattr(os, "open", open_file)
    assert close_cut_off(home, keys.sign) == [SESSION]
    assert "cannot open the recording closed22 (Permission denied)" in caplog.text


def test_a_recording_that_is_purged_while_it_is_looked_at_stops_no_start(
    home: Home, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = record(home, close=False)
    writer.give_up()
    lock = fcntl.flock

    def lock_and_be_overtaken(descriptor: int, how: int) -> None:
        lock(descriptor, how)
        shutil.rmtree(writer.directory)

    monkeypatch.setattr(fcntl, "flock", lock_and_be_overtaken)
    assert close_cut_off(home, keys.sign) == []


def test_a_start_that_never_got_to_its_first_line_leaves_nothing(home: Home, keys: Keys) -> None:
    empty = home.recording("nothing2")
    empty.mkdir()
    (empty / JOURNAL_NAME).write_bytes(b'{"event":"session-op')
    live = home.recording("starting")
    live.mkdir()
    (live / JOURNAL_NAME).touch()
    with (live / JOURNAL_NAME).open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert close_cut_off(home, keys.sign) == []
    assert not empty.exists()
    assert live.exists()


def test_an_older_manifest_without_places_still_finds_the_file(
    home: Home, keys: Keys, signed: Path
) -> None:
    manifest = json.loads((signed / MANIFEST_NAME).read_bytes())
    del manifest["by"], manifest["signed"], manifest["pieces"]
    data = json.dumps(manifest).encode()
    (signed / MANIFEST_NAME).write_bytes(data)
    (signed / SIGNATURE_NAME).write_bytes(keys.sign(data))
    assert check(home, signed).verdict == "intact"
    _flip_line(signed)
    finding = only(check(home, signed))
    assert (finding.kind, finding.file, finding.first) == ("file-altered", "c1-1.cast", None)
