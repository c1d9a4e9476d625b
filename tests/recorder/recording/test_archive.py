"""An archive comes back as it went in; whatever else a file holds is refused."""

from __future__ import annotations

import gzip
import io
import os
import resource
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recorder.errors import RecordingError
from recorder.recording.archive import ArchiveReader, ArchiveWriter, Member

MOST = 1 << 20
FILES = {"export.json": b"{}", "recording/a.cast": b"x" * 3000, "recording/b.out": b""}


def pack(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    archive = ArchiveWriter(buffer, moment=1000)
    for name, data in files.items():
        archive.add(name, data)
    archive.close()
    return buffer.getvalue()


def unpack(path: Path, most: int = MOST) -> dict[str, bytes]:
    with ArchiveReader(path, most=most) as archive:
        return {member.name: archive.take(most) for member in archive.members()}


def foreign(*infos: tarfile.TarInfo, format_: int = tarfile.USTAR_FORMAT) -> bytes:
    """Return an archive as somebody else may have made it."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", format=format_) as tar:
        for info in infos:
            tar.addfile(info, io.BytesIO(bytes(info.size)))
    return buffer.getvalue()


def info(name: str, *, kind: bytes = tarfile.REGTYPE, size: int = 0, link: str = ""):
    made = tarfile.TarInfo(name)
    made.type, made.size, made.linkname = kind, size, link
    return made


def test_what_went_in_comes_out(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(pack(FILES))
    assert unpack(path) == FILES


def test_the_same_files_make_the_same_bytes_and_stock_tar_reads_them(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(pack(FILES))
    assert path.read_bytes() == pack(FILES)
    with tarfile.open(path) as tar:
        assert tar.getnames() == list(FILES)


@pytest.mark.parametrize(
    "name",
    [
        "/etc/cron.d/x", "../x", "recording/../x", "recording/../../x", "recording/a/b", ".", "..",
        "recording/..", "recording/.hidden", "recording/", "recording", "other/x", "a\nb", "~/x",
        "recording//x", "C:x", "recording/a\\b", "recording/" + "a" * 81, "recording/\u00e4",
    ],
)  # fmt: skip
def test_no_name_leads_outside(tmp_path: Path, name: str) -> None:
    path = tmp_path / "x"
    if name == "recording":
        path.write_bytes(foreign(info(name, kind=tarfile.DIRTYPE)))
    else:
        path.write_bytes(foreign(info(name)))
    with pytest.raises(RecordingError, match="cannot be imported"):
        unpack(path)


@pytest.mark.parametrize(
    "kind",
    [
        tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE,
        tarfile.DIRTYPE, tarfile.CONTTYPE, tarfile.GNUTYPE_SPARSE, tarfile.XHDTYPE, b"?",
    ],
)  # fmt: skip
def test_only_plain_files_are_taken(tmp_path: Path, kind: bytes) -> None:
    path = tmp_path / "x"
    path.write_bytes(foreign(info("recording/x", kind=kind, link="/etc/passwd")))
    with pytest.raises(RecordingError, match="cannot be imported"):
        unpack(path)


def test_long_names_of_other_formats_are_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "x"
    for format_ in (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        path.write_bytes(foreign(info("recording/" + "a" * 200), format_=format_))
        with pytest.raises(RecordingError, match="cannot be imported"):
            unpack(path)


def test_a_name_given_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(foreign(info("recording/x"), info("recording/x")))
    with pytest.raises(RecordingError, match="twice"):
        unpack(path)


def test_a_small_file_that_unpacks_to_much_is_refused_before_it_is_unpacked(
    tmp_path: Path,
) -> None:
    path = tmp_path / "x"
    path.write_bytes(pack({"recording/x": bytes(8 * MOST)}))
    assert path.stat().st_size < MOST / 10
    with ArchiveReader(path, most=MOST) as archive:
        with pytest.raises(RecordingError, match=r"more than .* bytes") as caught:
            next(archive.members())
        assert archive._gzip.tell() < 1 << 18
    assert "--max-size" in caught.value.remedy


@pytest.mark.parametrize("size", [-1, -2, -(1 << 40)])
def test_a_file_of_less_than_nothing_is_refused_before_it_is_unpacked(
    tmp_path: Path, size: int
) -> None:
    header = bytearray(info("export.json").tobuf(tarfile.USTAR_FORMAT))
    header[124:136] = b"\xff" + (256**11 + size).to_bytes(11, "big")
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    path = tmp_path / "x"
    path.write_bytes(gzip.compress(bytes(header) + bytes(32 << 20)))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(RecordingError, match="damaged"):
        unpack(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 16 << 10


def test_many_small_files_count_together(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(pack({f"recording/f{n}": bytes(1000) for n in range(100)}))
    with pytest.raises(RecordingError, match="more than 50000 bytes"):
        unpack(path, most=50_000)


def test_a_file_in_the_way_is_not_written_through(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(pack(FILES))
    (tmp_path / "victim").write_text("kept")
    (tmp_path / "a.cast").symlink_to(tmp_path / "victim")
    with ArchiveReader(path, most=MOST) as archive:
        members = archive.members()
        assert next(members) == Member(name="export.json", size=2)
        archive.skip()
        next(members)
        with pytest.raises(FileExistsError):
            archive.unpack(tmp_path / "a.cast")
    assert (tmp_path / "victim").read_text() == "kept"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[:0],
        lambda data: data[: len(data) // 2],
        lambda data: data[:-9],
        lambda data: b"x" + data,
        lambda data: data[:3],
        lambda data: data + gzip.compress(b"more"),
        lambda data: gzip.compress(gzip.decompress(data)[:700]),
        lambda data: gzip.compress(data * 20),
    ],
)
def test_a_damaged_file_is_an_error_in_one_line(
    tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "x"
    path.write_bytes(spoil(pack(FILES)))
    with pytest.raises(RecordingError) as caught:
        unpack(path)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_an_error_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="cannot read"):
        ArchiveReader(tmp_path / "none", most=MOST)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    place=st.integers(0, 2047),
    bits=st.integers(1, 255),
    cut=st.integers(0, 12_000),
)
def test_no_header_makes_anything_but_the_declared_error(
    tmp_path: Path, place: int, bits: int, cut: int
) -> None:
    raw = bytearray(gzip.decompress(pack(FILES)))
    raw[place] ^= bits
    path = tmp_path / f"x{os.getpid()}"
    path.write_bytes(gzip.compress(bytes(raw[: len(raw) - cut])))
    try:
        found = unpack(path)
    except RecordingError:
        return
    assert set(found) <= {*FILES} or len(found) <= len(FILES)
    assert all(Path(name).parent.name in {"", "recording"} for name in found)
