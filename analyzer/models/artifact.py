"""A model in a file: a line that names the format, a header in JSON, and what skops wrote.

The header says what must be known before anything is loaded: what the model tells apart, from
which data, by which program and library, and from which probability on it answers at all. Reading
a header needs no scikit-learn, and none may be imported here; payloads are `trained/store.py`'s.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from analyzer.models.linear import Linear
from analyzer.models.weights import Weights
from recorder.errors import JumpseatError

SUFFIX = ".model"

FORMAT = 1
"""Of the file; another one is refused."""

Row = Mapping[str, float]
"""What a model sees of one example: features by name; what is missing is 0."""

Data = Literal["shipped", "confirmed", "both"]
"""What a model learns from: what ships, the judgements of an installation, or both."""

_NAME = "jumpseat model "
_SAME = {"kind", "features", "program", "library", "data", "data_sha256", "seed",
                   "words", "predictions_sha256"}  # fmt: skip
_MOST_HEADER = 1 << 20
_MOST_PAYLOAD = 8 << 20


class ModelError(JumpseatError):
    """A model cannot be used, or cannot be made."""


class Probe(BaseModel):
    """A row, and what the model made of it when it was trained."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    row: dict[str, float]
    scores: dict[str, float]


class Header(BaseModel):
    """What a file says of its model.

    Attributes:
        kind: What it is for: a name of `analyzer.models.kinds`.
        features: Revision of the features that it was trained on.
        program: Version of the program that made it.
        library: Version of scikit-learn that made it.
        data: What it was trained on, as a word.
        data_sha256: Of all examples' features, answers and groups.
        samples: Some of its sessions, each with the hash of its examples alone: that examples or
            features changed is seen without making all of them.
        examples: How many.
        answers: How many of them have which answer.
        groups: How many groups of each kind the examples fall into.
        seed: What chance began with.
        words: What it tells apart, in the order of its probabilities.
        thresholds: From which probability on a word is said; one that is missing is always said.
        metrics: Split by which it was measured, to measure, to figure; grouped, never at random.
        plain: The same model as plain numbers, where it is simple enough for that.
        probes: What must come out again, or the library is not the one it was made with.
        predictions_sha256: Of its answers to all examples; training again gives the same.
        payload_sha256: Of what follows the header.

    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    kind: str = Field(pattern=r"^[a-z][a-z-]{0,31}$")
    features: int
    program: str
    library: str
    data: Data
    data_sha256: str
    samples: dict[str, str] = Field(default_factory=dict)
    examples: int
    answers: dict[str, int]
    groups: dict[str, int]
    seed: int
    words: list[str] = Field(min_length=1)
    thresholds: dict[str, float]
    metrics: dict[str, dict[str, float]]
    plain: Linear | Weights | None = None
    probes: list[Probe]
    predictions_sha256: str
    payload_sha256: str

    def same_as(self, other: Header) -> bool:
        """Return whether the models were made alike and answer alike."""
        return self._sameness() == other._sameness()

    def _sameness(self) -> tuple[dict[str, object], dict[str, float], bool]:
        # Other processors give thresholds other last digits, too.
        thresholds = {word: round(value, 4) for word, value in self.thresholds.items()}
        return self.model_dump(include=_SAME), thresholds, self.plain is None


def write_artifact(path: Path, header: Header, payload: bytes) -> None:
    """Write a model's file, whole or not at all.

    Raises:
        ModelError: It cannot be written.

    """
    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        half.write_bytes(packed(header, payload))
        half.replace(path)
    except OSError as error:
        raise ModelError(
            f"cannot write the model {path} ({error.strerror})", "choose another place with --out"
        ) from error
    finally:
        # Gone if all went well; what interrupts in between leaves nothing behind.
        with contextlib.suppress(OSError):
            half.unlink(missing_ok=True)


def packed(header: Header, payload: bytes) -> bytes:
    """Return the content of a model's file."""
    return f"{_NAME}{FORMAT}\n{header.model_dump_json()}\n".encode() + payload


def read_artifact(path: Path) -> tuple[Header, bytes]:
    """Read a model's file; its payload is as it was written, which says nothing of its maker.

    Raises:
        ModelError: It cannot be read, is none, is of another format, or was damaged.

    """
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_HEADER + _MOST_PAYLOAD + 1)
    except OSError as error:
        raise ModelError(f"cannot read the model {path} ({error.strerror})", _REMEDY) from error
    return unpacked(content, str(path))


def unpacked(content: bytes, name: str) -> tuple[Header, bytes]:
    """Take the content of a model's file apart; ``name`` stands for it in errors.

    Raises:
        ModelError: As for `read_artifact`.

    """
    first, _, rest = content.partition(b"\n")
    if not first.startswith(_NAME.encode()):
        raise ModelError(f"{name} is no model of this program", _REMEDY)
    if first != f"{_NAME}{FORMAT}".encode():
        raise ModelError(f"{name} is of another format than {FORMAT}", _REMEDY)
    line, _, payload = rest.partition(b"\n")
    if len(line) > _MOST_HEADER or len(payload) > _MOST_PAYLOAD:
        raise ModelError(f"{name} is too large to be a model", _REMEDY)
    try:
        header = Header.model_validate_json(line)
    except (ValidationError, RecursionError) as error:
        raise ModelError(f"the header of {name} is damaged", _REMEDY) from error
    if hashlib.sha256(payload).hexdigest() != header.payload_sha256:
        raise ModelError(f"{name} is damaged or was cut off", _REMEDY)
    return header, payload


_REMEDY = "`jumpseat model train` makes it anew"
