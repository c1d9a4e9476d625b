"""An hour's report in a real browser, offline: it plays, goes where one clicks, and no more."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from recorder.cards.card import Card
from recorder.home import Home
from recorder.store.engine import open_engine
from recorder.store.migrations import prepare
from recorder.store.sync import sync_session
from tests.end_to_end.support.web_player import WebPlayer, open_player
from tests.tui.report import staging
from tests.tui.seat.recordings import RecordingBuilder
from tui.books import book_of
from tui.main import run
from tui.person import person
from tui.player.finding import find_player

pytestmark = pytest.mark.end_to_end

_SCREEN = (
    """() => [...document.querySelectorAll(".ap-term-text .ap-line")].map(row => row.textContent)"""
)
_HOSTILE = "</script><script>window.ran = 1</script><img src=x onerror='window.ran = 1'>"


@pytest.fixture(scope="module", autouse=True)
def _player() -> None:
    if find_player() is None:
        pytest.skip("asciinema-player is not fetched: `make player` does it")


@pytest.fixture(scope="module")
def hour(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a session of an hour, with cards and a debrief."""
    home = Home(tmp_path_factory.mktemp("hour")).ensure()
    engine = open_engine(home.database_url)
    prepare(engine)
    stage = staging.staged(home, engine)
    staging.note(stage)
    staging.submit(stage)
    staging.debrief(stage)
    engine.dispose()
    return made(home, tmp_path_factory.mktemp("out") / "hour.html")


def made(home: Home, page: Path, *more: str) -> Path:
    assert run(["--home", str(home.path), "report", "latest", "-o", str(page), *more]) == 0
    return page


@pytest.fixture
def tab() -> Iterator[WebPlayer]:
    with open_player() as found:
        yield found


def opened(tab: WebPlayer, page: Path) -> Any:
    """Open a page, and wait until its replay is ready."""
    tab.page.goto(page.as_uri())
    tab.page.evaluate("replay.ready")
    return tab.page


def pause(page: Any) -> float:
    """Stop the replay; return where it stands, in seconds since the session's start."""
    page.evaluate("replay.player.pause()")
    return float(page.evaluate("replay.position()"))


def screen(page: Any) -> str:
    return "\n".join(page.evaluate(_SCREEN))


def wait_for_screen(page: Any, words: str) -> None:
    page.wait_for_function(f"words => ({_SCREEN})().join('\\n').includes(words)", arg=words)


def assert_quiet(tab: WebPlayer) -> None:
    """Nothing was asked of anywhere, and nothing complained."""
    assert tab.page.evaluate("replay.faults") == []
    assert tab.broken == []
    assert [url for url in tab.requests if not url.startswith(("file:", "data:"))] == []
    assert len([url for url in tab.requests if url.startswith("file:")]) == 1


def test_a_click_on_a_mark_goes_there_and_plays(hour: Path, tab: WebPlayer, tmp_path: Path) -> None:
    page = opened(tab, hour)
    mark = page.locator(".strips a.part.point", has_not_text="x").and_(
        page.get_by_label("Stopped, killed, disabled or removed Apache")
    )
    t = float(mark.get_attribute("data-t"))
    assert t == pytest.approx(staging.STOPPED, abs=1.0)
    mark.click()
    wait_for_screen(page, "sudo systemctl stop apache2")
    assert t <= pause(page) < t + 60
    assert page.locator("#now").inner_text().startswith(("22:5", "23:0"))
    picture = page.screenshot(path=tmp_path / "mark.png")
    assert len(picture) > 20_000
    assert_quiet(tab)


def test_it_opens_where_the_first_command_is_to_be_seen(
    hour: Path, tmp_path: Path, tab: WebPlayer
) -> None:
    page = opened(tab, hour)
    wait_for_screen(page, "lsb_release -a")
    first = float(page.locator("#commands a.at").first.get_attribute("data-t"))
    assert first <= page.evaluate("replay.position()") <= first + 10
    page = opened(tab, two_terminals(tmp_path))
    assert page.evaluate("replay.position()") == pytest.approx(1, abs=0.1)


def test_a_click_on_evidence_goes_to_its_moment(hour: Path, tab: WebPlayer) -> None:
    page = opened(tab, hour)
    link = page.locator("#judged li", has_text="stopped it ada").locator("a.at").first
    t = float(link.get_attribute("data-t"))
    link.click()
    wait_for_screen(page, "sudo systemctl stop apache2")
    assert t <= pause(page) < t + 60
    early = page.locator("#commands tr", has_text="lsb_release").locator("a.at")
    early.click()
    wait_for_screen(page, "lsb_release")
    page.wait_for_function("async () => (await replay.position()) < 400")
    assert "systemctl stop apache2" not in screen(page)
    assert_quiet(tab)


def test_the_players_own_marks_are_the_tags(hour: Path, tab: WebPlayer) -> None:
    page = opened(tab, hour)
    page.evaluate("replay.player.seek({marker: 0})")
    first = float(page.evaluate("replay.position()"))
    points = page.locator(".strips a.part.point.tag, .strips a.part.point.failed")
    times = [float(each.get_attribute("data-t")) for each in points.all()]
    assert first == pytest.approx(min(times), abs=0.01)


def test_it_prints_with_pictures_and_without_the_replay(
    hour: Path, tab: WebPlayer, tmp_path: Path
) -> None:
    page = opened(tab, hour)
    page.emulate_media(media="print")
    assert not page.locator("#replay").is_visible()
    assert page.locator("#scenes img").first.is_visible()
    paper = tmp_path / "hour.pdf"
    page.pdf(path=paper)
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed; on Debian: apt install poppler-utils")
    done = subprocess.run(["pdftotext", paper, "-"], capture_output=True, text=True, check=True)
    # The headings of a table that goes over pages stand on each.
    assert done.stdout.count("What was seen") >= 1
    assert "I must stay up" in done.stdout


def test_hostile_words_run_nothing(tmp_path: Path, tab: WebPlayer) -> None:
    home = Home(tmp_path / "home").ensure()
    with RecordingBuilder(home.recording("evil1234"), candidate=_HOSTILE) as recording:
        recording.terminal(1.0)
        prompt = "\x1b[?2004hcandidate@web01:~$ "
        recording.output(1.5, prompt.encode())
        for number, line in enumerate((f'echo "{_HOSTILE}"', "sudo systemctl stop apache2")):
            t = 2.0 + number * 10
            recording.input(t, line)
            recording.output(t + 0.1, line.encode())
            recording.input(t + 1, "\r")
            told = f"\r\n\x1b[?2004l\r\x1b]0;{_HOSTILE}\x07{_HOSTILE}\r\n{prompt}"
            recording.output(t + 1.1, told.encode())
        recording.close(40.0)
    engine = open_engine(home.database_url)
    prepare(engine)
    sync_session(engine, home.recording("evil1234"))
    book = book_of(home, engine, "evil1234")
    card = Card(recommendation=1, reason=_HOSTILE, strengths=_HOSTILE, gaps=_HOSTILE)
    book.submit(card, person())
    book.open(person())
    engine.dispose()
    page = opened(tab, made(home, tmp_path / "evil.html"))
    page.locator("#commands a.at").last.click()
    wait_for_screen(page, "systemctl stop apache2")
    assert page.evaluate("window.ran") is None
    assert _HOSTILE in page.locator("h1").inner_text()
    assert page.locator("#judged").get_by_text(_HOSTILE).count() >= 1
    assert page.locator("img[onerror]").count() == 0
    assert_quiet(tab)


def test_even_what_finds_a_way_in_runs_nothing_and_sends_nothing(
    hour: Path, tab: WebPlayer
) -> None:
    page = opened(tab, hour)
    with page.expect_event("requestfailed") as failed:
        page.evaluate(
            """() => {
              const script = document.createElement("script");
              script.textContent = "window.ran = 1";
              const picture = new Image();
              picture.src = "http://127.0.0.1:9/x";
              document.body.append(script, picture);
              document.body.setAttribute("onclick", "window.ran = 1");
              document.body.click();
            }"""
        )
    assert failed.value.failure == "csp"
    assert page.evaluate("window.ran") is None


def two_terminals(directory: Path) -> Path:
    """The page of a session with two terminals, ``c1-1`` and ``c2-1``."""
    home = Home(directory / "home").ensure()
    with RecordingBuilder(home.recording("twoterms")) as recording:
        recording.terminal(1.0)
        recording.terminal(20.0, 2, columns=60, lines=10)
        recording.output(5.0, b"in the first\r\n")
        recording.output(25.0, b"in the second\r\n", 2)
        recording.output(40.0, b"again in the first\r\n")
        recording.close(60.0)
    return made(home, directory / "two.html", "--candidate")


def test_of_several_terminals_one_is_chosen(tmp_path: Path, tab: WebPlayer) -> None:
    page = opened(tab, two_terminals(tmp_path))
    page.select_option("#terminal", "c2-1")
    page.evaluate("replay.jump(30, 'c2-1', false)")
    wait_for_screen(page, "in the second")
    page.evaluate("replay.jump(10, 'c1-1', false)")
    wait_for_screen(page, "in the first")
    assert "again" not in screen(page)
    assert page.locator("#terminal").input_value() == "c1-1"
    assert_quiet(tab)


def test_a_moment_after_the_last_output_is_where_it_stands_and_not_the_beginning(
    tmp_path: Path, tab: WebPlayer
) -> None:
    page = opened(tab, two_terminals(tmp_path))
    page.evaluate("replay.jump(50, 'c2-1')")
    wait_for_screen(page, "in the second")
    assert 50 <= pause(page) <= 60
    page.evaluate("replay.jump(60, 'c1-1')")
    wait_for_screen(page, "again in the first")
    assert pause(page) == pytest.approx(60, abs=0.1)
    assert_quiet(tab)


def test_of_terminals_chosen_faster_than_they_load_the_last_one_is_shown(
    tmp_path: Path, tab: WebPlayer
) -> None:
    page = opened(tab, two_terminals(tmp_path))
    page.evaluate(
        """async () => {
          const jumps = [];
          for (let n = 0; n < 20; n++) {
            jumps.push(replay.jump(10, "c1-1", false), replay.jump(30, "c2-1", false));
            if (n % 5 === 0) await new Promise(drawn => requestAnimationFrame(drawn));
          }
          await Promise.all(jumps);
        }"""
    )
    wait_for_screen(page, "in the second")
    assert page.locator("#terminal").input_value() == "c2-1"
    assert page.evaluate("replay.position()") == pytest.approx(30, abs=0.1)
    assert page.locator(".ap-player").count() == 1
    assert_quiet(tab)
