"""Which format a file has, and which files belong together."""

from __future__ import annotations

import gzip
import os
import socket
from pathlib import Path

import pytest

from recorder.errors import RecordingError
from recorder.formats.detect import identify, is_export
from recorder.formats.flaws import Complaints, Flaws
from recorder.formats.source import Source
from tests.recorder.formats.samples import (
    CLASSIC_OUT,
    CLASSIC_TIMING,
    STREAM_IN,
    STREAM_OUT,
    STREAM_TIMING,
    TTYREC,
    V1,
    V2,
    V3,
)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (V1, "asciicast v1"),
        (V2, "asciicast v2"),
        (V3, "asciicast v3"),
        (b"\xef\xbb\xbf" + V2, "asciicast v2"),
        (V2.partition(b"\n")[2], "asciicast v2"),
        (V2[5:], "asciicast v2"),
        (b'{"version": 3, "term": {' + V3.partition(b"}}")[2], "asciicast v3"),
        (TTYREC, "ttyrec"),
        (gzip.compress(TTYREC, mtime=0), "ttyrec"),
        (gzip.compress(V2, mtime=0)[:-5], "asciicast v2"),
    ],
)
def test_content_decides_not_the_name(tmp_path: Path, data: bytes, kind: str) -> None:
    path = tmp_path / "recording.txt"
    path.write_bytes(data)
    assert identify(path).kind == kind


def _write(directory: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        (directory / name).write_bytes(data)


@pytest.mark.parametrize("name", ["p", "p.timing", "p.out", "p.in"])
def test_any_of_script_s_files_or_their_name_will_do(tmp_path: Path, name: str) -> None:
    _write(tmp_path, {"p.timing": STREAM_TIMING, "p.out": STREAM_OUT, "p.in": STREAM_IN})
    found = identify(tmp_path / name)
    assert (found.kind, found.name) == ("script", "p")
    assert [path.name for path in found.files] == ["p.timing", "p.out", "p.in"]


@pytest.mark.parametrize("name", ["typescript", "typescript.timing"])
def test_a_typescript_may_have_no_extension(tmp_path: Path, name: str) -> None:
    _write(tmp_path, {"typescript.timing": CLASSIC_TIMING, "typescript": CLASSIC_OUT})
    assert identify(tmp_path / name).output == tmp_path / "typescript"


@pytest.mark.parametrize("name", ["typescript", "timing"])
def test_the_names_of_the_manual_belong_together(tmp_path: Path, name: str) -> None:
    _write(tmp_path, {"timing": CLASSIC_TIMING, "typescript": CLASSIC_OUT})
    found = identify(tmp_path / name)
    assert (found.main.name, found.output and found.output.name) == ("timing", "typescript")


def test_one_log_of_both_streams_is_taken_for_both(tmp_path: Path) -> None:
    _write(tmp_path, {"p.timing": STREAM_TIMING, "p.io": STREAM_OUT})
    found = identify(tmp_path / "p")
    assert found.input == found.output == tmp_path / "p.io"


def test_names_in_the_headers_lead_to_files_beside_and_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    place = tmp_path / "place"
    place.mkdir()
    header = b"H 0.0 OUTPUT_LOG %s\nH 0.0 INPUT_LOG %s\n"
    timing = header % (bytes(tmp_path / "secret"), b"../secret") + STREAM_TIMING
    _write(place, {"a.log.txt": timing})
    with pytest.raises(RecordingError, match="what was shown is missing"):
        identify(place / "a.log.txt")
    _write(place, {"secret": STREAM_OUT})
    assert identify(place / "a.log.txt").output == place / "secret"
    (place / "secret").unlink()
    (place / "secret").symlink_to(tmp_path / "secret")
    with pytest.raises(RecordingError, match="what was shown is missing"):
        identify(place / "a.log.txt")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty; looked for: asciicast v1, v2 or v3, ttyrec, or `script`"),
        (b"hello\n" * 100, "is nothing that is known; looked for: asciicast"),
        (b"\0" * 1000, "is nothing that is known"),
        (b'{"version": 4}\n', "asciicast of an unknown version; this program knows v1, v2 and v3"),
        (b'{"a": 1}', "is nothing that is known"),
        (CLASSIC_OUT, "looks like a typescript, and its timing is missing; looked for file.timing"),
        (STREAM_TIMING, "what was shown is missing; looked for file.out"),
        (gzip.compress(b"", mtime=0), "is empty"),
        (b"\x1f\x8b", "is empty"),
        (b"\x1f\x8bnot gzip at all", "is empty"),
    ],
)
def test_what_is_no_recording_is_told_with_what_was_looked_for(
    tmp_path: Path, data: bytes, words: str
) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    with pytest.raises(RecordingError) as caught:
        identify(path)
    assert words in str(caught.value)


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(str(path))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (_fifo, "is a FIFO"),
        (_socket, "is a socket"),
        (lambda path: path.symlink_to("/dev/zero"), "is a device"),
        (lambda path: path.mkdir(), "is a directory"),
        (lambda path: path.symlink_to(path), "there is no"),
    ],
)
def test_only_plain_files_are_opened(tmp_path: Path, make, words: str) -> None:
    path = tmp_path / "file"
    make(path)
    with pytest.raises(RecordingError, match=words):
        identify(path)


def test_a_link_is_followed_where_it_was_named_and_not_beside(tmp_path: Path) -> None:
    _write(tmp_path, {"real.cast": V2})
    (tmp_path / "link.cast").symlink_to("real.cast")
    assert identify(tmp_path / "link.cast").kind == "asciicast v2"
    with pytest.raises(RecordingError, match="is a link"):
        Source(tmp_path / "link.cast", Complaints(Flaws(), "link.cast"), follow=False)


def test_gzip_that_is_cut_off_gives_what_it_has(tmp_path: Path) -> None:
    data = os.urandom(50_000)
    path = tmp_path / "file.gz"
    path.write_bytes(gzip.compress(data, mtime=0)[:30_000])
    flaws = Flaws()
    with Source(path, Complaints(flaws, "file.gz")) as source:
        got = b"".join(iter(lambda: source.read(1000), b""))
    assert got
    assert data.startswith(got)
    assert "cannot be read from here on" in flaws.lines()[0]


def test_gzip_that_grows_without_end_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recorder.formats.source.MOST_BYTES", 1 << 20)
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(b"\0" * (8 << 20), mtime=0))
    flaws = Flaws()
    with Source(path, Complaints(flaws, "bomb.gz")) as source:
        assert sum(map(len, iter(lambda: source.read(65536), b""))) <= 1 << 20
    assert flaws.count == 1


def test_what_session_export_wrote_is_known(tmp_path: Path) -> None:
    _write(tmp_path, {"a": V2, "b": gzip.compress(b"junk", mtime=0), "p.timing": STREAM_TIMING})
    assert not is_export(tmp_path / "a")
    assert is_export(tmp_path / "b")
    assert not is_export(tmp_path / "p")
    assert not is_export(tmp_path)


def test_a_log_that_is_no_typescript_is_not_taken_for_one(tmp_path: Path) -> None:
    _write(tmp_path, {"syslog.log": b"nothing of the kind\n", "p": b"one\r\n"})
    with pytest.raises(RecordingError, match="is nothing that is known"):
        identify(tmp_path / "syslog.log")
    _write(tmp_path, {"p.timing": CLASSIC_TIMING})
    assert identify(tmp_path / "p").output == tmp_path / "p"
