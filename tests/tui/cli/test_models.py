from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from analyzer.models import kinds, loading
from analyzer.models.artifact import read_artifact, write_artifact
from analyzer.models.loading import model_path
from recorder.home import Home
from tests.support import toy_model
from tui.cli import models


@pytest.fixture
def toys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the kinds of models be one that learns in a moment, and one that has no examples."""
    for module in (kinds, loading, models):
        monkeypatch.setattr(module, "KINDS", (toy_model.ENTRY, toy_model.EMPTY_ENTRY))
    monkeypatch.setattr(loading, "SHIPPED", tmp_path / "shipped")


def test_training_keeps_models_in_home_that_are_used_from_then_on(
    toys: None, jumpseat, home: Home
) -> None:
    before = jumpseat("model", "card")
    assert "rules alone" in before.out
    assert "toy: no model is shipped" in before.err
    trained = jumpseat("model", "train", "--kind", "toy")
    assert (trained.status, trained.err) == (0, "")
    assert str(home.models / "toy.model") in trained.out
    assert home.models.stat().st_mode & 0o077 == 0
    after = jumpseat("model", "card", "toy")
    assert "trained here" in after.out
    assert after.err == ""


def test_one_kind_without_examples_does_not_keep_others_from_being_trained(
    toys: None, jumpseat, home: Home
) -> None:
    done = jumpseat("model", "train", "--data", "both")
    assert done.status == 1
    assert "too few both examples to train empty" in done.err
    assert [path.name for path in home.models.iterdir()] == ["toy.model"]


def test_training_again_changes_no_byte(toys: None, jumpseat, tmp_path: Path) -> None:
    contents = []
    for name in ("first", "second"):
        out = tmp_path / name
        assert jumpseat("model", "train", "--kind", "toy", "--out", str(out)).status == 0
        contents.append(model_path(out, "toy").read_bytes())
    assert contents[0] == contents[1]


def test_a_model_with_the_same_answers_is_left_as_it_is(
    toys: None, jumpseat, tmp_path: Path
) -> None:
    arguments = ("model", "train", "--kind", "toy", "--out", str(tmp_path))
    jumpseat(*arguments)
    path = model_path(tmp_path, "toy")
    header, payload = read_artifact(path)
    probes = [each.model_copy(update={"row": each.row | {"a hair": 0.0}}) for each in header.probes]
    write_artifact(path, header.model_copy(update={"probes": probes}), payload)
    before = path.read_bytes()
    assert jumpseat(*arguments).status == 0
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("train", "--kind", "tea"), "there is no kind of model 'tea'; the kinds are: toy, empty"),
        (("card", "tea"), "there is no kind of model 'tea'"),
        (("train", "--data", "mine"), "'mine' is not one of 'shipped', 'confirmed', 'both'"),
        (("evaluate", "--recordings", "/nowhere/at/all"), "no session with a truth.json"),
    ],
)
def test_wrong_words_are_answered_with_the_right_ones(
    toys: None, jumpseat, arguments: tuple[str, ...], words: str
) -> None:
    done = jumpseat("model", *arguments)
    assert done.status in {1, 2}
    assert words in done.err
    assert len(done.err.splitlines()) == 1


def test_where_models_cannot_be_written_is_said(toys: None, jumpseat, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = jumpseat("model", "train", "--kind", "toy", "--out", str(tmp_path / "file"))
    assert done.status == 1
    assert "cannot write the model" in done.err


def test_evaluation_sets_models_beside_their_baselines(
    toys: None, jumpseat, tmp_path: Path
) -> None:
    plot = tmp_path / "calibration.svg"
    done = jumpseat("model", "evaluate", "--kind", "toy", "--plot", str(plot))
    assert done.status == 0
    rows = [line.split() for line in done.out.splitlines() if line.startswith("box (11)")]
    assert [row[2] for row in rows] == ["model", "rules", "majority"]
    assert "coverage at 0.9" in done.out
    assert "was right" in done.out
    picture = ET.fromstring(plot.read_text())  # noqa: S314 - our own
    assert picture.tag.endswith("svg")
    assert "toy, by box" in "".join(picture.itertext())


def test_a_picture_that_cannot_be_written_is_said(toys: None, jumpseat, tmp_path: Path) -> None:
    done = jumpseat("model", "evaluate", "--kind", "toy", "--plot", str(tmp_path / "no" / "x.svg"))
    assert (done.status, "cannot write" in done.err) == (1, True)


def test_evaluation_as_json_has_every_figure(toys: None, jumpseat) -> None:
    (found,) = json.loads(jumpseat("model", "evaluate", "--kind", "toy", "--json").out)
    split = found["splits"][0]
    assert found["kind"] == "toy"
    assert split["by"] == "box"
    for measure in ("PR-AUC", "coverage at 0.9", "calibration error", "right"):
        assert 0 <= split["model"][measure] <= 1
    assert split["rules"]["right"] < split["model"]["right"]


def test_a_card_says_what_a_model_was_made_of(jumpseat) -> None:
    done = jumpseat("model", "card", "intent")
    for words in ("learnt from", "shipped", "by program", "sha256", "scikit-learn", "good at"):
        assert words in done.out
    (found,) = json.loads(jumpseat("model", "card", "intent", "--json").out)
    assert found["used"] == "shipped"
    assert found["model"]["examples"] > 1500
    assert found["reasons"] == []


def test_a_model_of_other_features_is_named_and_the_shipped_one_used(jumpseat, home: Home) -> None:
    header, payload = read_artifact(model_path(loading.SHIPPED, "intent"))
    home.models.mkdir(parents=True)
    old = header.model_copy(update={"features": header.features - 1})
    write_artifact(model_path(home.models, "intent"), old, payload)
    done = jumpseat("model", "card")
    assert "made for older features" in done.err
    assert ["intent", "shipped"] in [line.split()[:2] for line in done.out.splitlines()]


def test_kinds_are_offered_for_completion() -> None:
    import click  # noqa: PLC0415 - only here

    context = click.Context(models.card)
    offered = models.complete_kind(context, models.card.params[0], "int")
    assert [item.value for item in offered] == ["intent", "intent-by-words"]


def test_ctrl_c_leaves_the_model_that_was_there(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.models.mkdir(parents=True)
    path = model_path(home.models, "intent")
    path.write_bytes(b"what was there")
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            _SLOW,
            "--home",
            str(home.path),
            "model",
            "train",
            "--kind",
            "intent",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "learning\n"
    os.kill(process.pid, signal.SIGINT)
    _, err = process.communicate()
    assert (process.returncode, err.strip()) == (130, "")
    assert path.read_bytes() == b"what was there"
    assert list(home.models.iterdir()) == [path]


_SLOW = """
import signal, sys
from analyzer.models.trained import training
def learn(*_):
    print("learning", flush=True)
    signal.pause()
training.judge = learn
from tui.main import main
main()
"""


def test_what_nobody_judges_stays_as_it_ships_when_people_are_learnt_from(
    jumpseat, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = tuple(entry for entry in kinds.KINDS if entry.name.startswith("intent"))
    monkeypatch.setattr(models, "KINDS", entries)
    done = jumpseat("model", "train", "--data", "both")
    assert done.status == 0
    assert "intent learns only from what ships" in done.err
    assert list(home.models.iterdir()) == []
