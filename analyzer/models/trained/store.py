"""Estimators to bytes and back, without running code: skops, and a list of types that may occur.

What skops itself trusts is more than a model of ours needs, so the list here is held against the
file before skops sees it. Files and headers are `analyzer.models.artifact`'s.
"""

from __future__ import annotations

import importlib.metadata
import io
import json
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import skops.io
from skops.io.exceptions import UntrustedTypesFoundException

from analyzer.models.artifact import Header, ModelError, Row

TYPES = frozenset(
    {
        "builtins.bool",
        "builtins.dict",
        "builtins.float",
        "builtins.int",
        "builtins.list",
        "builtins.str",
        "builtins.tuple",
        "numpy.bool",
        "numpy.dtype",
        "numpy.float32",
        "numpy.float64",
        "numpy.int32",
        "numpy.int64",
        "numpy.ndarray",
        "numpy.str_",
        "scipy.sparse._csr.csr_matrix",
        "scipy.sparse._dia.dia_matrix",
        "sklearn.calibration.CalibratedClassifierCV",
        "sklearn.calibration._CalibratedClassifier",
        "sklearn.calibration._SigmoidCalibration",
        "sklearn.feature_extraction._dict_vectorizer.DictVectorizer",
        "sklearn.feature_extraction.text.TfidfTransformer",
        "sklearn.isotonic.IsotonicRegression",
        "sklearn.linear_model._logistic.LogisticRegression",
        "sklearn.multiclass.OneVsRestClassifier",
        "sklearn.naive_bayes.ComplementNB",
        "sklearn.naive_bayes.MultinomialNB",
        "sklearn.pipeline.Pipeline",
        "sklearn.preprocessing._data.MaxAbsScaler",
        "sklearn.preprocessing._data.Normalizer",
        "sklearn.preprocessing._data.StandardScaler",
        "sklearn.preprocessing._label.LabelBinarizer",
    }
)
"""All that may occur in a model. None of them calls what the file names."""

_NODES = frozenset({"CachedNode", "DictNode", "JsonNode", "ListNode", "NdArrayNode", "ObjectNode",
                    "SparseMatrixNode", "TupleNode", "TypeNode"})  # fmt: skip
"""Readers of skops that make values; none of functions, methods or partials."""

_SCHEMA = "schema.json"
_MOST_FILES = 500
_MOST_BYTES = 64 << 20
_CLOSE = 1e-4
"""By how much a probability may differ from when the model was made."""

_REMEDY = "`jumpseat model train` makes it anew"

_BROKEN = (
    ArithmeticError, AttributeError, EOFError, ImportError, LookupError, MemoryError, OSError,
    RecursionError, RuntimeError, SyntaxError, TypeError, ValueError,
    zipfile.BadZipFile, zlib.error, UntrustedTypesFoundException,
)  # fmt: skip
"""What reading a file that was put together by hand can come to; skops promises nothing."""


class Estimator(Protocol):
    """As much of scikit-learn's classifiers as is used here."""

    classes_: Any

    def predict_proba(self, rows: Sequence[Row]) -> Any:
        """Return an array of shape (rows, classes)."""


@dataclass(frozen=True, slots=True)
class Model:
    """A model that was loaded."""

    header: Header
    estimator: Estimator

    def scores(self, rows: Sequence[Row]) -> list[dict[str, float]]:
        """Return for each row the probability of each word."""
        if not rows:
            return []
        return scores_of(self.estimator, self.header.words, rows)

    def answers(self, rows: Sequence[Row]) -> list[tuple[str, float] | None]:
        """Return for each row the likeliest word and its probability; None where it abstains."""
        found = (max(each.items(), key=lambda item: item[1]) for each in self.scores(rows))
        thresholds = self.header.thresholds
        return [each if each[1] >= thresholds.get(each[0], 0.0) else None for each in found]


def scores_of(
    estimator: Estimator, words: Sequence[str], rows: Sequence[Row]
) -> list[dict[str, float]]:
    """Return for each row the probability of each word."""
    table = estimator.predict_proba(rows)
    return [dict(zip(words, map(float, line), strict=True)) for line in table]


def library() -> str:
    """Return the version of scikit-learn here."""
    return importlib.metadata.version("scikit-learn")


def payload_of(estimator: Estimator) -> bytes:
    """Return an estimator as bytes that `load_payload` takes.

    Raises:
        ModelError: It is made of types that loading would refuse.

    """
    payload = _steady(skops.io.dumps(estimator))
    audit(payload, "the model that was trained")
    return payload


def _steady(payload: bytes) -> bytes:
    """Return what skops wrote without its date and without addresses in memory."""
    with zipfile.ZipFile(io.BytesIO(payload)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    schema = json.loads(files.pop(_SCHEMA))
    numbers: dict[str, int] = {}
    _renumber(schema, numbers)
    renamed = {_numbered(name, numbers): content for name, content in files.items()}
    renamed[_SCHEMA] = json.dumps(schema).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(renamed):
            archive.writestr(zipfile.ZipInfo(name), renamed[name], zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _renumber(node: object, numbers: dict[str, int]) -> None:
    """Count addresses in the order in which they occur, in nodes and in names of files."""
    if isinstance(node, dict):
        if "__id__" in node:
            node["__id__"] = numbers.setdefault(str(node["__id__"]), len(numbers) + 1)
        if isinstance(node.get("file"), str):
            node["file"] = _numbered(node["file"], numbers)
        for each in node.values():
            _renumber(each, numbers)
    elif isinstance(node, list):
        for each in node:
            _renumber(each, numbers)


def _numbered(name: str, numbers: dict[str, int]) -> str:
    stem, dot, suffix = name.partition(".")
    return f"{numbers.setdefault(stem, len(numbers) + 1)}{dot}{suffix}"


def load_payload(header: Header, payload: bytes, name: str) -> Model:
    """Make a model of its bytes; ``name`` stands for its file in errors.

    Raises:
        ModelError: A type occurs that no model of ours has, the bytes are damaged, or the model
            answers otherwise than when it was made.

    """
    audit(payload, name)
    try:
        with warnings.catch_warnings():
            # Another version of the library is no fault in itself; the probes tell.
            warnings.simplefilter("ignore")
            estimator = skops.io.loads(payload, trusted=sorted(TYPES))
            model = Model(header, estimator)
            _probe(model, name)
    except _BROKEN as error:
        raise ModelError(f"{name} cannot be loaded ({type(error).__name__})", _REMEDY) from error
    return model


def _probe(model: Model, name: str) -> None:
    header = model.header
    if list(model.estimator.classes_) != header.words:
        raise ModelError(f"{name} tells other words apart than its header says", _REMEDY)
    for probe, scores in zip(
        header.probes, model.scores([each.row for each in header.probes]), strict=True
    ):
        far = [w for w in header.words if not abs(probe.scores[w] - scores[w]) < _CLOSE]
        if far:
            raise ModelError(
                f"{name} answers otherwise with scikit-learn {library()} "
                f"than with {header.library}, which made it",
                _REMEDY,
            )


def audit(payload: bytes, name: str) -> None:
    """Refuse bytes in which anything but a model's types occurs.

    Raises:
        ModelError: So it is, or they are not what skops writes.

    """
    try:
        strange = sorted(_named(payload) - TYPES)
    except _BROKEN as error:
        raise ModelError(f"{name} is damaged ({type(error).__name__})", _REMEDY) from error
    if strange:
        raise ModelError(
            f"{name} holds a type that no model has: {strange[0]}",
            "do not use it, and ask where it comes from",
        )


def _named(payload: bytes) -> frozenset[str]:
    """Return the types that are named in what skops wrote, and readers that we do not know."""
    with zipfile.ZipFile(io.BytesIO(payload)) as archive:
        files = archive.infolist()
        if len(files) > _MOST_FILES or sum(each.file_size for each in files) > _MOST_BYTES:
            raise ValueError("too large")
        return frozenset(_types(json.loads(archive.read(_SCHEMA))))


def _types(schema: object) -> Iterator[str]:
    waiting = [schema]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            if "__loader__" in node:
                yield f"{node.get('__module__')}.{node.get('__class__')}"
                if node["__loader__"] not in _NODES:
                    yield f"skops {node['__loader__']}"
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node
