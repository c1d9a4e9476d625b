"""A report as one HTML file that needs nothing else: no network, no server, no other file.

Whatever came from outside is text, whatever it says: escaped by the template, its control
characters spelled out before; and the page's policy (Content-Security-Policy, level 3) lets nothing
run but the scripts whose hashes it names, and nothing be fetched. What is in the report is decided
elsewhere.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from analyzer.visible import plain
from tui.cards.decision import parted
from tui.cli.output import moment, span
from tui.player.finding import Player, find_player
from tui.report import values, words
from tui.report.casts import PackedCast, cast_bytes, packed_casts
from tui.report.gathering import Progress
from tui.report.scenes import just_after
from tui.report.screens import opened_screens
from tui.report.strip import strips_of

PAGE = Path(__file__).resolve().parent / "page"

_ENDS_SCRIPT = re.compile(r"<(?=/script|!--)", re.IGNORECASE)
"""What would end a script for the reader of HTML, or change how it is read."""

_DRAWN = 0.5
"""The share of the work that pictures are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A scene with its picture, as an address that holds all of it."""

    scene: values.Scene
    address: str
    alt: str


def html_lines(
    report: values.Report,
    directory: Path,
    progress: Progress | None,
    *,
    replay: bool,
    say: Callable[[str], None],
) -> Iterator[bytes]:
    """Yield the page.

    Args:
        report: What is told.
        directory: The recording, for its screens.
        progress: Told which share is done.
        replay: Put the replay into the page, where this installation has the player.
        say: Tells a person what of it is missing, and why.

    Raises:
        RecordingError: The recording cannot be read.

    """
    player = find_player() if replay else None
    if replay and player is None:
        say(
            "asciinema-player is not installed here: pictures stand in for the replay;"
            " in a checkout `make player` fetches it"
        )
    pictures = _pictures(report, directory, progress)
    casts = (
        () if player is None else tuple(_casts(directory, report.session.duration, progress, say))
    )
    page = render(report, pictures, player if casts else None, casts)
    yield page.encode("utf-8", "replace")


def render(
    report: values.Report,
    pictures: Sequence[Picture],
    player: Player | None,
    casts: Sequence[PackedCast],
) -> str:
    """Return the page; pure."""
    scripts = {
        "player_script": "" if player is None else _script(player.script),
        "script": _script((PAGE / "report.js").read_text(encoding="utf-8")),
    }
    return _environment().get_template("report.html").render(
        report=report,
        session=report.session,
        words=words,
        parted=parted,
        pictures=pictures,
        player=player,
        casts=casts,
        data=_data(report, casts),
        strips=strips_of(report),
        rows=words.provenance_rows(report),
        style=Markup((PAGE / "report.css").read_text(encoding="utf-8")),  # noqa: S704 - our own
        player_style=Markup("" if player is None else player.style),  # noqa: S704 - pinned by hash
        policy=_policy(scripts.values()),
        **scripts,
    )  # fmt: skip


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(PAGE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.filters |= {"moment": moment, "span": span, "paragraphs": _paragraphs}
    return environment


def _shown(value: object) -> object:
    """Spell out what nobody sees in all text that the template prints."""
    return plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _paragraphs(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def _script(source: str) -> Markup:
    """Return a script of ours, or the player's, as it can stand in a page."""
    return Markup(_ENDS_SCRIPT.sub(r"<\\", source.replace("\r\n", "\n")))  # noqa: S704 - as said


def _policy(scripts: Iterable[str]) -> str:
    """Return what the page may do: run these scripts, and nothing from anywhere.

    WebAssembly is what the player draws with.
    """
    hashes = " ".join(f"'sha256-{_digest(each)}'" for each in scripts if each)
    return (
        f"default-src 'none'; script-src {hashes} 'wasm-unsafe-eval'; style-src 'unsafe-inline';"
        " img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
    )


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")


def _data(report: values.Report, casts: Sequence[PackedCast]) -> dict[str, object]:
    """Return what the page's script is told: terminals, the marks on them, where it begins."""
    return {
        "begin": _begin(report, casts),
        "duration": report.session.duration,
        "terminals": [
            {
                "name": each.name,
                "opened": each.opened,
                "columns": each.columns,
                "lines": each.lines,
                "marks": [
                    [round(seen.t, 3), plain(seen.title)]
                    for topic in report.topics
                    for seen in topic.seen
                    if seen.terminal == each.name
                ],
            }
            for each in casts
        ],
    }


def _begin(report: values.Report, casts: Sequence[PackedCast]) -> dict[str, object] | None:
    """Return where the replay stands when the page is opened; None where nothing can be played.

    At the end of the first command: a terminal that was just opened is an empty screen.
    """
    playable = {each.name for each in casts}
    ran = [each for each in report.commands if each.terminal in playable]
    if ran:
        first = min(ran, key=lambda each: each.t)
        return {"t": round(just_after(first), 3), "terminal": first.terminal}
    return {"t": casts[0].opened, "terminal": casts[0].name} if casts else None


def _pictures(
    report: values.Report, directory: Path, progress: Progress | None
) -> tuple[Picture, ...]:
    # Rich takes long to load.
    from tui.export.svg import draw_svg  # noqa: PLC0415 - as above

    found = []
    with opened_screens(directory) as screens:
        for number, scene in enumerate(report.scenes, 1):
            frame = screens.frame(scene.t, scene.terminal)
            if frame is not None:
                title = f"{scene.terminal} \N{MIDDLE DOT} {moment(scene.t)}"
                svg = draw_svg(frame, title, scene.caption)
                encoded = base64.b64encode(svg.encode()).decode("ascii")
                rows = ("".join(run.text for run in row).rstrip() for row in frame.rows)
                alt = " / ".join(row for row in rows if row)[-300:]
                address = f"data:image/svg+xml;base64,{encoded}"
                found.append(Picture(scene=scene, address=address, alt=alt))
            if progress is not None:
                progress(_DRAWN * number / len(report.scenes))
    return tuple(found)


def _casts(
    directory: Path, duration: float, progress: Progress | None, say: Callable[[str], None]
) -> Iterator[PackedCast]:
    total, read = max(1, cast_bytes(directory)), 0

    def advance(length: int) -> None:
        nonlocal read
        read += length
        if progress is not None:
            progress(min(1.0, _DRAWN + (1 - _DRAWN) * read / total))

    yield from packed_casts(directory, duration, advance, say)
