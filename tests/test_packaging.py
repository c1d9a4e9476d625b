"""The locks, and the wheel as a user gets it: built, installed in a clean environment, run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tui.player.fetching import bundle_in, is_fetched

LOCKS = ("requirements.lock", "requirements-dev.lock")


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text())


def pins(path: Path) -> dict[str, str]:
    """Return the versions that a lock pins, by canonical name."""
    found = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", path.read_text(), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in found}


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_has_hashes_and_no_index_is_named(root: Path, name: str) -> None:
    text = (root / name).read_text()
    blocks = re.split(r"\n(?=[A-Za-z])", "\n".join(
        line for line in text.splitlines() if not line.startswith("#")))  # fmt: skip
    assert blocks
    assert [block for block in blocks if "--hash=sha256:" not in block] == []
    assert re.search(r"://|--(extra-)?index|--find-links|file:", text) is None


def test_the_locks_pin_what_the_project_asks_for(root: Path, project: dict[str, Any]) -> None:
    run, dev = (pins(root / name) for name in LOCKS)
    build = [Requirement(text) for text in project["build-system"]["requires"]]
    asked = [Requirement(text) for text in project["project"]["dependencies"]] + build
    tools = [Requirement(x) for x in project["dependency-groups"]["dev"] if isinstance(x, str)]
    for lock, wanted in ((run, asked), (dev, asked + tools)):
        for requirement in wanted:
            version = lock.get(canonicalize_name(requirement.name))
            assert version is not None, f"{requirement}: run `make lock`"
            assert requirement.specifier.contains(version), f"{requirement}: run `make lock`"


def test_both_locks_agree(root: Path) -> None:
    run, dev = (pins(root / name) for name in LOCKS)
    assert {name: dev.get(name) for name in run} == run


def test_what_builds_the_project_is_locked(project: dict[str, Any]) -> None:
    assert project["dependency-groups"]["build"] == project["build-system"]["requires"]


def build(root: Path, target: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)],
        cwd=root,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
    )


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("dist")
    done = build(root, target, JUMPSEAT_PLAYER="none")
    assert done.returncode == 0, done.stderr
    (path,) = target.glob("*.whl")
    return path


def players_files(path: Path) -> set[str]:
    names = zipfile.ZipFile(path).namelist()
    return {name.removeprefix("tui/_player/") for name in names if name.startswith("tui/_player/")}


def test_a_wheel_can_be_built_without_the_player(wheel: Path) -> None:
    assert players_files(wheel) == set()
    assert "tui/player/wheel_hook.py" not in zipfile.ZipFile(wheel).namelist()


def test_the_wheel_brings_the_player_with_its_licence(root: Path, tmp_path: Path) -> None:
    if not is_fetched(root):
        pytest.skip("asciinema-player is not fetched: `make player` does it")
    done = build(root, tmp_path, JUMPSEAT_PLAYER="required")
    assert done.returncode == 0, done.stderr
    (path,) = tmp_path.glob("*.whl")
    assert players_files(path) == {"asciinema-player.min.js", "asciinema-player.css", "LICENSE"}
    with zipfile.ZipFile(path) as archive:
        assert b"Apache License" in archive.read("tui/_player/LICENSE")
        shipped = archive.read("tui/_player/asciinema-player.min.js")
    assert shipped == (bundle_in(root) / "asciinema-player.min.js").read_bytes()


@pytest.mark.parametrize(("wish", "status"), [("required", 1), ("", 0)])
def test_a_player_that_cannot_be_had_is_told(
    root: Path, tmp_path: Path, wish: str, status: int
) -> None:
    checkout = tmp_path / "checkout"
    shutil.copytree(root, checkout, ignore=_UNUSED)
    done = build(checkout, tmp_path / "dist", JUMPSEAT_PLAYER=wish, PATH=str(tmp_path))
    assert done.returncode == status
    assert "needs npm: install it" in done.stderr
    assert [players_files(each) for each in (tmp_path / "dist").glob("*.whl")] == [set()] * (
        1 - status
    )


_UNUSED = shutil.ignore_patterns(
    ".git", ".venv", ".player", "tests", "docs", "__pycache__", ".*_cache"
)


def test_the_wheel_holds_the_packages_and_their_data_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info" not in name}
    assert tops == {"recorder", "analyzer", "tui"}
    for needed in (
        "recorder/_migrations/env.py",
        "recorder/_migrations/versions/0001_sessions_commands_and_tags.py",
        "analyzer/_signals.toml",
        "analyzer/models/shipped/intent.model",
        "recorder/_exercises/ghost.toml",
        "recorder/practice/film/bin/apt",
        "analyzer/models/examples/lines/system.lines",
        "analyzer/models/examples/scenes/meadow.scenes",
        "recorder/py.typed",
        "tui/report/page/report.html",
        "tui/report/page/report.js",
    ):
        assert needed in names
    assert [name for name in names if "__pycache__" in name or name.endswith(".pyc")] == []


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel alone in a clean environment; its dependencies are taken from this one."""
    directory = tmp_path_factory.mktemp("clean")
    venv.create(directory, with_pip=False, symlinks=True)
    python = directory / "bin" / "python"
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(python), "install", "-qq", "--no-deps",
         "--no-index", "--disable-pip-version-check", str(wheel)],
        check=True,
    )  # fmt: skip
    (site,) = directory.glob("lib/python*/site-packages")
    # Only what is not the project itself: the editable install of the source tree stays out.
    for path in sys.path:
        if path.endswith("site-packages"):
            for entry in Path(path).iterdir():
                ours = "jumpseat" in entry.name or entry.suffix == ".pth"
                if not ours and not (site / entry.name).exists():
                    (site / entry.name).symlink_to(entry)
    return directory


def run_installed(installed: Path, *args: str, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(installed / "bin" / "jumpseat"), "--home", str(home), *args],
        capture_output=True,
        text=True,
        check=False,
        cwd=home,
        env={"PATH": "/usr/bin:/bin"},
    )


def test_the_installed_program_runs_on_its_own_data(installed: Path, tmp_path: Path) -> None:
    imported = subprocess.run(
        [installed / "bin" / "python", "-c", "import recorder; print(recorder.__file__)"],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert imported.stdout.startswith(str(installed))
    assert run_installed(installed, "--version", home=tmp_path).stdout == "jumpseat 0.1.0\n"
    upgraded = run_installed(installed, "db", "upgrade", home=tmp_path)
    assert (upgraded.returncode, upgraded.stderr) == (0, "")
    assert "up to date" in run_installed(installed, "db", "current", home=tmp_path).stdout


def test_the_installed_rules_are_the_shipped_ones(installed: Path, root: Path) -> None:
    code = "from analyzer.signals.places import rules_path; print(rules_path())"
    done = subprocess.run(
        [installed / "bin" / "python", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd="/",
    )
    path = Path(done.stdout.strip())
    assert path.is_relative_to(installed)
    assert path.read_bytes() == (root / "signals.toml").read_bytes()
