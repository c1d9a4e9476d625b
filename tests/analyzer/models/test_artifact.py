from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.models.artifact import (
    Header,
    ModelError,
    Probe,
    packed,
    read_artifact,
    unpacked,
    write_artifact,
)


def header_for(payload: bytes, **changes: object) -> Header:
    known = {
        "kind": "toy",
        "features": 3,
        "program": "0.1.0",
        "library": "1.9.1",
        "data": "shipped",
        "data_sha256": "0" * 64,
        "examples": 3,
        "answers": {"a": 2, "b": 1},
        "groups": {"box": 2},
        "seed": 1,
        "words": ["a", "b"],
        "thresholds": {"a": 0.5},
        "metrics": {"box": {"PR-AUC": 0.5}},
        "probes": [Probe(row={"x": 1.0}, scores={"a": 0.25, "b": 0.75})],
        "predictions_sha256": "0" * 64,
        "payload_sha256": hashlib.sha256(payload).hexdigest(),
    }
    return Header.model_validate(known | changes)


@given(st.binary(max_size=200), st.lists(st.text(), min_size=1), st.floats(0, 1))
def test_what_is_packed_comes_out_again(payload: bytes, words: list[str], least: float) -> None:
    header = header_for(payload, words=words, thresholds=dict.fromkeys(words, least))
    assert unpacked(packed(header, payload), "it") == (header, payload)


def test_a_file_that_is_cut_off_anywhere_is_refused() -> None:
    whole = packed(header_for(b"payload"), b"payload")
    for length in range(len(whole)):
        with pytest.raises(ModelError):
            unpacked(whole[:length], "it")


@given(st.data())
def test_a_file_of_which_one_byte_differs_is_refused_or_has_another_header(
    data: st.DataObject,
) -> None:
    payload = b"some payload"
    header = header_for(payload)
    whole = bytearray(packed(header, payload))
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] ^= data.draw(st.integers(1, 255))
    try:
        found, kept = unpacked(bytes(whole), "it")
    except ModelError:
        return
    assert kept == payload
    assert found != header


@given(st.binary())
def test_garbage_is_refused_with_words(garbage: bytes) -> None:
    for content in (garbage, b"jumpseat model 1\n" + garbage):
        with pytest.raises(ModelError, match="it"):
            unpacked(content, "it")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is no model"),
        (b"PK\x03\x04", "is no model"),
        (b"jumpseat model 2\n{}\n", "another format than 1"),
        (b"jumpseat model 1\n" + b"[" * 100_000 + b"\n", "header of it is damaged"),
        (b"jumpseat model 1\n" + b'{"kind": "x"}\n', "header of it is damaged"),
        (b"jumpseat model 1\n" + b"x" * (2 << 20) + b"\n", "too large"),
    ],
)
def test_what_is_wrong_is_said(content: bytes, words: str) -> None:
    with pytest.raises(ModelError, match=words):
        unpacked(content, "it")


def test_a_file_of_any_size_is_read_only_so_far(tmp_path: Path) -> None:
    path = tmp_path / "huge.model"
    with path.open("wb") as file:
        file.write(packed(header_for(b""), b""))
        file.truncate(1 << 40)
    with pytest.raises(ModelError, match="too large"):
        read_artifact(path)


def test_writing_replaces_whole_files_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "models" / "toy.model"
    for payload in (b"old", b"new"):
        write_artifact(path, header_for(payload), payload)
    assert read_artifact(path)[1] == b"new"
    assert list(path.parent.iterdir()) == [path]


def test_where_nothing_can_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelError, match="cannot write the model"):
        write_artifact(tmp_path / "file" / "toy.model", header_for(b""), b"")
    (tmp_path / "toy.model").mkdir()
    with pytest.raises(ModelError, match="cannot write the model"):
        write_artifact(tmp_path / "toy.model", header_for(b""), b"")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", "toy.model"]


def test_a_model_with_other_thresholds_is_another_and_one_with_other_last_digits_is_not() -> None:
    header = header_for(b"")
    assert header.same_as(header_for(b"", thresholds={"a": 0.5 + 1e-9}, examples=4))
    assert not header.same_as(header_for(b"", thresholds={"a": 0.45}))
    assert not header.same_as(header_for(b"", predictions_sha256="1" * 64))
