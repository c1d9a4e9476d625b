"""The transcript beside the replay: shown with one key, followed, chosen from, found, quoted.

The pictures are written anew with ``UPDATE_SNAPSHOTS=1 pytest`` on this file; look at them then.
"""

from __future__ import annotations

import pytest
from rich.text import Text

from recorder.transcripts.values import SpokenLine
from tests.tui.pictures import SNAPSHOTS, check_picture
from tests.tui.seat.support import make_feed, run_replay
from tests.tui.seat.transcript.talk import line, talk, talking_feed
from tui.seat.moments import Moment
from tui.seat.transcript import spoken_list
from tui.seat.transcript.rows import MOST_ROWS, SpokenMoment, draw_spoken, line_of

WIDE = (120, 40)


def said(moment: Moment | None) -> SpokenLine | None:
    return line_of(moment)


async def test_the_transcript_follows_the_replay_and_leads_to_its_moments() -> None:
    async with run_replay(talking_feed(), size=WIDE) as seat:
        spoken, side = seat.app.side.spoken, seat.app.side
        assert not spoken.display
        await seat.press("P")
        await seat.until(lambda: spoken.has_focus and spoken.highlighted == 0)
        await seat.press("j", "j")
        await seat.until(lambda: said(spoken.highlighted_moment) == talk()[2])
        assert seat.app.chosen_line() == talk()[2]
        evidence = seat.app._at_hand().evidence
        assert (evidence.kind, evidence.t, evidence.subject) == ("quote", 12.0, "1:3")
        assert evidence.text.startswith("Anna Example: A marketing page")
        await seat.press("enter")
        await seat.at(10.0)
        await seat.press("escape")
        assert (spoken.display, spoken.has_focus, seat.app.chosen_line()) == (True, False, None)
        assert not side.commands.display
        seat.app.player.seek(56.0)
        await seat.at(56.0)
        await seat.pass_time(0)
        assert said(spoken.highlighted_moment) == talk()[5]
        assert "00:55▸Ben: To be sure." in seat.text
        await seat.press("t", "escape")
        assert spoken.display
        await seat.press("P", "P")
        await seat.until(lambda: not spoken.display and side.commands.display)


async def test_in_a_small_terminal_it_lies_over_the_screen_and_goes_when_chosen() -> None:
    async with run_replay(talking_feed()) as seat:
        spoken = seat.app.side.spoken
        await seat.press("P")
        await seat.until(lambda: spoken.has_focus and spoken.highlighted is not None)
        assert "[bold]Is it[/bold]" in seat.text
        assert "␛]0;pwned␇" in seat.text
        await seat.press("j", "enter")
        await seat.at(6.0)
        await seat.until(lambda: not seat.app.side.display)
        await seat.press("P")
        await seat.until(lambda: spoken.has_focus)
        await seat.press("P")
        await seat.until(lambda: not seat.app.side.display)


async def test_commands_and_notes_come_back_with_their_keys() -> None:
    async with run_replay(talking_feed(), size=WIDE) as seat:
        side = seat.app.side
        await seat.press("P")
        await seat.until(lambda: side.spoken.has_focus)
        await seat.press("c")
        await seat.until(lambda: side.commands.has_focus)
        assert (side.commands.display, side.spoken.display) == (True, False)


async def test_where_there_is_no_transcript_it_says_how_to_attach_one() -> None:
    async with run_replay(make_feed()) as seat:
        await seat.press("P")
        await seat.until(lambda: "jumpseat transcript attach s-1 FILE" in seat.text)
        assert not seat.app.side.display


async def test_what_has_no_time_is_a_list_and_nothing_is_jumped_to() -> None:
    lines = (line(1, None, "Anna", "hello"), line(2, None, "Ben", "word " * 200 + "end"))
    async with run_replay(talking_feed(lines)) as seat:
        app = seat.app
        await seat.press("P")
        await seat.until(lambda: app.side.spoken.has_focus and "Anna: hello" in seat.text)
        assert app.side.spoken.highlighted is None
        await seat.press("j", "enter")
        await seat.until(lambda: "gives no time" in seat.text)
        await seat.press("j", "enter")
        await seat.until(lambda: "end" in seat.text)
        assert app.player.transport.position == 0.0
        assert app.chosen_line() == lines[1]


async def test_of_a_long_conversation_only_the_rows_that_are_seen_are_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn: set[str] = set()

    def drawing(row: SpokenMoment, *size: int, **more: bool) -> list[Text]:
        drawn.add(row.id)
        return draw_spoken(row, *size, **more)

    monkeypatch.setattr(spoken_list, "draw_spoken", drawing)
    lines = tuple(line(n, float(n), "Anna", "so it is " * (n % 90)) for n in range(1, 2001))
    async with run_replay(talking_feed(lines), size=WIDE) as seat:
        await seat.press("P")
        await seat.until(lambda: "00:01 Anna: so it is" in seat.text)
        assert 1 <= len(drawn) <= WIDE[1]


async def test_pages_are_turned_by_lines_and_no_row_holds_them_up() -> None:
    lines = tuple(line(n, n * 10.0, "Anna", "so it is " * 200) for n in range(9))
    async with run_replay(talking_feed(lines), size=(80, 12)) as seat:
        spoken = seat.app.side.spoken
        await seat.press("P")
        await seat.until(lambda: spoken.has_focus and spoken.highlighted == 0)
        assert spoken.scrollable_content_region.height < MOST_ROWS
        for row in (1, 2, 3):
            await seat.press("pagedown")
            await seat.until(lambda row=row: spoken.highlighted == row)
        await seat.press("pageup")
        await seat.until(lambda: spoken.highlighted == 2)
        assert "00:20" in seat.text


async def test_a_search_finds_what_was_spoken_too() -> None:
    async with run_replay(talking_feed(), size=WIDE) as seat:
        app = seat.app
        await seat.press("slash", *"order", "enter")
        await seat.at(62.0)
        await seat.until(lambda: "1 of 1 · Carla: Did the order matter to you?" in seat.text)
        assert '01:02 " Carla: Did the order' in seat.text
        # What was said before the session is found at its beginning.
        await seat.press("escape", "slash", *"hear", "enter")
        await seat.at(0.0)
        await seat.until(lambda: "1 of 1 · Anna Example: Can you hear me?" in seat.text)
        await seat.press("n")
        await seat.until(lambda: "no hit after this" in seat.text)
        assert app.player.transport.position == 0.0


@pytest.mark.parametrize("size", [(80, 24), WIDE], ids=["80x24", "120x40"])
async def test_the_transcript_looks_as_it_did(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    path = SNAPSHOTS / f"spoken-{size[0]}x{size[1]}.svg"
    async with run_replay(talking_feed(), size=size) as seat:
        await seat.press("n", "n")
        await seat.at(58.0)
        await seat.press("P")
        await seat.until(lambda: seat.app.side.spoken.highlighted == 5)
        await seat.press("j")
        await seat.pass_time(0)
        check_picture(seat.app, path)
