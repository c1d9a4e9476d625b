"""Which models this installation runs with: its own before the shipped ones, rules where none is.

The one door for who scores: importing this costs nothing, scikit-learn is imported when a model is
loaded. A model that cannot be used is no error: the caller goes on with rules, and can say why.
"""

from __future__ import annotations

import importlib.metadata
import os
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from analyzer.models.artifact import SUFFIX, Header, ModelError, read_artifact
from analyzer.models.kinds import KINDS, Entry, entry_of
from analyzer.models.linear import Linear

if TYPE_CHECKING:
    from analyzer.models.trained.store import Model

MODELS = "JUMPSEAT_MODELS"
"""The variable that names the directory of models that this installation trained."""

SHIPPED = Path(__file__).resolve().parent / "shipped"
"""Models that come with the program, one file a kind."""

_TRAIN = "`jumpseat model train` makes one"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How it stands with a kind of model.

    Attributes:
        kind: Its name.
        path: The file that is used, None where the rules are alone.
        own: It was trained by this installation.
        header: What the file says.
        reasons: Why files that are there are not used, or that there is none; one line each.

    """

    kind: str
    path: Path | None
    own: bool
    header: Header | None
    reasons: tuple[str, ...]


def load(kind: str) -> Model | None:
    """Return the model of a kind that can be used here, None where the rules are alone.

    What was loaded once is kept, until its file changes. Why there is none, `models_state` says.
    """
    return _chosen(_entry(kind))[0]


def state_of(kind: str) -> State:
    """Return how it stands with a kind; loads it."""
    return _chosen(_entry(kind))[1]


def plain(kind: str) -> Linear | None:
    """Return the model of a kind as plain numbers, None where the rules are alone.

    Only the header of a file is read: nothing of scikit-learn is loaded.
    """
    entry = _entry(kind)
    for _, path in _candidates(kind):
        try:
            known = path.stat()
            found = _plain(entry, path, known.st_mtime_ns, known.st_size)
        except (ModelError, OSError):
            continue
        if found is not None:
            return found
    return None


@lru_cache(maxsize=32)
def _plain(entry: Entry, path: Path, _changed: int, _size: int) -> Linear | None:
    header, _ = read_artifact(path)
    check(entry, header, str(path))
    return header.plain


def models_state() -> tuple[State, ...]:
    """Return how it stands with every kind; loads them, and with them scikit-learn."""
    return tuple(_chosen(entry)[1] for entry in KINDS)


def unusable(kinds: Collection[str] | None = None) -> tuple[str, ...]:
    """Return why models of these kinds, or of any, are missing or not used, one line each."""
    wanted = [entry for entry in KINDS if kinds is None or entry.name in kinds]
    states = [_chosen(entry)[1] for entry in wanted]
    return tuple(f"{state.kind}: {reason}" for state in states for reason in state.reasons)


def model_path(directory: Path, kind: str) -> Path:
    """Return where a directory holds the model of a kind."""
    return directory / f"{kind}{SUFFIX}"


def _entry(kind: str) -> Entry:
    entry = entry_of(kind)
    if entry is None:
        raise KeyError(kind)
    return entry


def _chosen(entry: Entry) -> tuple[Model | None, State]:
    reasons: list[str] = []
    for own, path in _candidates(entry.name):
        try:
            model = _loaded(entry, path, path.stat().st_mtime_ns, path.stat().st_size)
        except ModelError as error:
            reasons.append(error.cause)
        except FileNotFoundError:
            if not own:
                reasons.append("no model is shipped, so the rules are alone")
        except OSError as error:
            reasons.append(f"cannot read the model {path} ({error.strerror})")
        else:
            header = model.header
            return model, State(
                kind=entry.name, path=path, own=own, header=header, reasons=tuple(reasons)
            )
    return None, State(kind=entry.name, path=None, own=False, header=None, reasons=tuple(reasons))


def _candidates(kind: str) -> list[tuple[bool, Path]]:
    named = os.environ.get(MODELS)
    own = [(True, model_path(Path(named), kind))] if named else []
    return [*own, (False, model_path(SHIPPED, kind))]


@lru_cache(maxsize=32)
def _loaded(entry: Entry, path: Path, _changed: int, _size: int) -> Model:
    header, payload = read_artifact(path)
    check(entry, header, str(path))
    from analyzer.models.trained.store import load_payload  # noqa: PLC0415 - costs two seconds

    return load_payload(header, payload, str(path))


def check(entry: Entry, header: Header, name: str) -> None:
    """Refuse a model that this program cannot use, before it is loaded.

    Raises:
        ModelError: It is of another kind, or made for other features or another library.

    """
    if header.kind != entry.name:
        raise ModelError(
            f"{name} holds a model of the kind {header.kind}, not {entry.name}", _TRAIN
        )
    if header.features != entry.features:
        age = "older" if header.features < entry.features else "newer"
        raise ModelError(
            f"{name} was made for {age} features (revision {header.features}, "
            f"this program has {entry.features})",
            _TRAIN,
        )
    try:
        here = importlib.metadata.version("scikit-learn")
    except importlib.metadata.PackageNotFoundError as error:
        raise ModelError(f"{name} needs scikit-learn, which is not installed") from error
    if here.partition(".")[0] != header.library.partition(".")[0]:
        raise ModelError(f"{name} was made with scikit-learn {header.library}, here is {here}")
