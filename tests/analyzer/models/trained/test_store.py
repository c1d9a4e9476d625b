from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import skops.io
from hypothesis import given
from hypothesis import strategies as st
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from analyzer.models.artifact import Header, ModelError
from analyzer.models.trained.kinds import Sources
from analyzer.models.trained.store import load_payload, payload_of
from analyzer.models.trained.training import train
from tests.support import toy_model

HEADER, PAYLOAD = train(toy_model.ENTRY, Sources())


def loaded(payload: bytes, header: Header = HEADER) -> Any:
    return load_payload(header, payload, "it")


def edited(change: Callable[[dict[str, Any]], None]) -> bytes:
    """Return a model's bytes with its schema changed."""
    with zipfile.ZipFile(io.BytesIO(PAYLOAD)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    schema = json.loads(files["schema.json"])
    change(schema)
    files["schema.json"] = json.dumps(schema).encode()
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, each in files.items():
            archive.writestr(name, each)
    return content.getvalue()


def test_a_model_answers_as_before_it_was_kept() -> None:
    model = loaded(PAYLOAD)
    (scores,) = model.scores([{"red": 1.4, "blue": 0.1, "green": 0.3}])
    assert sum(scores.values()) == pytest.approx(1)
    assert max(scores, key=lambda word: scores[word]) == "red"
    assert model.scores([]) == []


def test_a_model_is_silent_below_its_threshold() -> None:
    sure = {"red": 1.7, "blue": 0.0, "green": 0.0}
    open_question = {"red": 0.7, "blue": 0.7, "green": 0.7}
    high = HEADER.model_copy(update={"thresholds": dict.fromkeys(HEADER.words, 0.6)})
    first, second = loaded(PAYLOAD, high).answers([sure, open_question])
    assert first[0] == "red"
    assert second is None


def test_a_file_that_would_run_code_is_refused_and_runs_none(tmp_path: Path) -> None:
    witness = tmp_path / "was here"

    def run_a_command(schema: dict[str, Any]) -> None:
        schema["content"] = {
            "__class__": "system",
            "__module__": "os",
            "__loader__": "ReduceNode",
            "content": {"args": [f"touch '{witness}'"]},
        }

    with pytest.raises(ModelError, match=r"a type that no model has: os\.system"):
        loaded(edited(run_a_command))
    assert not witness.exists()


@pytest.mark.parametrize(
    ("module", "name", "loader"),
    [
        ("os", "system", "FunctionNode"),
        ("builtins", "eval", "TypeNode"),
        ("functools", "partial", "PartialNode"),
        ("numpy", "load", "FunctionNode"),
        ("sklearn.preprocessing._function_transformer", "FunctionTransformer", "ObjectNode"),
        ("builtins", "list", "MethodNode"),
        ("builtins", "list", "NoSuchNode"),
    ],
)
def test_a_type_that_no_model_has_is_refused_wherever_it_stands(
    module: str, name: str, loader: str
) -> None:
    strange = {"__class__": name, "__module__": module, "__loader__": loader, "content": {}}

    def deep_inside(schema: dict[str, Any]) -> None:
        schema["content"]["content"]["steps"]["content"][0]["content"].append(strange)

    with pytest.raises(ModelError, match="a type that no model has"):
        loaded(edited(deep_inside))


def test_what_skops_would_trust_is_not_enough() -> None:
    payload = skops.io.dumps(KNeighborsClassifier(1).fit([[0], [1]], ["a", "b"]))
    assert skops.io.get_untrusted_types(data=payload) == []
    with pytest.raises(ModelError, match="a type that no model has"):
        loaded(payload)


def test_a_model_that_could_not_be_loaded_is_not_kept() -> None:
    with pytest.raises(ModelError, match="a type that no model has"):
        payload_of(make_pipeline(FunctionTransformer(sorted)))


def test_a_file_that_swells_is_refused() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("schema.json", b" " * (100 << 20))
    with pytest.raises(ModelError, match="damaged"):
        loaded(content.getvalue())


@given(st.data())
def test_bytes_that_were_changed_are_refused_or_answer_alike(data: st.DataObject) -> None:
    changed = bytearray(PAYLOAD)
    for _ in range(data.draw(st.integers(1, 4))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    try:
        model = loaded(bytes(changed))
    except ModelError:
        return
    rows = [probe.row for probe in HEADER.probes]
    for probe, scores in zip(HEADER.probes, model.scores(rows), strict=True):
        assert scores == pytest.approx(probe.scores, abs=1e-3)


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["__class__", "__module__", "__loader__", "content", "key_types", "x"]),
        inner, max_size=4),
    max_leaves=12,
))  # fmt: skip
def test_a_schema_that_is_nonsense_is_refused(nonsense: object) -> None:
    def change(schema: dict[str, Any]) -> None:
        schema["content"] = nonsense

    with pytest.raises(ModelError):
        loaded(edited(change))


def test_a_model_that_answers_otherwise_than_when_it_was_made_is_refused() -> None:
    probe = HEADER.probes[0]
    moved = dict(zip(probe.scores, [*list(probe.scores.values())[1:], 0.0], strict=True))
    other = HEADER.model_copy(update={"probes": [probe.model_copy(update={"scores": moved})]})
    with pytest.raises(ModelError, match="answers otherwise with scikit-learn"):
        loaded(PAYLOAD, other)


def test_a_model_with_other_words_than_its_header_is_refused() -> None:
    with pytest.raises(ModelError, match="other words"):
        loaded(PAYLOAD, HEADER.model_copy(update={"words": ["blue", "green", "grey"]}))


def test_training_twice_gives_the_same_answers_and_the_same_bytes() -> None:
    header, payload = train(toy_model.ENTRY, Sources())
    assert header == HEADER
    assert hashlib.sha256(payload).digest() == hashlib.sha256(PAYLOAD).digest()
