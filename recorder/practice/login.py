"""Who may log in to the practice server, by what the film's running sshd was told.

Reads the sandbox's own files at each connection: the settings that ``systemctl restart ssh`` took
over, the password's hash, authorized_keys. Nothing is cached; the outcome goes to its auth.log.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath

import asyncssh

from recorder.practice.sandbox import Sandbox
from recorder.practice.session import Greeting, PracticeSession

AUTH_LOG = "/var/log/auth.log"
KNOWN_FROM = "10.20.0.7 port 50522 ssh2"
RUNNING_CONFIG = "/run/film/sshd.running"
PASSWORD_FILE = "/etc/shadow"  # noqa: S105 (a path)
_PASSWORD_FIELDS = 4
_PID = 2214  # of the process that a real sshd would have for a login


@dataclass(frozen=True, slots=True)
class SshdSettings:
    """What of sshd_config(5) counts here; the defaults are sshd's own."""

    up: bool = True
    password: bool = True
    pubkey: bool = True
    root_login: str = "prohibit-password"
    max_tries: int = 6


def parse_settings(text: str) -> SshdSettings:
    """Read the effective configuration in the form of ``sshd -T``; no text: sshd is not running."""
    values = dict(
        line.lower().split(maxsplit=1) for line in text.splitlines() if " " in line.strip()
    )
    tries = values.get("maxauthtries", "")
    return SshdSettings(
        up=bool(values),
        password=values.get("passwordauthentication") != "no",
        pubkey=values.get("pubkeyauthentication") != "no",
        root_login=values.get("permitrootlogin", "prohibit-password"),
        max_tries=int(tries) if tries.isdecimal() and 0 < int(tries) < 1000 else 6,  # noqa: PLR2004
    )


async def running_settings(sandbox: Sandbox) -> SshdSettings:
    """Ask what the running sshd goes by."""
    try:
        return parse_settings((await sandbox.read(RUNNING_CONFIG)).decode(errors="replace"))
    except OSError:
        return SshdSettings(up=False)


def password_matches(shadow: str, user: str, password: str) -> bool:
    """Compare with the user's line, ``USER:$film$SALT$SHA256(SALT + password):...``."""
    for line in shadow.splitlines():
        name, _, rest = line.partition(":")
        fields = rest.split(":")[0].split("$")
        if name == user and len(fields) == _PASSWORD_FIELDS:
            digest = hashlib.sha256((fields[2] + password).encode()).hexdigest()
            return hmac.compare_digest(digest, fields[3])
    return False


class PracticeLogin(asyncssh.SSHServer):
    """The login of one connection."""

    def __init__(self, sandbox: Sandbox, settings: SshdSettings, greeting: Greeting) -> None:
        self._greeting = greeting
        self._user = ""
        self._sandbox = sandbox
        self._settings = settings
        self._failures = 0

    def begin_auth(self, username: str) -> bool:
        """Nobody comes in without proof."""
        self._user = username
        return True

    def session_requested(self) -> PracticeSession:
        """Open a channel for a shell, a command or sftp."""
        return PracticeSession(self._sandbox, self._user, self._greeting)

    def password_auth_supported(self) -> bool:
        """Offer passwords while the running sshd does."""
        return self._settings.password

    def public_key_auth_supported(self) -> bool:
        """Offer keys while the running sshd does."""
        return self._settings.pubkey

    def kbdint_auth_supported(self) -> bool:
        """Ubuntu's sshd_config says ChallengeResponseAuthentication no."""
        return False

    async def validate_password(self, username: str, password: str) -> bool:
        """Check a password.

        Raises:
            asyncssh.DisconnectError: MaxAuthTries is used up.

        """
        allowed = username != "root" or self._settings.root_login == "yes"
        try:
            shadow = (await self._sandbox.read(PASSWORD_FILE)).decode(errors="replace")
        except OSError:
            shadow = ""
        if allowed and self._settings.password and password_matches(shadow, username, password):
            await self._note(f"Accepted password for {username} from {KNOWN_FROM}")
            return True
        known = f"\n{username}:" in f"\n{shadow}"
        stranger = "" if known else "invalid user "
        await self._note(f"Failed password for {stranger}{username} from {KNOWN_FROM}")
        self._count_failure()
        return False

    async def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        """Look the key up in the user's authorized_keys; comments and options do not hinder."""
        if username not in ("candidate", "root"):
            return False
        if username == "root" and self._settings.root_login == "no":
            return False
        home = PurePosixPath("/root" if username == "root" else "/home/candidate")
        try:
            text = (await self._sandbox.read(str(home / ".ssh/authorized_keys"))).decode()
        except (OSError, UnicodeDecodeError):
            return False
        blob = key.export_public_key("openssh").split()[1].decode()
        lines = (line.strip() for line in text.splitlines())
        return any(blob in line.split() for line in lines if not line.startswith("#"))

    async def _note(self, words: str) -> None:
        # The name is whatever the client sent: one line it must stay.
        line = words.encode("unicode_escape").decode()
        now = datetime.now(UTC)
        await self._sandbox.append(AUTH_LOG, f"{now:%b %e %H:%M:%S} web01 sshd[{_PID}]: {line}\n")

    def _count_failure(self) -> None:
        self._failures += 1
        if self._failures >= self._settings.max_tries:
            raise asyncssh.DisconnectError(
                asyncssh.DISC_NO_MORE_AUTH_METHODS_AVAILABLE, "Too many authentication failures"
            )
