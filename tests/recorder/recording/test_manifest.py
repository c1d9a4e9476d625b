"""Whatever lies in a manifest's place is read, or refused by the declared error."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.errors import RecordingError
from recorder.recording.manifest import PiecesEntry, parse_manifest, unpack_pieces
from recorder.recording.pieces import Pieces

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
KEYS = st.sampled_from(["format", "session", "signed", "by", "files", "pieces"])


def refused_or_read(data: bytes) -> None:
    try:
        manifest = parse_manifest(data)
    except RecordingError:
        return
    assert manifest.format == 1


@given(data=st.binary(max_size=60))
def test_any_bytes(data: bytes) -> None:
    refused_or_read(data)


@given(content=st.dictionaries(KEYS, JSON))
def test_any_json(content: dict[str, object]) -> None:
    refused_or_read(json.dumps({"format": 1, "session": "abc", "files": {}, **content}).encode())


@pytest.mark.parametrize("name", ["../x", "/x", "a/b", "", ".", "..", ".x", "x\n", "\u00e4"])
def test_names_that_lead_elsewhere_are_no_manifests(name: str) -> None:
    entry = {"size": 1, "sha256": "0" * 64}
    content = {"format": 1, "session": "abc", "files": {name: entry}}
    with pytest.raises(RecordingError):
        parse_manifest(json.dumps(content).encode())


@given(
    count=st.integers(0, 10**9), each=st.integers(1, 10**6), packed=st.binary(max_size=40),
    junk=st.text(max_size=3),
)  # fmt: skip
def test_checksums_fit_together_or_are_not_used(
    count: int, each: int, packed: bytes, junk: str
) -> None:
    crc32 = base64.b64encode(packed).decode() + junk
    found = unpack_pieces(PiecesEntry(of="lines", count=count, each=each, crc32=crc32))
    if found is not None:
        assert isinstance(found, Pieces)
        assert len(found.sums) == -(-count // each)
