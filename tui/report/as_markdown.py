"""A report as Markdown: readable as it stands in a terminal, and rendered.

Whatever came from outside is either in a code span that it cannot end, or escaped: no markup of
theirs survives. What is in the report is decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from analyzer.visible import plain
from tui.cards.decision import parted
from tui.cli.output import moment, span
from tui.report import values
from tui.report.words import (
    DETECTORS,
    day_and_time,
    level_words,
    look_words,
    pips,
    provenance_rows,
    reached_words,
    spread_words,
    stretch_words,
)

_MARKUP = re.compile(r"([\\`*\[\]<>|~]|&(?=[#\w]+;)|(?<![^\W_])_|_(?![^\W_]))")
_BLOCK = re.compile(r"^(\d*)([.)](?=\s|$)|(?<!\d)[#+=-])")
"""What makes a heading, a list or a line across the page of a line that begins with it."""
_TICKS = re.compile("`+")


def markdown_lines(report: values.Report) -> Iterator[bytes]:
    """Yield the document's lines, newlines included."""
    before = ""
    for line in map(str.rstrip, _lines(report)):
        if line or before:
            yield line.encode("utf-8", "replace") + b"\n"
        before = line


def text(words: str | None) -> str:
    """Return text on one line that is no markup, also where a line begins with it."""
    return _BLOCK.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", plain(words or "").strip()))


def code(words: str) -> str:
    """Return text as a code span that it cannot end."""
    shown = plain(words).strip() or " "
    longest = max((len(run) for run in _TICKS.findall(shown)), default=0)
    fence = "`" * (longest + 1)
    gap = " " if longest else ""
    return f"{fence}{gap}{shown}{gap}{fence}"


def _lines(report: values.Report) -> Iterator[str]:
    session = report.session
    who = text(session.candidate) or "a session"
    yield f"# {'Session' if report.copy == 'candidate' else 'Report'}: {who}"
    yield ""
    yield from _bullets(text(each) for each in report.summary)
    yield ""
    yield "Times count from the session's start, " + day_and_time(session.started) + "."
    yield from _tasks(report)
    if report.judged is not None:
        yield from _judged(report.judged)
    yield from _topics(report)
    yield from _outside(report)
    yield from _timeline(report)
    yield from _commands(report)
    yield from _provenance(report)


def _heading(words: str) -> Iterator[str]:
    yield ""
    yield f"## {words}"
    yield ""


def _bullets(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield f"- {line}"


def _tasks(report: values.Report) -> Iterator[str]:
    if report.tasks:
        yield from _heading("Tasks")
    for number, task in enumerate(report.tasks, 1):
        yield f"{number}. **{text(task.title)}**" + _task_words(task, report.copy)
        yield f"   {text(task.text)}"
    if report.not_reached:
        yield from _heading("Not reached")
        yield from _bullets(text(each) for each in report.not_reached)


def _task_words(task: values.Task, copy: values.Copy) -> str:
    if copy == "candidate":
        return ""
    words = f": {reached_words(task)}"
    if task.first is not None and task.last is not None:
        words += f", {span(task.seconds)} of work from {span(task.first)} to {span(task.last)}"
    return words + (f", ticked {span(task.ticked)}" if task.ticked is not None else "")


def _judged(judged: values.Judged) -> Iterator[str]:
    yield from _heading("What people judged")
    if judged.sealed is not None:
        if not judged.waiting:
            yield "There are no cards of this session yet."
            return
        yield f"Sealed: {text(judged.sealed)}."
        yield ""
        yield from _bullets(f"{text(each.who)}: {each.state}" for each in judged.waiting)
        return
    yield from _decision(judged)
    for card in judged.cards:
        yield from _card(card)
    for each in judged.competencies:
        yield from _competency(each)
    if judged.changes:
        yield from ("", "### Changes of mind", "")
    for change in judged.changes:
        when = "after the cards were opened" if change.opened else "before the cards were opened"
        what = "; ".join(text(each) for each in change.what)
        yield f"- **{text(change.who)}**, {when}: {what}. {text(change.reason)}"


def _decision(judged: values.Judged) -> Iterator[str]:
    if judged.decision is not None:
        name, rest = parted(judged.decision_words, judged.decision.text)
        yield f"Decision: **{text(name)}**{text(rest)}" if name else f"Decision: {text(rest)}"
    else:
        yield "No decision is kept yet."
    if judged.recommendation_spread is not None:
        yield ""
        yield f"Recommendations: {spread_words(judged.recommendation_spread)}."
    if judged.missing:
        yield f"When the cards were opened, missing: {text(judged.missing)}."
    for title, said in (
        ("Questions", judged.questions),
        ("Next steps", judged.next_steps),
        ("Minutes", judged.minutes),
    ):
        if said:
            yield from ("", f"### {title}", "")
        for each in said:
            about = f"{text(each.subject)}: " if each.subject else ""
            yield f"- {about}{text(each.text)} ({text(each.who)})"
            yield from (f"  - answer: {text(answer)}" for answer in each.answers)
            if title == "Questions" and not each.answers:
                yield "  - open"


def _card(card: values.Card) -> Iterator[str]:
    first = f" (first {text(card.first_words)})" if card.first is not None else ""
    words = text(card.recommendation_words) or "no recommendation"
    yield from ("", f"### {text(card.who)}: {words}{first}", "")
    yield from _told("Why", card.reason)
    yield from _told("Strengths", card.strengths)
    yield from _told("Gaps", card.gaps)


def _told(title: str, words: str) -> Iterator[str]:
    lines = [text(each) for each in words.splitlines() if each.strip()]
    if lines:
        yield f"- {title}: {lines[0]}"
        yield from (f"  {line}" for line in lines[1:])


def _competency(each: values.Competency) -> Iterator[str]:
    yield from ("", f"### {text(each.title)}: {spread_words(each.spread)}", "")
    yield f"*{text(each.question)}*"
    yield ""
    for rating in each.ratings:
        level = level_words(rating.level, rating.first)
        yield f"- **{text(rating.who)}** {pips(rating.level)} {level}: {text(rating.words)}"
        yield from (f"  {line}" for line in _told("Why", rating.reason))
        for piece in rating.evidence:
            yield from (f"  {line}" for line in _piece(piece))


def _piece(piece: values.Piece) -> Iterator[str]:
    until = f" to {moment(piece.until)}" if piece.until is not None else ""
    where = f" {piece.terminal}" if piece.terminal else ""
    words = f" {code(piece.text)}" if piece.text.strip() else ""
    yield f"- {moment(piece.t)}{until}{where} {piece.kind}{words}"
    if piece.quote is not None:
        yield from (f"  {line}" for line in _quote(piece.quote))


def _quote(quote: values.Quote) -> Iterator[str]:
    rows = [plain(row) for row in quote.rows]
    longest = max((len(run) for row in rows for run in _TICKS.findall(row)), default=0)
    fence = "`" * max(3, longest + 1)
    yield fence
    yield from rows
    yield fence


def _topics(report: values.Report) -> Iterator[str]:
    if report.copy == "candidate":
        return
    yield from _heading("What was seen")
    if report.blind is not None:
        yield f"The machine's observations are left out: {text(report.blind)}."
    elif not report.topics:
        yield "Nothing was noticed."
    for topic in report.topics:
        worked = f", {span(topic.seconds)} of work" if topic.seconds else ""
        yield from ("", f"### {text(topic.title)}{worked}", "")
        for seen in topic.seen:
            yield from _seen(seen)


def _seen(seen: values.Seen) -> Iterator[str]:
    sure = "" if seen.detector == "rule" else f", {seen.confidence:.0%} sure"
    outcome = {"failed": ", failed", "unknown": ", outcome unknown"}.get(seen.outcome, "")
    how = DETECTORS.get(seen.detector, seen.detector)
    yield f"- **{moment(seen.t)} {text(seen.title)}** ({how}{sure}{outcome})"
    for piece in seen.evidence:
        yield from (f"  {line}" for line in _piece(piece))
    for opinion in seen.opinions:
        label = f" as {text(opinion.label)}" if opinion.label else ""
        reason = f": {text(opinion.reason)}" if opinion.reason else ""
        yield f"  - {text(opinion.who)}: {opinion.verdict}{label}{reason}"


def _outside(report: values.Report) -> Iterator[str]:
    if report.probes:
        yield from _heading("Seen from outside")
    for probe in report.probes:
        yield f"- **{text(probe.title)}**"
        for look in probe.looks:
            alarm = " (!)" if probe.must_hold and not look.good else ""
            times = f"{span(look.start)} to {span(look.until)}"
            yield f"  - {times} ({look_words(report.session, look)}): {text(look.words)}{alarm}"


def _timeline(report: values.Report) -> Iterator[str]:
    yield from _heading("Timeline")
    for each in report.timeline:
        who = f" ({text(each.who)})" if each.who else ""
        yield f"- {moment(each.t)} {each.kind}: {text(each.text)}{who}"
    if report.work:
        yield from ("", "### Work", "")
    for stretch in report.work:
        yield f"- {text(stretch_words(stretch))}"


def _commands(report: values.Report) -> Iterator[str]:
    if not report.commands:
        return
    yield from _heading(f"Commands ({len(report.commands)})")
    for each in report.commands:
        status = "" if each.exit_status is None else f" {each.exit_status}"
        outcome = "" if each.outcome == "ok" else f" ({each.outcome}{status})"
        yield f"- {moment(each.t)} {each.terminal} {code(each.text)}{outcome}"


def _provenance(report: values.Report) -> Iterator[str]:
    found = report.provenance
    yield from _heading("How it was recorded")
    for title, words in provenance_rows(report):
        yield f"- {title}: {text(words)}"
    for gap in found.gaps:
        yield f"- Missing: {text(gap)}"
