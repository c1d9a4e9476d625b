from __future__ import annotations

import importlib.metadata
import subprocess
import sys
from pathlib import Path

import pytest

from analyzer.models import kinds, loading
from analyzer.models.artifact import Header, write_artifact
from analyzer.models.loading import MODELS, load, model_path, models_state, state_of, unusable
from analyzer.models.trained.kinds import Sources
from analyzer.models.trained.training import train
from tests.support import toy_model

HEADER, PAYLOAD = train(toy_model.ENTRY, Sources())


@pytest.fixture(autouse=True)
def only_toys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let there be one kind of model, and two empty places for it."""
    for module in (kinds, loading):
        monkeypatch.setattr(module, "KINDS", (toy_model.ENTRY,))
    monkeypatch.setattr(loading, "SHIPPED", tmp_path / "shipped")
    monkeypatch.setenv(MODELS, str(tmp_path / "own"))


def keep(place: Path, **changes: object) -> Path:
    path = model_path(place, "toy")
    write_artifact(path, Header.model_validate(HEADER.model_dump() | changes), PAYLOAD)
    return path


def test_without_any_model_the_rules_are_alone_and_it_is_said() -> None:
    assert load("toy") is None
    assert unusable() == ("toy: no model is shipped, so the rules are alone",)


def test_a_shipped_model_is_used(tmp_path: Path) -> None:
    path = keep(tmp_path / "shipped")
    model = load("toy")
    assert model is not None
    assert model.answers([{"red": 3.0}])[0] is not None
    state = state_of("toy")
    assert (state.path, state.own, state.reasons) == (path, False, ())
    assert unusable() == ()


def test_a_model_that_was_trained_here_wins(tmp_path: Path) -> None:
    keep(tmp_path / "shipped")
    path = keep(tmp_path / "own", data="both")
    (state,) = models_state()
    assert (state.path, state.own) == (path, True)
    assert state.header is not None
    assert state.header.data == "both"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"features": 2}, "made for older features (revision 2, this program has 3)"),
        ({"features": 4}, "made for newer features (revision 4, this program has 3)"),
        ({"library": "2.0.0"}, "was made with scikit-learn 2.0.0, here is"),
        ({"kind": "intent"}, "holds a model of the kind intent, not toy"),
    ],
)
def test_a_model_that_does_not_fit_gives_way_to_the_shipped_one_and_it_is_said(
    tmp_path: Path, changes: dict[str, object], words: str
) -> None:
    shipped = keep(tmp_path / "shipped")
    keep(tmp_path / "own", **changes)
    assert state_of("toy").path == shipped
    (reason,) = unusable()
    assert words in reason


def test_damaged_models_are_told_and_the_rules_go_on_alone(tmp_path: Path) -> None:
    for place in ("own", "shipped"):
        path = keep(tmp_path / place)
        path.write_bytes(path.read_bytes()[:-7])
    assert load("toy") is None
    assert [("damaged or was cut off" in words) for words in unusable()] == [True, True]


def test_something_that_is_no_file_is_told(tmp_path: Path) -> None:
    model_path(tmp_path / "own", "toy").mkdir(parents=True)
    keep(tmp_path / "shipped")
    assert load("toy") is not None
    assert "cannot read the model" in unusable()[0]


def test_a_model_that_was_trained_meanwhile_is_taken(tmp_path: Path) -> None:
    keep(tmp_path / "shipped")
    first = load("toy")
    assert load("toy") is first
    keep(tmp_path / "own", data="confirmed")
    second = load("toy")
    assert second is not None
    assert second.header.data == "confirmed"


def test_without_scikit_learn_the_rules_are_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(tmp_path / "shipped")

    def gone(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", gone)
    assert load("toy") is None
    assert "needs scikit-learn, which is not installed" in unusable()[0]


def test_asking_for_a_model_that_is_not_there_loads_no_library(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom analyzer.models import loading\n"
        f"loading.SHIPPED = Path({str(tmp_path)!r})\n"
        "assert loading.load('intent') is None\n"
        "assert len(loading.unusable()) == len(loading.KINDS)\n"
        "print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert loaded & {"sklearn", "skops", "numpy", "scipy", "joblib"} == set()
