"""Whatever text from outside says, it is no markup of the report's."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from analyzer.visible import plain
from tests.tui.report.staging import Stage
from tui.report.as_markdown import code, markdown_lines, text
from tui.report.gathering import gather

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
NASTY = st.text(st.sampled_from("`*_[]()<>!#|~\\ &;-+.:/ab1\n\r\t\x1b\u202e")) | st.text()


def inline(source: str) -> list[tuple[str, str]]:
    """Return what a line of a list is made of."""
    tokens = MARKDOWN.parse(f"- x {source}")
    (content,) = [each for each in tokens if each.type == "inline"]
    return [(each.type, each.content) for each in content.children or []]


@given(NASTY)
def test_text_stays_text(words: str) -> None:
    found = inline(text(words))
    assert {kind for kind, _ in found} <= {"text", "text_special"}
    shown = "".join(content for _, content in found)
    assert " ".join(shown.split()) == " ".join(f"x {plain(words)}".split())


@given(NASTY)
@example("# x")
@example("2. x")
@example("2)")
@example("- x")
@example("+ x")
@example("===")
@example("---")
@example("     x")
def test_text_stays_text_where_a_line_begins_with_it(words: str) -> None:
    for source in (f"- {text(words)}", f"- a\n  {text(words)}"):
        kinds = {each.type for each in MARKDOWN.parse(source)}
        assert {each.removesuffix("_open").removesuffix("_close") for each in kinds} <= {
            "bullet_list",
            "list_item",
            "paragraph",
            "inline",
        }


@given(NASTY)
def test_code_stays_code(words: str) -> None:
    (before, span) = inline(code(words))
    assert before == ("text", "x ")
    assert span[0] == "code_inline"
    assert span[1].strip() == (plain(words).strip() or "")


def test_a_report_can_be_read_as_it_stands(told: Stage) -> None:
    lines = b"".join(markdown_lines(gather(told.asked()))).decode().splitlines()
    headings = [line for line in lines if line.startswith("## ")]
    assert headings[:4] == [
        "## Tasks",
        "## Not reached",
        "## What people judged",
        "## What was seen",
    ]
    assert not any(a == b == "" for a, b in pairwise(lines))
    assert "Decision: **Hire**: with a mentor decision" in lines
    tokens = MARKDOWN.parse("\n".join(lines))
    fences = [each.content for each in tokens if each.type == "fence"]
    assert any("I must stay up" in each for each in fences)
