"""An empty store of this program's schema, made once for all tests of a process.

That a store is made where there is none has tests of its own; others need not wait for that.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from recorder.home import Home
from recorder.store.engine import open_engine
from recorder.store.migrations import prepare

_NAME = "jumpseat.db"


def put_empty_store(home: Path) -> None:
    """Put one into a home that has none; the home is made where it is not there."""
    place = home / _NAME
    if place.exists():
        return
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    place.touch(mode=0o600)
    place.write_bytes(_empty())


@cache
def _empty() -> bytes:
    with TemporaryDirectory() as directory:
        home = Home(Path(directory) / "home").ensure()
        engine = open_engine(home.database_url)
        prepare(engine)
        engine.dispose()
        assert [path.name for path in home.path.glob(f"{_NAME}*")] == [_NAME]
        return (home.path / _NAME).read_bytes()
