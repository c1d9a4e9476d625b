"""asciinema-player in headless Chromium: a cast goes in, the rows that it draws come out.

`make player` fetches the player. The browser is offline and gets everything from files.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from tui.player.fetching import bundle_in

BUNDLE = bundle_in(Path(__file__).parents[3])

_PAGE = """<!doctype html><meta charset="utf-8"><title>player</title>
<link rel="stylesheet" href="asciinema-player.css"><body style="margin: 20px; background: #fff">
<div id="player"></div><script src="asciinema-player.min.js"></script>
"""
_CREATE = """cast => new Promise((ready, broken) => {
  window.faults = [];
  const note = (...words) => faults.push(words.map(String).join(" "));
  const logger = {log() {}, debug() {}, info() {}, warn: note, error: note};
  window.player = AsciinemaPlayer.create({data: () => cast}, document.getElementById("player"),
    {preload: true, fit: false, logger});
  const look = () => {
    const d = player.getDuration();
    if (faults.length) broken(new Error(faults.join("; ")));
    else if (d) ready(d); else requestAnimationFrame(look);
  };
  look();
})"""
_SEEK = """async t => {
  await player.seek(t);
  for (let n = 0; n < 3; n++) await new Promise(drawn => requestAnimationFrame(drawn));
}"""
_ROWS = (
    """() => [...document.querySelectorAll(".ap-term-text .ap-line")].map(row => row.textContent)"""
)


def fetched_player(directory: Path) -> Path:
    """Copy the player's bundle below ``directory``; return where it is."""
    if not BUNDLE.exists():
        pytest.skip("asciinema-player is not fetched: `make player` does it")
    return Path(shutil.copytree(BUNDLE, directory / "bundle"))


class WebPlayer:
    """One page with one player in it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        self.broken: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.broken.append(str(error)))

    def load(self, bundle: Path, cast: str) -> float:
        """Load a cast; return how long it is, in seconds."""
        (bundle / "page.html").write_text(_PAGE)
        self.page.goto((bundle / "page.html").as_uri())
        return float(self.page.evaluate(_CREATE, cast))

    def rows_at(self, t: float | str) -> list[str]:
        """Return what is drawn ``t`` seconds from the start, or at ``"100%"``, as text."""
        self.page.evaluate(_SEEK, t)
        return [str(row).rstrip() for row in self.page.evaluate(_ROWS)]

    def play_to_the_end(self) -> list[str]:
        """Play from the start; return what is drawn when the player says that it has ended."""
        self.page.evaluate(
            """async () => {
              await player.seek(0);
              const ended = new Promise(done => player.addEventListener("ended", done));
              await player.play();
              await ended;
              for (let n = 0; n < 3; n++) await new Promise(r => requestAnimationFrame(r));
            }"""
        )
        return [str(row).rstrip() for row in self.page.evaluate(_ROWS)]

    @property
    def faults(self) -> list[str]:
        """Return what player and page complained of."""
        return [*self.broken, *self.page.evaluate("window.faults ?? []")]


@contextmanager
def open_player() -> Iterator[WebPlayer]:
    """Start Chromium without any network."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed")
    # Chromium's own sandbox refuses to work for root.
    arguments = ["--disable-gpu", *(["--no-sandbox"] if os.getuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        try:
            context = browser.new_context(viewport={"width": 1100, "height": 800}, offline=True)
            yield WebPlayer(context.new_page())
        finally:
            browser.close()
