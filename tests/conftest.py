"""What holds for every test: nothing of the machine's own settings reaches in, or is written to."""

from __future__ import annotations

import os
import signal
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis.configuration import set_hypothesis_home_dir

from recorder.trace.here import come_by
from tests.support import chance, order, skips
from tests.support.postgres import Postgres, binaries, running_postgres
from tui import person

# Two busy workers share the machine: how long one example took says nothing.
settings.register_profile("jumpseat", deadline=None, derandomize=chance.is_given())
settings.load_profile("jumpseat")
set_hypothesis_home_dir(Path(__file__).resolve().parent.parent / ".hypothesis")

# Where a script put the run into the background these are ignored, in all that it starts as well.
for _key, _means in ((signal.SIGINT, signal.default_int_handler), (signal.SIGQUIT, signal.SIG_DFL)):
    if signal.getsignal(_key) is signal.SIG_IGN:
        signal.signal(_key, _means)

_VARIABLES = (
    "JUMPSEAT_HOME",
    "JUMPSEAT_DATABASE_URL",
    "JUMPSEAT_CONFIG",
    "JUMPSEAT_DEBUG",
    "JUMPSEAT_MODELS",
    "JUMPSEAT_THEME",
    "NO_COLOR",
    "FORCE_COLOR",
)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let no test be skipped where none may be."""
    report = yield
    if os.environ.get(skips.VARIABLE) == "forbidden":
        skips.forbid(report)
    return report


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put files that take long in front, between others; see `order.in_order`."""
    items[:] = order.in_order(items)


@pytest.fixture(autouse=True, scope="session")
def _own_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in _VARIABLES:
            patch.delenv(name, raising=False)
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("xdg")))
        # What writes into the directory that it is called in must not write into the sources.
        patch.chdir(tmp_path_factory.mktemp("called-in"))
        yield


@pytest.fixture(autouse=True)
def _no_models_of_another_test() -> Iterator[None]:
    """Forget where the home of a command line that ran in this process keeps its models."""
    yield
    os.environ.pop("JUMPSEAT_MODELS", None)


@pytest.fixture(autouse=True)
def _nobody_of_another_test() -> Iterator[None]:
    """Let whoever sat down in this process, and the door they came by, leave with their test."""
    yield
    person._interviewers.clear()
    come_by("command-line")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server for all tests of this worker."""
    if binaries() is None:
        pytest.skip("PostgreSQL is not installed; on Debian: apt install postgresql")
    with running_postgres() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """An empty database on it."""
    with postgres.database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty store; whatever takes this runs on each kind of database."""
    if request.param == "postgresql":
        url: str = request.getfixturevalue("postgres_url")
        return url
    return f"sqlite:///{tmp_path}/store.db"


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the top of the source tree."""
    return Path(__file__).resolve().parent.parent
