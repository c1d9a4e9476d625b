"""A stock sshd that asks PAM, with a PAM service of its own beside this machine's.

sshd takes the name of its program for the name of the PAM service; so it is started under another.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.end_to_end.support.sshd import SSHD, StockSshd

_SERVICES = Path("/etc/pam.d")
_PREFIX = "sshd-jscand-"

PASSWORD = "auth required pam_unix.so"
ONE_TIME_CODE = "auth required pam_google_authenticator.so echo_verification_code"
_REST = (
    "account required pam_unix.so",
    "password required pam_unix.so",
    "session required pam_permit.so",
)


@contextmanager
def pam_service(*auth: str) -> Iterator[str]:
    """Make a PAM service with these lines of ``auth``, and remove it."""
    _remove_stale()
    path = _SERVICES / f"{_PREFIX}{os.getpid()}-{secrets.token_hex(2)}"
    path.write_text("".join(f"{line}\n" for line in (*auth, *_REST)))
    try:
        yield path.name
    finally:
        path.unlink()


def use_pam(sshd: StockSshd, service: str) -> None:
    """Have an sshd that is not running ask PAM by this service."""
    assert SSHD is not None
    program = sshd.directory / service
    program.symlink_to(SSHD)
    sshd.program = str(program)
    sshd.configure(UsePAM="yes", KbdInteractiveAuthentication="yes")


def give_one_time_codes(home: Path, owner: int, codes: Sequence[str]) -> None:
    """Let each code of eight digits answer pam_google_authenticator once."""
    path = home / ".google_authenticator"
    path.write_text("".join(f"{line}\n" for line in ("A" * 26, '" TOTP_AUTH', *codes)))
    path.chmod(0o400)
    os.chown(path, owner, owner)


def _remove_stale() -> None:
    """Remove the services of test runs that were killed."""
    for path in _SERVICES.glob(f"{_PREFIX}*"):
        if not Path("/proc", path.name.removeprefix(_PREFIX).split("-")[0]).exists():
            path.unlink(missing_ok=True)
