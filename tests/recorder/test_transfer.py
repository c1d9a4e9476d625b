"""One session moves as one file, whole and unaltered, or not at all."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from analyzer.service import ensure_analysed
from recorder.errors import JumpseatError, RecordingError
from recorder.home import Home
from recorder.keys import load_keys
from recorder.purge import find_purgeable, purge
from recorder.recording.archive import ArchiveWriter
from recorder.recording.journal import JOURNAL_NAME
from recorder.recording.manifest import SIGNATURE_NAME
from recorder.signers import read_signers
from recorder.store.belongings import read_rows
from recorder.store.catalogue import list_sessions
from recorder.store.engine import open_engine
from recorder.store.migrations import current_revision, prepare
from recorder.store.notes import Noting, add_note
from recorder.trace.entries import Actor
from recorder.transfer import Imported, export_session, import_session
from tests.recorder.samples import SESSION, begin_recording, record_session

sqlite_only = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


class Place:
    """A home with its store."""

    def __init__(self, directory: Path, url: str | None = None) -> None:
        self.home = Home(directory).ensure()
        self.keys = load_keys(self.home)
        self.engine: Engine = open_engine(url or self.home.database_url)
        prepare(self.engine)

    def give(self, out: Path, *, as_is: bool = False) -> None:
        check = read_signers(self.home.allowed_signers).check
        export_session(self.engine, self.home.recording(SESSION), out, check, as_is=as_is)

    def take(
        self, file: Path, *, signer: str | None = None, as_is: bool = False, most: int = 1 << 24
    ) -> Imported:
        return import_session(self.home, self.engine, file, signer=signer, as_is=as_is, most=most)

    def files(self) -> dict[str, bytes]:
        directory = self.home.recording(SESSION)
        return {path.name: path.read_bytes() for path in directory.iterdir()}

    def assert_nothing_came(self) -> None:
        assert list(self.home.recordings.iterdir()) == []
        assert not self.home.incoming.exists() or list(self.home.incoming.iterdir()) == []
        assert read_rows(self.engine, SESSION) == {}


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path / "here")
    ensure_analysed(record_session(place.home, shows="sudo apt upgrade"), place.engine)
    yield place
    place.engine.dispose()


@pytest.fixture
def there(tmp_path: Path, store_url: str) -> Iterator[Place]:
    place = Place(tmp_path / "there", store_url)
    yield place
    place.engine.dispose()


@pytest.fixture
def file(here: Place, tmp_path: Path) -> Path:
    out = tmp_path / "session.tar.gz"
    here.give(out)
    return out


@pytest.fixture
def signer(here: Place) -> str:
    return here.keys.signing.get_fingerprint()


def test_recording_and_rows_arrive_as_they_were(
    here: Place, there: Place, file: Path, signer: str
) -> None:
    done = there.take(file, signer=signer)
    assert done.found.verdict == "intact"
    assert done.left_out == ()
    assert there.files() == here.files()
    rows = read_rows(there.engine, SESSION)
    assert rows == read_rows(here.engine, SESSION)
    assert {"sessions", "connections", "channels", "analyses", "commands"} <= set(rows)
    (shown,) = list_sessions(there.engine, there.home)
    assert (shown.id, shown.state, shown.candidate) == (SESSION, "closed", "A. Example")


def test_a_round_trip_gives_the_same_file(
    there: Place, file: Path, signer: str, tmp_path: Path
) -> None:
    there.take(file, signer=signer)
    there.give(tmp_path / "again.tar.gz")
    assert (tmp_path / "again.tar.gz").read_bytes() == file.read_bytes()


def test_rows_of_tables_that_others_add_travel_too(
    here: Place, there: Place, signer: str, tmp_path: Path
) -> None:
    made = (
        "CREATE TABLE remarks (session VARCHAR(32) REFERENCES sessions(id) ON DELETE CASCADE,"
        " id VARCHAR(8), words TEXT, at TIMESTAMP, PRIMARY KEY (session, id))"
    )
    for place in (here, there):
        with place.engine.begin() as connection:
            connection.execute(text(made))
    with here.engine.begin() as connection:
        row = "INSERT INTO remarks VALUES ('abcd2345', 'r1', 'calm', '2026-03-04 10:00:00')"
        connection.execute(text(row))
    here.give(tmp_path / "file")
    there.take(tmp_path / "file", signer=signer)
    (remark,) = read_rows(there.engine, SESSION)["remarks"]
    assert (remark["id"], remark["words"]) == ("r1", "calm")
    assert remark["at"].startswith("2026-03-04T10:00:00")


def test_what_the_store_has_no_place_for_is_named(
    here: Place, there: Place, signer: str, tmp_path: Path
) -> None:
    with here.engine.begin() as connection:
        connection.execute(text("CREATE TABLE remarks (session TEXT, id TEXT, PRIMARY KEY (id))"))
        connection.execute(text("INSERT INTO remarks VALUES ('abcd2345', 'r1')"))
    here.give(tmp_path / "file")
    assert there.take(tmp_path / "file", signer=signer).left_out == ("remarks",)


@sqlite_only
def test_an_unknown_signer_is_refused_by_name_and_allowed_by_name(
    there: Place, file: Path, signer: str
) -> None:
    with pytest.raises(RecordingError) as caught:
        there.take(file)
    assert signer in caught.value.cause
    assert "--signer" in caught.value.remedy
    there.assert_nothing_came()
    with pytest.raises(RecordingError, match="not by SHA256:other"):
        there.take(file, signer="SHA256:other")
    there.assert_nothing_came()
    there.take(file, signer=signer)
    assert there.home.allowed_signers.read_text().count("ssh-ed25519") == 2


def repack(file: Path, out: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    with tarfile.open(file) as tar:
        members = {m.name: tar.extractfile(m).read() for m in tar}  # type: ignore[union-attr]
    change(members)
    buffer = io.BytesIO()
    archive = ArchiveWriter(buffer, moment=0)
    for name, data in members.items():
        archive.add(name, data)
    archive.close()
    out.write_bytes(buffer.getvalue())


def replaced(name: str, old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        assert old in members[name]
        members[name] = members[name].replace(old, new)

    return change


def dropped(name: str) -> Callable[[dict[str, bytes]], None]:
    return lambda members: members.pop(name) and None


def added(name: str, data: bytes = b"x") -> Callable[[dict[str, bytes]], None]:
    return lambda members: members.update({name: data})


SESSION_ROWS = b'"session": "abcd2345"'


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (replaced("recording/c1-1.cast", b"line 7 of", b"line 8 of"), r"line 10 was altered"),
        (dropped("recording/c1-2.out"), r"c1-2\.out: it is missing"),
        (dropped("recording/manifest.json.sig"), r"manifest\.json\.sig: it is missing"),
        (dropped("recording/session.jsonl"), r"session\.jsonl: it is missing"),
        (added("recording/c9-9.cast"), r"c9-9\.cast: it is not in the manifest"),
        (replaced("export.json", b"abcd2345", b"wxyz6789"), r"of session abcd2345, not of wxyz"),
        (replaced("export.json", b"abcd2345", b"../../ab"), r"names no session"),
        (replaced("export.json", b'"format": 1', b'"format": 2'), r"has format '2'"),
        (replaced("export.json", b'"revision": "', b'"revision": "9'), r"newer Jumpseat"),
        (replaced("export.json", b"{", b"["), r"damaged"),
        (dropped("export.json"), r"not an export"),
        (lambda members: members.clear(), r"is empty"),
        (replaced("store.json", b"{", b"", ), r"damaged"),
        (added("store.json", b"[" * 100_000), r"damaged"),
    ],
)  # fmt: skip
@sqlite_only
def test_what_was_altered_is_refused_and_leaves_nothing(
    there: Place,
    file: Path,
    signer: str,
    tmp_path: Path,
    change: Callable[[dict[str, bytes]], None],
    words: str,
) -> None:
    spoilt = tmp_path / "spoilt"
    repack(file, spoilt, change)
    with pytest.raises(JumpseatError, match=words) as caught:
        there.take(spoilt, signer=signer)
    assert "\n" not in str(caught.value)
    there.assert_nothing_came()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (replaced("store.json", b'"t": ', b'"t": "x", "was": '), r"does not fit|cannot be used"),
        (added("store.json", b'{"commands": 1}'), r"does not fit \(commands\)"),
        (added("store.json", b'{"commands": [1]}'), r"does not fit \(commands\)"),
        (added("store.json", b'{"channels": [{"number": 1}]}'), r"does not fit"),
        (added("store.json", b'{"sessions": [{"started": 5}]}'), r"does not fit"),
        (added("store.json", b'{"sessions": [{"started": {}}]}'), r"does not fit"),
        (replaced("store.json", b'"t": ', b'"t": Infinity, "was": '), r"does not fit \(\w+\.t\)"),
        (replaced("store.json", b'"t": ', b'"t": -1e999, "was": '), r"does not fit \(\w+\.t\)"),
        (replaced("store.json", b'"t": ', b'"t": NaN, "was": '), r"does not fit \(\w+\.t\)"),
        (
            added("store.json", b'{"notes": [{"number": "one"}]}'),
            r"does not fit \(notes.number\)",
        ),
        (
            added("store.json", b'{"notes": [{"number": 2147483647}]}'),
            r"does not fit \(notes.number\)",
        ),
        (added("store.json", b'{"sessions": [{"duration": ' + b"9" * 400 + b"}]}"), r"fit|used"),
    ],
)  # fmt: skip
def test_rows_that_do_not_fit_are_refused_and_leave_nothing(
    there: Place,
    file: Path,
    signer: str,
    tmp_path: Path,
    change: Callable[[dict[str, bytes]], None],
    words: str,
) -> None:
    spoilt = tmp_path / "spoilt"
    repack(file, spoilt, change)
    with pytest.raises(JumpseatError, match=words) as caught:
        there.take(spoilt, signer=signer)
    assert "\n" not in str(caught.value)
    there.assert_nothing_came()


@sqlite_only
def test_a_file_of_an_older_jumpseat_is_taken(
    there: Place, file: Path, signer: str, tmp_path: Path
) -> None:
    now = current_revision(there.engine)
    change = replaced("export.json", f'"revision": "{now}"'.encode(), b'"revision": "0001"')
    repack(file, tmp_path / "f", change)
    assert there.take(tmp_path / "f", signer=signer).found.verdict == "intact"


def test_rows_of_another_session_cannot_be_smuggled_in(
    there: Place, file: Path, signer: str, tmp_path: Path
) -> None:
    repack(file, tmp_path / "f", replaced("store.json", SESSION_ROWS, b'"session": "wxyz6789"'))
    there.take(tmp_path / "f", signer=signer)
    assert read_rows(there.engine, "wxyz6789") == {}
    assert read_rows(there.engine, SESSION)["commands"]


@sqlite_only
def test_what_the_journal_says_wins_over_rows_that_nobody_signed(
    there: Place, file: Path, signer: str, tmp_path: Path
) -> None:
    repack(file, tmp_path / "f", replaced("store.json", b"A. Example", b"B. Somebody"))
    there.take(tmp_path / "f", signer=signer)
    (shown,) = list_sessions(there.engine, there.home)
    assert shown.candidate == "A. Example"


def test_a_session_that_is_here_already_stays_as_it_is(here: Place, file: Path) -> None:
    before = (here.files(), read_rows(here.engine, SESSION))
    with pytest.raises(RecordingError, match="here already"):
        here.take(file)
    assert (here.files(), read_rows(here.engine, SESSION)) == before


def test_what_a_shared_store_knows_of_a_session_outlives_its_import_elsewhere(
    here: Place, file: Path, signer: str, tmp_path: Path
) -> None:
    add_note(here.engine, SESSION, Noting(kind="note", t=1.0, text="after the export"), "ada")
    before = read_rows(here.engine, SESSION)
    url = here.engine.url.render_as_string(hide_password=False)
    sharing = Place(tmp_path / "sharing", url)
    with pytest.raises(RecordingError, match="has rows of session"):
        sharing.take(file, signer=signer)
    assert read_rows(here.engine, SESSION) == before
    assert list(sharing.home.recordings.iterdir()) == []
    sharing.engine.dispose()


@sqlite_only
def test_too_much_is_refused_and_leaves_nothing(there: Place, file: Path, signer: str) -> None:
    with pytest.raises(RecordingError, match="more than 2000 bytes"):
        there.take(file, signer=signer, most=2000)
    there.assert_nothing_came()


@sqlite_only
def test_a_bomb_is_refused_in_little_memory(there: Place, tmp_path: Path) -> None:
    header = json.dumps({"format": 1, "session": SESSION, "revision": None}).encode()
    bomb = tmp_path / "bomb"
    info = tarfile.TarInfo("recording/c1-1.cast")
    info.size = 8**11 - 1
    with gzip.open(bomb, "wb") as out:
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as tar:
            first = tarfile.TarInfo("export.json")
            first.size = len(header)
            tar.addfile(first, io.BytesIO(header))
        out.write(buffer.getvalue()[:1024])
        out.write(info.tobuf(tarfile.USTAR_FORMAT))
    with pytest.raises(RecordingError, match="more than"):
        there.take(bomb)
    there.assert_nothing_came()


@sqlite_only
def test_altered_ones_are_moved_only_as_they_are(here: Place, there: Place, tmp_path: Path) -> None:
    (here.home.recording(SESSION) / SIGNATURE_NAME).unlink()
    with pytest.raises(RecordingError, match="not as it was signed") as caught:
        here.give(tmp_path / "file")
    assert "--as-is" in caught.value.remedy
    assert not (tmp_path / "file").exists()
    here.give(tmp_path / "file", as_is=True)
    with pytest.raises(RecordingError, match="cannot be trusted"):
        there.take(tmp_path / "file")
    done = there.take(tmp_path / "file", as_is=True)
    assert done.found.verdict == "altered"
    assert there.files() == here.files()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (replaced("export.json", b"abcd2345", b"wxyz6789"), r"is that of session 'abcd2345'"),
        (dropped("recording/session.jsonl"), r"cannot read"),
        (replaced("recording/session.jsonl", b'"started":"', b'"started":"x'), r"is no moment"),
    ],
)
def test_what_no_list_can_be_made_of_is_refused_also_as_it_is_and_leaves_nothing(
    there: Place,
    file: Path,
    tmp_path: Path,
    change: Callable[[dict[str, bytes]], None],
    words: str,
) -> None:
    repack(file, tmp_path / "odd", change)
    for _ in range(2):
        with pytest.raises(RecordingError, match=words):
            there.take(tmp_path / "odd", as_is=True)
    there.assert_nothing_came()
    assert read_rows(there.engine, "wxyz6789") == {}


@pytest.mark.parametrize("state", ["live", "\x1b[31mred", ""])
def test_a_state_that_the_journal_does_not_tell_is_not_taken_from_what_is_not_signed(
    there: Place, file: Path, tmp_path: Path, state: str
) -> None:
    def change(members: dict[str, bytes]) -> None:
        rows = json.loads(members["store.json"])
        rows["sessions"][0]["state"] = state
        members["store.json"] = json.dumps(rows).encode()
        *lines, _last = members["recording/session.jsonl"].splitlines(keepends=True)
        members["recording/session.jsonl"] = b"".join(lines)

    repack(file, tmp_path / "odd", change)
    there.take(tmp_path / "odd", as_is=True)
    assert [each.state for each in list_sessions(there.engine, there.home)] == ["cut-off"]


def test_a_file_that_exists_is_not_replaced(here: Place, file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(RecordingError, match="already there"):
        here.give(file)
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir() if path.is_file()] == [file.name]
    assert file.stat().st_mode & 0o777 == 0o600


def test_an_export_that_is_interrupted_leaves_no_half_of_a_file(
    here: Place, tmp_path: Path
) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    check = read_signers(here.home.allowed_signers).check
    directory, out = here.home.recording(SESSION), tmp_path / "half"
    with pytest.raises(KeyboardInterrupt):
        export_session(here.engine, directory, out, check, agree=interrupt)
    assert not out.exists()


def test_a_session_that_goes_on_is_not_exported(here: Place, tmp_path: Path) -> None:
    writer = begin_recording(here.home, "wxyz6789")
    check = read_signers(here.home.allowed_signers).check
    with pytest.raises(RecordingError, match="is being recorded"):
        export_session(here.engine, writer.directory, tmp_path / "x", check)
    writer.close()


@sqlite_only
def test_what_a_killed_import_left_behind_goes_with_the_next(
    there: Place, file: Path, signer: str
) -> None:
    stale = there.home.incoming / "0123456789abcdef"
    stale.mkdir(parents=True)
    (stale / JOURNAL_NAME).write_text("half")
    there.take(file, signer=signer)
    assert not stale.exists()


KILLED = """
import os, sys
from pathlib import Path
from recorder import transfer
from recorder.home import Home
from recorder.store.engine import open_engine

home, url, file, signer, when = sys.argv[1:]
rename = Path.rename

def killed(path, target):
    if Path(target).parent != Home(Path(home)).recordings:
        return rename(path, target)
    if when == "after":
        rename(path, target)
    os._exit(9)

def nothing_kept(*_):
    os._exit(9)

Path.rename = killed
if when == "rows":
    transfer.announce = nothing_kept
transfer.import_session(Home(Path(home)), open_engine(url), Path(file), signer=signer)
"""


def kill(there: Place, file: Path, signer: str, when: str) -> None:
    """Import in a process that dies at the rows, or before or after the recording comes in."""
    url = there.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", KILLED, str(there.home.path), url, str(file), signer, when]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 9, done.stderr


@pytest.fixture
def noted(here: Place, tmp_path: Path) -> Path:
    """A file with what only it has: no journal tells of a note."""
    add_note(here.engine, SESSION, Noting(kind="note", t=1.0, text="calm"), "ada")
    here.give(tmp_path / "noted")
    return tmp_path / "noted"


@pytest.mark.parametrize("when", ["rows", "before", "after"])
def test_an_import_that_was_killed_is_simply_repeated_and_loses_nothing(
    here: Place, there: Place, noted: Path, signer: str, when: str
) -> None:
    kill(there, noted, signer, when)
    done = there.take(noted, signer=signer)
    assert (done.found.verdict, done.left_out) == ("intact", ())
    assert there.files() == here.files()
    assert read_rows(there.engine, SESSION) == read_rows(here.engine, SESSION)
    assert list(there.home.incoming.iterdir()) == []
    with pytest.raises(RecordingError, match="here already"):
        there.take(noted)


@sqlite_only
def test_an_import_that_was_interrupted_is_finished_by_that_of_another_file(
    here: Place,
    there: Place,
    noted: Path,
    signer: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("recorder.transfer.move_in", interrupt)
        with pytest.raises(KeyboardInterrupt):
            there.take(noted, signer=signer)
    assert list(there.home.recordings.iterdir()) == []
    add_note(here.engine, SESSION, Noting(kind="note", t=2.0, text="later"), "ada")
    here.give(tmp_path / "later")
    with pytest.raises(RecordingError, match="here already"):
        there.take(tmp_path / "later")
    assert there.files() == here.files()
    assert [each["text"] for each in read_rows(there.engine, SESSION)["notes"]] == ["calm"]
    assert list(there.home.incoming.iterdir()) == []


@sqlite_only
@pytest.mark.parametrize("when", ["before", "after"])
def test_of_an_import_that_was_killed_a_purge_leaves_nothing(
    there: Place, noted: Path, signer: str, when: str
) -> None:
    kill(there, noted, signer, when)
    doomed = find_purgeable(there.home, there.engine, SESSION)
    purge(there.home, there.engine, [doomed], Actor("ada", "command-line"))
    there.assert_nothing_came()


@sqlite_only
def test_a_recording_that_cannot_be_moved_in_leaves_no_rows(
    there: Place, file: Path, signer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr("recorder.transfer.move_in", refuse)
        with pytest.raises(RecordingError, match=r"cannot make .*Permission denied"):
            there.take(file, signer=signer)
    there.assert_nothing_came()
    assert there.take(file, signer=signer).found.verdict == "intact"


def test_a_store_that_refuses_leaves_no_recording(
    there: Place, file: Path, signer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with there.engine.begin() as connection:
        connection.execute(text("DROP TABLE channels"))
        connection.execute(text("DROP TABLE connections"))
        connection.execute(text("DROP TABLE commands"))
        connection.execute(text("CREATE TABLE commands (session TEXT, id TEXT CHECK (id = 'no'))"))
    with pytest.raises(JumpseatError, match="cannot be used"):
        there.take(file, signer=signer)
    assert list(there.home.recordings.iterdir()) == []


@sqlite_only
def test_files_can_be_copied_by_hand_too(here: Place, there: Place) -> None:
    shutil.copytree(here.home.recording(SESSION), there.home.recording(SESSION))
    (shown,) = list_sessions(there.engine, there.home)
    assert shown.id == SESSION
