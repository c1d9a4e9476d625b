"""The page runs its own scripts only, fetches nothing, and shows hostile text as text."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.tui.report.staging import Stage
from tests.tui.seat.recordings import RecordingBuilder
from tui.player.finding import Player
from tui.report import as_html, casts
from tui.report.as_html import render
from tui.report.casts import PackedCast
from tui.report.gathering import gather
from tui.report.values import Report

HOSTILE = (
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "<!--<script>",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt; &#x3c;script&#x3e;",
    "\u202e\x1b]0;x\x07\x00\u2028",
)
PLAYER = Player(
    title="a player", script="var a = '</script>' + \"<!--\";\r\n", style="p {}", licence="<free>"
)
CAST = PackedCast(name="c1-1", opened=0.0, columns=80, lines=24, packed="H4sI+/=")


class Page(HTMLParser):
    """Collects what a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[tuple[str | None, str]] = []
        self._is_script = False
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._is_script = tag == "script"
        if self._is_script:
            self.scripts.append((dict(attrs).get("type"), ""))

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - the library's signature
        self._is_script = False

    def handle_data(self, data: str) -> None:
        if self._is_script:
            kind, before = self.scripts[-1]
            self.scripts[-1] = (kind, before + data)
        else:
            self.text += data


@pytest.fixture(scope="module")
def report(told: Stage) -> Report:
    return gather(told.asked())


def hostile(report: Report, words: str) -> Report:
    """Put words wherever a report of the team's takes text from outside."""
    judged = report.judged
    assert judged is not None
    assert judged.decision is not None
    seen = report.topics[0].seen[-1]
    piece = seen.evidence[-1]
    assert piece.quote is not None
    quote = replace(piece.quote, rows=(words, words))
    nasty = replace(seen, title=words, evidence=(replace(piece, text=words, quote=quote),))
    return replace(
        report,
        session=replace(report.session, candidate=words, target=words, exercise_title=words),
        summary=(words,),
        not_reached=(words,),
        tasks=tuple(replace(each, title=words, text=words) for each in report.tasks),
        commands=tuple(replace(each, text=words) for each in report.commands),
        timeline=tuple(replace(each, text=words, who=words) for each in report.timeline),
        topics=(replace(report.topics[0], title=words, seen=(nasty,)),),
        probes=tuple(replace(each, title=words) for each in report.probes),
        judged=replace(
            judged,
            decision=replace(judged.decision, text=words),
            cards=tuple(
                replace(each, who=words, reason=words, gaps=words) for each in judged.cards
            ),
        ),
    )


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_text_adds_no_element_and_no_script(report: Report, words: str) -> None:
    kind = Page(render(hostile(report, "harmless"), (), PLAYER, (CAST,)))
    found = Page(render(hostile(report, words), (), PLAYER, (CAST,)))
    assert [tag for tag, _ in found.tags] == [tag for tag, _ in kind.tags]
    assert [sorted(attrs) for _, attrs in found.tags] == [sorted(attrs) for _, attrs in kind.tags]
    assert [each[0] for each in found.scripts] == [each[0] for each in kind.scripts]
    assert found.scripts[-2:] == kind.scripts[-2:]
    assert not set("\x00\x07\x1b\u202e\u2028") & set(found.text)


def test_only_scripts_of_the_pages_own_may_run(report: Report) -> None:
    page = Page(render(report, (), PLAYER, (CAST,)))
    (policy,) = [
        attrs["content"] or ""
        for tag, attrs in page.tags
        if tag == "meta" and attrs.get("http-equiv") == "Content-Security-Policy"
    ]
    allowed = set(re.findall("'sha256-([^']+)'", policy))
    own = {
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for kind, text in page.scripts
        if kind is None
    }
    assert len(own) == 2
    assert own == allowed
    assert "default-src 'none'" in policy
    assert re.findall("'(?:wasm-)?unsafe-[a-z]+'", policy) == [
        "'wasm-unsafe-eval'",
        "'unsafe-inline'",
    ]
    assert "style-src 'unsafe-inline'" in policy


def test_nothing_is_asked_of_anywhere(report: Report) -> None:
    page = Page(render(report, (), PLAYER, (CAST,)))
    places = [
        value or ""
        for _, attrs in page.tags
        for name, value in attrs.items()
        if name in {"src", "href", "action", "data", "poster", "srcset", "formaction"}
    ]
    assert places
    assert {each[:1] for each in places} <= {"#"}
    style = as_html.PAGE / "report.css"
    assert "url(" not in style.read_text()
    assert "@import" not in style.read_text()


def test_tables_have_headers_and_parts_have_names(report: Report) -> None:
    page = Page(render(report, (), PLAYER, (CAST,)))
    assert all(attrs.get("scope") for tag, attrs in page.tags if tag == "th")
    named = {attrs["id"] for _, attrs in page.tags if attrs.get("id")}
    labels = [attrs["aria-labelledby"] for _, attrs in page.tags if "aria-labelledby" in attrs]
    assert labels
    assert set(labels) <= named
    for _, attrs in page.tags:
        link = attrs.get("href") or "#summary"
        assert link[1:] in named
    assert {"header", "nav", "main", "aside", "footer"} <= {tag for tag, _ in page.tags}


def test_without_the_player_pictures_tell_the_moments(told: Stage, report: Report) -> None:
    said: list[str] = []
    made = as_html.html_lines(report, told.directory, None, replay=False, say=said.append)
    page = Page(b"".join(made).decode())
    pictures = [attrs for tag, attrs in page.tags if tag == "img"]
    assert len(pictures) == len(report.scenes) > 5
    assert all(each["alt"] for each in pictures)
    svg = base64.b64decode((pictures[0]["src"] or "").partition(",")[2]).decode()
    assert svg.startswith("<svg")
    named = {attrs["id"] for _, attrs in page.tags if attrs.get("id")}
    assert "replay" not in named
    # Nothing leads to where nothing is.
    assert {(a["href"] or "")[1:] for tag, a in page.tags if tag == "a" and "href" in a} <= named
    assert said == []


def test_where_there_is_no_player_it_is_said(
    told: Stage, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(as_html, "find_player", lambda: None)
    said: list[str] = []
    list(as_html.html_lines(report, told.directory, None, replay=True, say=said.append))
    assert len(said) == 1
    assert "pictures stand in" in said[0]


def luminance(colour: str) -> float:
    """Return a colour's relative luminance, as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_words_stand_out_from_what_is_behind_them(scheme: int) -> None:
    style = (as_html.PAGE / "report.css").read_text()
    blocks = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    colours = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", blocks[0]))
    if scheme:
        colours |= dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", blocks[1]))
    shades = [f"shade{number}" for number in range(6)]
    pairs = [("ink", each) for each in ("paper", "raised", "mark", *shades)]
    pairs += [("quiet", "paper"), ("quiet", "raised"), ("link", "paper"), ("link", "mark")]
    pairs += [("alarm", "paper"), ("alarm", "alarm-paper"), ("screen-ink", "screen")]
    pairs += [("screen-ink", "screen-mark")]
    for words, behind in pairs:
        light, dark = sorted((luminance(colours[words]), luminance(colours[behind])), reverse=True)
        # Level AA, success criterion 1.4.3.
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (words, behind)


def test_a_terminal_without_room_is_left_out_and_named(
    told: Stage, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(as_html, "find_player", lambda: PLAYER)
    monkeypatch.setattr(casts, "MOST_BYTES", 1000)
    said: list[str] = []
    made = as_html.html_lines(report, told.directory, None, replay=True, say=said.append)
    page = Page(b"".join(made).decode())
    assert said == ["terminal c1-1 is too large to be played in a page: left out"]
    assert not [attrs for _, attrs in page.tags if attrs.get("id") == "replay"]
    assert [tag for tag, _ in page.tags].count("img") > 5


def test_a_cast_counts_from_the_sessions_start_and_holds_nothing_that_was_typed(
    tmp_path: Path,
) -> None:
    with RecordingBuilder(tmp_path / "typed123") as recording:
        recording.terminal(30.0)
        recording.input(31.0, "zzQuartzOwl")
        recording.output(32.5, b"shown\r\n")
        recording.close(40.0)
    (cast,) = casts.packed_casts(tmp_path / "typed123", 40.0, lambda _: None, pytest.fail)
    text = gzip.decompress(base64.b64decode(cast.packed)).decode()
    header, *events = map(json.loads, text.splitlines())
    assert (cast.opened, "title" in header) == (30.0, False)
    assert events == [[32.5, "o", "shown\r\n"], [7.5, "o", ""]]
