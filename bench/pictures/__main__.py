"""Takes the pictures: ``python -m bench.pictures [--out DIR] [NAME...]``; `make pictures`."""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from pathlib import Path

from bench.pictures.stage import Set, staged
from bench.pictures.svg import self_contained
from bench.pictures.table import PICTURES, Shot

OUT = Path(__file__).resolve().parent.parent.parent / "docs" / "images"


async def take(shot: Shot, scene: Set) -> str:
    """Return one picture."""
    app = shot.app(scene)
    async with app.run_test(size=shot.size) as pilot:
        await shot.act(pilot)
        return self_contained(app.export_screenshot(title="jumpseat"))


def take_all(out: Path, names: list[str]) -> list[Path]:
    """Write pictures, all where none is named; return their files."""
    # What the viewer's own place would change.
    os.environ.pop("NO_COLOR", None)
    os.environ["TZ"] = "UTC"
    time.tzset()
    out.mkdir(parents=True, exist_ok=True)
    written = []
    with (
        tempfile.TemporaryDirectory(prefix="jumpseat-pictures-") as place,
        staged(Path(place)) as scene,
    ):
        for shot in PICTURES:
            if not names or shot.name in names:
                path = out / f"{shot.name}.svg"
                path.write_text(asyncio.run(take(shot, scene)), encoding="utf-8")
                written.append(path)
    return written


def main() -> None:
    """Take what was asked for, and name the files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="of pictures; all without")
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    unknown = set(options.names) - {each.name for each in PICTURES}
    if unknown:
        parser.error(f"there is no picture {unknown.pop()}")
    for path in take_all(options.out, options.names):
        print(path.name)


if __name__ == "__main__":
    main()
