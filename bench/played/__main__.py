"""Plays sessions from their scripts on freshly booted targets, and keeps them in the corpus' shape.

Run with `python -m bench.played [NAME...] --into DIRECTORY` from the repository's root, as root on
Debian with the lab's tools; the first run makes a file system, which takes some minutes. NAME is a
script of `bench/played/sessions`, or the path of one; without one all are played. What comes out is
compared with `python -m bench.corpus DIRECTORY --differences`.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

from bench.played.clock import Clock
from bench.played.folder import write_log, write_terminal, write_truth
from bench.played.player import Player
from bench.played.script import ScriptError, read_script
from bench.played.seat import Seat
from bench.played.tree import LOG, played_tree
from tests.end_to_end.lab.target import Target

SESSIONS = Path(__file__).parent / "sessions"


def play(script: Path, into: Path) -> Path:
    """Play one session; return its folder.

    Raises:
        ScriptError: The script cannot be played as it stands.
        tests.end_to_end.lab.target.BootError: No target boots here.

    """
    steps = read_script(script)
    with tempfile.TemporaryDirectory(prefix="jumpseat-played-") as scratch:
        work = Path(scratch)
        target = Target(played_tree(), work)
        clock = Clock()
        seat = Seat(work, target.address, "C.UTF-8")
        player = Player(seat, clock, script.stem)
        try:
            target.boot()
            for step in steps:
                player.play(step)
            player.leave()
            log = target.run("cat", LOG).stdout
        except ScriptError as error:
            raise ScriptError(f"{script.name}: {error}") from error
        finally:
            seat.close()
            target.power_off()
        return _written(player, work, into / script.stem, log, clock)


def _written(player: Player, work: Path, to: Path, log: str, clock: Clock) -> Path:
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir(parents=True)
    keys = [key for name in player.panes for key in write_terminal(work, to, name, clock)]
    write_log(log, to, clock)
    write_truth(player.labels.truth(to.name, sorted(keys), clock.now()), to)
    return to


def main() -> None:
    """Play, and say what was written."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", nargs="*")
    parser.add_argument("--into", type=Path, required=True, help="where the folders go")
    options = parser.parse_args()
    scripts = [_script(name) for name in options.name] or sorted(SESSIONS.glob("*.txt"))
    for script in scripts:
        begun = time.monotonic()
        try:
            folder = play(script, options.into)
        except ScriptError as error:
            sys.exit(str(error))
        print(f"{folder}: played in {time.monotonic() - begun:.0f} s")


def _script(name: str) -> Path:
    return Path(name) if name.endswith(".txt") else SESSIONS / f"{name}.txt"


if __name__ == "__main__":
    main()
