"""What was observed, as a report tells it: topics, tasks, work, what was not reached, the timeline.

Turns tags, phases, commands and notes into the report's values. What people judged, files and looks
do not belong here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from analyzer.judgements import Judgement, standing
from analyzer.models.tasks import Tasks
from analyzer.models.words import OFF_TASK, RESTS
from analyzer.records import Command as RanCommand
from analyzer.records import Evidence, Phase, Tag
from analyzer.signals.titles import SignalWords
from recorder.exercise.schema import Exercise
from recorder.store.noted import Note
from tui.report import values
from tui.report.journal import name_of

Quoting = Callable[[float, str | None, Evidence | None], values.Quote | None]
"""Takes a moment, a terminal and a piece of evidence; returns what was on the screen there."""


def commands_of(ran: Iterable[RanCommand]) -> tuple[values.Command, ...]:
    """Return the command lines, as a report lists them."""
    return tuple(
        values.Command(
            t=each.t,
            duration=each.duration,
            terminal=f"c{each.connection}-{each.channel}",
            text=each.text,
            outcome=each.outcome,
            exit_status=each.exit_status,
        )
        for each in ran
        if each.kind == "command"
    )


def topics_of(
    tags: Iterable[Tag],
    phases: Iterable[Phase],
    words: SignalWords,
    judged: Iterable[Judgement],
    quoting: Quoting,
) -> tuple[values.Topic, ...]:
    """Return what was seen by topic, topics in the order in which they first came up."""
    opinions = _opinions(judged)
    by_topic: dict[str, list[values.Seen]] = {}
    for tag in tags:
        if tag.state == "established":
            seen = _seen(tag, words, opinions.get(tag.id, ()), quoting)
            by_topic.setdefault(tag.topic, []).append(seen)
    seconds: dict[str, float] = {}
    for phase in phases:
        if phase.activity not in RESTS:
            seconds[phase.topic] = seconds.get(phase.topic, 0.0) + phase.until - phase.start
    return tuple(
        values.Topic(
            id=topic,
            title=title_of(topic),
            seconds=round(seconds.get(topic, 0.0), 1),
            seen=tuple(seen),
        )
        for topic, seen in by_topic.items()
    )


def title_of(word: str) -> str:
    """Return a topic's id as a heading."""
    known = {"ssh": "SSH", "node": "Node.js", "web": "Web server", "basic-auth": "Basic auth"}
    return known.get(word, word.replace("-", " ").capitalize())


def _opinions(judged: Iterable[Judgement]) -> dict[str, tuple[values.Opinion, ...]]:
    judged = tuple(judged)
    found: dict[str, list[values.Opinion]] = {}
    for who in dict.fromkeys(each.who for each in judged):
        for each in standing(one for one in judged if one.who == who):
            if each.tag is not None:
                opinion = values.Opinion(
                    who=who, verdict=each.verdict, label=each.label, reason=each.reason
                )
                found.setdefault(each.tag, []).append(opinion)
    return {tag: tuple(said) for tag, said in found.items()}


def _seen(
    tag: Tag, words: SignalWords, opinions: tuple[values.Opinion, ...], quoting: Quoting
) -> values.Seen:
    quoted = _telling(tag.evidence)
    pieces = tuple(_piece(each, quoting if each is quoted else None) for each in tag.evidence)
    return values.Seen(
        id=tag.id,
        signal=tag.signal,
        title=words.titles.get(tag.signal, tag.signal),
        topic=tag.topic,
        t=tag.t,
        until=tag.until,
        outcome=tag.outcome,
        confidence=tag.confidence,
        detector=tag.detector,
        question=words.questions.get(tag.signal),
        evidence=pieces,
        opinions=opinions,
    )


def _telling(evidence: Sequence[Evidence]) -> Evidence | None:
    """Return the piece whose screen tells most: what was printed last, else the last command."""
    for kind in ("output", "command", "edit"):
        for each in reversed(evidence):
            if each.kind == kind and each.connection is not None:
                return each
    return None


def _piece(evidence: Evidence, quoting: Quoting | None) -> values.Piece:
    terminal = name_of(evidence.connection, evidence.channel)
    quote = None if quoting is None else quoting(evidence.t, terminal, evidence)
    # Rows among which the evidence is not to be found would only distract from it, and rows that
    # are nothing else say it twice.
    if quote is not None and len(quote.marked) in {0, len(quote.rows)}:
        quote = None
    return values.Piece(
        kind=evidence.kind, t=evidence.t, until=None, text=evidence.text, terminal=terminal,
        quote=quote,
    )  # fmt: skip


def tasks_of(
    plan: Exercise | None, phases: Sequence[Phase], notes: Iterable[Note]
) -> tuple[values.Task, ...]:
    """Return an exercise's tasks, and whether work on each was seen."""
    if plan is None:
        return ()
    tasks = Tasks(plan)
    ticked: dict[str | None, float] = {}
    for note in notes:
        if note.kind == "task":
            ticked.setdefault(note.subject, note.t)
    found = []
    for task in plan.task:
        own = [each for each in phases if tasks.of(each.topic) == task.id]
        busy = [each for each in own if each.activity not in RESTS]
        found.append(
            values.Task(
                id=task.id,
                title=task.title,
                text=task.text,
                topics=tuple(task.topics),
                reached=_reached(bool(task.topics), bool(busy), ticked.get(task.id)),
                seconds=round(sum(each.until - each.start for each in busy), 1),
                first=busy[0].start if busy else None,
                last=busy[-1].until if busy else None,
                ticked=ticked.get(task.id),
            )
        )
    return tuple(found)


def _reached(tellable: bool, worked: bool, ticked: float | None) -> values.Reached:
    if worked:
        return "worked-on"
    if ticked is not None:
        return "ticked"
    return "not-seen" if tellable else "untold"


def work_of(phases: Iterable[Phase], plan: Exercise | None) -> tuple[values.Stretch, ...]:
    """Return the stretches of work, neighbours on the same task joined; by topic without a plan.

    What kind of work a stretch was is left out where it is not told.
    """
    tasks = None if plan is None else Tasks(plan)
    by_task = tasks if tasks is not None and tasks.known else None
    found: list[values.Stretch] = []
    for phase in phases:
        served = phase.topic if by_task is None else by_task.of(phase.topic)
        title = title_of(served) if by_task is None else by_task.titles.get(served, "Off task")
        if phase.activity == "idle":
            served, title = OFF_TASK, "Nothing happens"
        task = None if served == OFF_TASK else served
        kinds = (phase.activity,) if phase.activity else ()
        last, start = found[-1] if found else None, phase.start
        if last is not None and (last.task, last.title) == (task, title):
            kinds = tuple(dict.fromkeys((*last.activities, *kinds)))
            start, found = last.start, found[:-1]
        found.append(
            values.Stretch(start=start, until=phase.until, task=task, title=title, activities=kinds)
        )
    return tuple(found)


def note_events(notes: Iterable[Note], plan: Exercise | None) -> Iterable[values.Event]:
    """Yield what interviewers noted, as lines of the timeline."""
    titles = {} if plan is None else {task.id: task.title for task in plan.task}
    for note in notes:
        words = {
            "mark": note.text or "marked",
            "task": f"ticked: {titles.get(note.subject or '', note.subject)}",
            "announced": f"announced: {note.subject} minutes left",
        }
        text = words.get(note.kind, note.text)
        yield values.Event(t=note.t, kind=note.kind, text=text, who=note.who)


def tag_events(topics: Iterable[values.Topic]) -> Iterable[values.Event]:
    """Yield tags, as lines of the timeline."""
    for topic in topics:
        for seen in topic.seen:
            failed = " (failed)" if seen.outcome == "failed" else ""
            yield values.Event(
                t=seen.t, kind="tag", text=f"{seen.title}{failed}", terminal=seen.terminal
            )


def probe_events(probes: Iterable[values.Probe]) -> Iterable[values.Event]:
    """Yield what was seen from outside, as lines of the timeline."""
    for probe in probes:
        for look in probe.looks:
            yield values.Event(t=look.start, kind="probe", text=f"{probe.title}: {look.words}")
