"""Where everything lies on disk, and who may read it.

The one place that knows the layout of ``<home>``. Names below it are made by us, never from a
candidate's input. No other module may join path segments to the home directory.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from recorder.errors import HomeError

PRIVATE_DIR = 0o700
PRIVATE_FILE = 0o600


def default_home() -> Path:
    """Return ``$XDG_DATA_HOME/jumpseat``, by default ``~/.local/share/jumpseat``.

    Source: XDG Base Directory Specification 0.8; a relative value is ignored, as it demands.
    """
    base = Path(os.environ.get("XDG_DATA_HOME", ""))
    if not base.is_absolute():
        base = Path.home() / ".local" / "share"
    return base / "jumpseat"


@dataclass(frozen=True, slots=True)
class Home:
    """The directory that holds recordings, keys, the store and the cache."""

    path: Path

    @property
    def recordings(self) -> Path:
        """One directory a session."""
        return self.path / "recordings"

    @property
    def keys(self) -> Path:
        """The hop's host and signing keys, the pinned host keys of targets."""
        return self.path / "keys"

    @property
    def card_key(self) -> Path:
        """What cards are sealed to until the debrief is opened; made when the first is written."""
        return self.keys / "cards"

    @property
    def management_key(self) -> Path:
        """The key with which the hop itself may log in on targets; a certificate lies beside it."""
        return self.keys / "management"

    @property
    def allowed_signers(self) -> Path:
        """Whose signatures under recordings count, as ``ssh-keygen -Y verify -f`` takes it."""
        return self.keys / "allowed_signers"

    @property
    def incoming(self) -> Path:
        """Sessions that are being imported; empty otherwise."""
        return self.path / "incoming"

    @property
    def purged(self) -> Path:
        """Sessions that are being deleted; there only while that goes on."""
        return self.path / "purged"

    @property
    def waiting(self) -> Path:
        """Entries of the trace that the store has yet to take in; empty otherwise."""
        return self.path / "waiting"

    @property
    def heads(self) -> Path:
        """What this home remembers of the trace, a file for each database."""
        return self.path / "heads"

    @property
    def cache(self) -> Path:
        """What can be computed again."""
        return self.path / "cache"

    def index(self, session: str) -> Path:
        """Return the file with a session's keyframes and search index; it can be made anew."""
        return self.cache / session / "index.sqlite"

    @property
    def analysed_again(self) -> Path:
        """Which sessions `analyze --all` has done; there only where it was stopped."""
        return self.cache / "analyze.json"

    @property
    def exercises(self) -> Path:
        """A team's own exercises, one TOML file each; made when the first is."""
        return self.path / "exercises"

    @property
    def models(self) -> Path:
        """Models that this installation trained; made when the first is."""
        return self.path / "models"

    @property
    def logs(self) -> Path:
        """What the program's own processes had to say."""
        return self.path / "logs"

    @property
    def database(self) -> Path:
        """The default store."""
        return self.path / "jumpseat.db"

    @property
    def control(self) -> Path:
        """The socket on which a running `serve` takes orders."""
        return self.path / "control.sock"

    @property
    def control_lock(self) -> Path:
        """Held by the `serve` that takes orders."""
        return self.path / "control.lock"

    @property
    def config(self) -> Path:
        """The default settings file."""
        return self.path / "config.toml"

    @property
    def database_url(self) -> str:
        """The default store as a SQLAlchemy URL."""
        return f"sqlite:///{self.database}"

    def recording(self, session: str) -> Path:
        """Return the directory of one session's recording; ``session`` is an id that we made."""
        return self.recordings / session

    def ensure(self) -> Home:
        """Create what is missing, private to its owner.

        Raises:
            HomeError: The directory cannot be created or written.

        """
        for directory in (self.path, self.recordings, self.keys, self.logs):
            make_private_directory(directory)
        # All goes on without it, only slower.
        with contextlib.suppress(HomeError):
            make_private_directory(self.cache)
        if not os.access(self.path, os.W_OK | os.X_OK):
            raise HomeError(
                f"cannot write to the home directory {self.path}",
                "choose another with --home DIR or JUMPSEAT_HOME, or mend its permissions",
            )
        return self


def home_of(recording: Path) -> Home | None:
    """Return the home that a recording's directory lies in, None where it lies in none."""
    place = recording.absolute().parent
    home = Home(place.parent)
    return home if home.recordings == place else None


def make_private_directory(directory: Path) -> None:
    """Create a directory, and its parents, that only its owner may enter.

    Raises:
        HomeError: It cannot be created, or something else is in its place.

    """
    try:
        directory.mkdir(mode=PRIVATE_DIR, parents=True, exist_ok=True)
    except OSError as error:
        raise HomeError(
            f"cannot use {directory} as a directory ({error.strerror})",
            "choose another home with --home DIR or JUMPSEAT_HOME, or mend its permissions",
        ) from error


def private_file(path: Path, fresh: bytes) -> bytes:
    """Return a file's content; where there is none, put ``fresh`` there, whole or not at all.

    Raises:
        HomeError: It cannot be read or made.

    """
    try:
        if not path.exists():
            make_private_directory(path.parent)
            _put(path, fresh)
        return path.read_bytes()
    except OSError as error:
        raise HomeError(
            f"cannot read or make {path} ({error.strerror})", "mend the permissions of the home"
        ) from error


def _put(path: Path, content: bytes) -> None:
    """Write a file that is there, whole, after a power cut too; one that is there already stays."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # It fails where another process was first; its file is then the one.
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink()
    directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        # What is sealed or signed with a key whose name the disk forgot could never be opened.
        os.fsync(directory)
    finally:
        os.close(directory)
