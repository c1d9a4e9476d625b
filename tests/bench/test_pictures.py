"""Each picture of the documentation is made by the command, fetches nothing, and stays the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bench.pictures.svg import references, self_contained
from bench.pictures.table import PICTURES

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("pictures")
    subprocess.run(
        [sys.executable, "-m", "bench.pictures", "--out", str(out)],
        cwd=ROOT, check=True, capture_output=True, timeout=110,
    )  # fmt: skip
    return out


@pytest.mark.parametrize("name", [each.name for each in PICTURES])
def test_a_picture_is_made_and_needs_nothing_from_elsewhere(pictures: Path, name: str) -> None:
    svg = (pictures / f"{name}.svg").read_text(encoding="utf-8")
    ElementTree.fromstring(svg)  # noqa: S314 - our own
    assert references(svg) == []
    assert "font-face" not in svg
    assert "Ada Example" in svg.replace("&#160;", " ") or name == "help"


def test_a_picture_is_the_same_when_it_is_made_again(pictures: Path, tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "bench.pictures", "--out", str(tmp_path), "replay"],
        cwd=ROOT, check=True, capture_output=True, timeout=110,
    )  # fmt: skip
    assert [each.name for each in tmp_path.iterdir()] == ["replay.svg"]
    assert (tmp_path / "replay.svg").read_bytes() == (pictures / "replay.svg").read_bytes()


def test_every_picture_is_shown_in_the_documentation() -> None:
    words = "".join(
        each.read_text(encoding="utf-8") for each in [ROOT / "README.md", *ROOT.glob("docs/*.md")]
    )
    for each in PICTURES:
        assert f"images/{each.name}.svg" in words


@pytest.mark.parametrize(
    "markup",
    [
        '<svg><image href="https://example.net/x.png"/></svg>',
        '<svg><style>a { background: url("//example.net/x") }</style></svg>',
        "<svg><style>@import 'x.css';</style></svg>",
    ],
)
def test_a_picture_that_refers_elsewhere_is_refused(markup: str) -> None:
    with pytest.raises(ValueError, match="refers to"):
        self_contained(markup)


def test_what_is_shown_may_look_like_an_address() -> None:
    assert "https://help" in self_contained("<svg><text>https://help.example</text></svg>")
