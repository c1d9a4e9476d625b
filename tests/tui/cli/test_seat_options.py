from __future__ import annotations

from pathlib import Path

import pytest

from recorder.errors import UsageError
from recorder.home import Home
from recorder.seats.spec import SeatOptions
from tui.cli.seat_options import VISIT, seat_options
from tui.cli.settings import Settings

URL = "postgresql://jumpseat:secret@db.example/jumpseat"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=Home(tmp_path), home_given=True, database_url=URL)


def options(
    settings: Settings,
    *,
    interviewers: str | None = "team",
    port: int | None = None,
    address: str | None = None,
    listen: str = "192.0.2.1:2222",
    environment: dict[str, str] | None = None,
) -> SeatOptions | None:
    return seat_options(
        settings, listen, interviewers=interviewers, port=port, address=address,
        environment=environment or {},
    )  # fmt: skip


def test_without_any_of_them_there_is_no_port(settings: Settings) -> None:
    assert options(settings, interviewers=None) is None


@pytest.mark.parametrize(
    "given",
    [
        {"interviewers": None, "port": 1},
        {"interviewers": None, "address": "127.0.0.1:1"},
        {},
        {"port": 1, "address": "127.0.0.1:1"},
        {"address": "127.0.0.1"},
        {"port": 1, "listen": "nonsense"},
    ],
)
def test_what_makes_no_sense_is_wrong_usage(settings: Settings, given: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        options(settings, **given)  # type: ignore[arg-type]


def test_the_port_is_on_the_candidates_address_unless_told(settings: Settings) -> None:
    first = options(settings, port=0, listen="[::1]:2222")
    second = options(settings, address="[2001:db8::7]:2200")
    assert first is not None
    assert second is not None
    assert (first.listen, second.listen) == ("[::1]:0", "[2001:db8::7]:2200")
    assert first.argv == VISIT
    assert first.interviewers.is_absolute()


def test_a_seats_environment_is_made_not_inherited(settings: Settings, tmp_path: Path) -> None:
    found = options(
        settings,
        port=0,
        environment={
            "PATH": "/bin", "SSH_AUTH_SOCK": "/agent", "TEXTUAL_DRIVER": "x:y", "EDITOR": "vi",
            "JUMPSEAT_DEBUG": "1", "PYTHONPATH": "/x", "TERM": "dumb", "TZ": "Europe/Berlin",
        },
    )  # fmt: skip
    assert found is not None
    assert found.variables == {
        "PATH": "/bin", "TZ": "Europe/Berlin", "LANG": "C.UTF-8", "PYTHONUTF8": "1",
        "JUMPSEAT_HOME": str(tmp_path), "JUMPSEAT_DATABASE_URL": URL,
    }  # fmt: skip
    assert not any("secret" in word for word in found.argv)
