"""What the app says: the player's state as values for the bars and as short texts.

Pure: a player in, words out. No widget and no reading belongs here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from analyzer.visible import plain
from recorder.errors import JumpseatError
from tui.seat.bars import Mark, Status
from tui.seat.feed import Overview
from tui.seat.keys.action import footer_hints
from tui.seat.keys.hints import draw_hints
from tui.seat.keys.replay import ACTIONS
from tui.seat.look import ACCENT, FAINT, INK
from tui.seat.moments import JUDGED, Moment
from tui.seat.player import Player
from tui.seat.timeline.course import segment_at
from tui.seat.transport import State, clock_words
from tui.wall_clock import local_time

if TYPE_CHECKING:
    from analyzer.judgements import Verdict


def mark_of(moment: Moment) -> Mark:
    """Return a tag or a note as the bars show it."""
    return Mark(t=moment.t, title=moment.words, outcome=moment.outcome, kind=moment.kind)


def judged_words(tags: Sequence[Moment], tag: str, instead: str = "") -> str:
    """Return what is said once the viewer's word on a tag is kept.

    Args:
        tags: The rows of tags.
        tag: The tag's id.
        instead: What it should be, where it is another.

    """
    found = next((each for each in tags if each.id == tag), None)
    if found is None:
        return "kept"
    if not found.judged:
        return f"taken back: {found.words}"
    what = f"{found.judged}: {found.words} ({clock_words(found.t)})"
    return (
        f"{what} is: {plain(instead)}; u takes it back" if instead else f"{what}; u takes it back"
    )


def unkept_verdict_line(
    tags: Sequence[Moment], tag: str, verdict: Verdict, instead: str = ""
) -> str:
    """Return what could not be kept of a tag as a line for after the app.

    Args:
        tags: The rows of tags.
        tag: The tag's id.
        verdict: What was said of it.
        instead: What it should be, where it is another.

    """
    found = next((each for each in tags if each.id == tag), None)
    named = f"tag {plain(tag)}" if found is None else f"{clock_words(found.t)} {found.words}"
    said = JUDGED.get(verdict, "taken back")
    return f"not kept: {named}: {said}" + (f", is: {plain(instead)}" if instead else "")


def lost_words(error: JumpseatError) -> str:
    """Return what is said while the recording cannot be read."""
    return f"{error}. What was read stays; it goes on by itself once that is put right."


def no_findings_words(error: JumpseatError) -> str:
    """Return what is said while tags and commands cannot be read."""
    return f"{error}. The screen goes on; tags and commands return by themselves."


def late_words(seconds: int) -> str:
    """Return what is said while the analysis is behind; empty where it is not."""
    if not seconds:
        return ""
    return (
        f"tags and commands are {seconds} s behind: the analysis is busy, or has ended."
        " The screen is not behind."
    )


def status_of(
    player: Player,
    clipped: tuple[int, int, int] | None,
    *,
    waiting: bool,
    framed: bool = True,
    hinted: bool = False,
    say: str = "",
) -> Status:
    """Return what the status bar shows.

    Args:
        player: The replay.
        clipped: Which rows are shown, as the candidate's screen tells it.
        waiting: Whether the recording is being read, and the screen is not the right one yet.
        framed: Whether a frame says whose terminal it is, and what runs in it.
        hinted: Whether a row of keys is shown, the one for help among them.
        say: What is said instead of the tag that was reached last.

    """
    transport = player.transport
    current = player.current_tag
    return Status(
        state=State.READING if waiting else transport.state,
        position=transport.position,
        duration=transport.duration,
        speed=transport.speed,
        extras=tuple(_extras(player, clipped, framed=framed)),
        mark=None if current is None else mark_of(current),
        say=say,
        hint="" if hinted else "? help",
        behind=None if waiting else _behind(player),
    )


def _behind(player: Player) -> float | None:
    transport = player.transport
    if player.overview is None or not player.overview.live or transport.at_live_end:
        return None
    return transport.duration - transport.position


def _extras(player: Player, clipped: tuple[int, int, int] | None, *, framed: bool) -> list[str]:
    words = []
    segment = segment_at(player.timeline.segments, player.transport.position)
    if segment is not None:
        task = segment.sign if segment.number else segment.short.replace("-", " ")
        words.append(f"{task} {segment.activity(player.transport.position)}".strip())
    shown = None if player.picture is None else player.picture.terminal
    if shown is not None:
        count = len(player.terminals)
        many = count > 1 and shown in player.keys
        among = f" {player.keys.index(shown) + 1}/{count}" if many else ""
        words.append(f"{shown}{among}{' stays' if player.pinned is not None else ''}")
    if not player.transport.skips_silence:
        words.append("silence kept")
    if clipped is not None:
        words.append(f"rows {clipped[0]}-{clipped[1]}/{clipped[2]}")
    if not framed:
        words += _whose(player)
    return words


def terminal_title(player: Player) -> str:
    """Return what stands above the candidate's screen: which terminal, whose, running what."""
    terminal = player.shown_terminal
    if terminal is None:
        return ""
    parts = [str(terminal.key), *_whose(player)]
    count = len(player.terminals)
    if count > 1:
        parts.append(f"{player.keys.index(terminal.key) + 1} of {count}")
    if player.pinned is not None:
        parts.append("stays")
    return " · ".join(parts).replace("[", "\\[")


def _whose(player: Player) -> list[str]:
    """Return the user and the command of the terminal shown, as far as they are known."""
    terminal = player.shown_terminal
    if terminal is None:
        return []
    return [plain(words) for words in (terminal.user, terminal.command) if words]


def notice_words(player: Player) -> str:
    """Return what is said where there is no screen to be shown."""
    if player.overview is None:
        return "Reading the recording …"
    if not player.terminals:
        if player.overview.live:
            return "Nobody has opened a terminal yet."
        return "No terminal was opened in this session."
    first = min(each.opened for each in player.terminals)
    if player.transport.position < first:
        return f"No terminal yet: the first was opened at {clock_words(first)}."
    return ""


def title_text(overview: Overview | None) -> Text:
    """Return the row at the top: who, where, when."""
    text = Text("jumpseat", f"bold {ACCENT}", no_wrap=True, overflow="ellipsis")
    if overview is None:
        return text
    text.append("  ")
    text.append(plain(overview.candidate or "candidate"), f"bold {INK}")
    if overview.target:
        text.append(" on ", FAINT)
        text.append(plain(overview.target), INK)
    if overview.started is not None:
        local = local_time(overview.started)
        text.append(f"  {local:%Y-%m-%d %H:%M}", FAINT)
    text.append(f"  {overview.session}", FAINT)
    return text


def hints_text(
    width: int,
    hints: Sequence[tuple[str, str]] | None = None,
    *,
    live: bool = False,
    without: Collection[str] = frozenset(),
) -> Text:
    """Return the row of keys at the bottom; where it is narrow, help and leaving stay."""
    hints = footer_hints(ACTIONS, live=live, without=without) if hints is None else hints
    return draw_hints(width, hints)
