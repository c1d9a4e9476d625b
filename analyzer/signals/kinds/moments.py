"""Patterns about a moment rather than a thing: pastes, silences, other signals, the end."""

from __future__ import annotations

from analyzer.records import Evidence
from analyzer.signals.facts import Ended, Noticed, Pasted, Quiet
from analyzer.signals.found import KEPT_MOST, Match, cited
from analyzer.signals.patterns import Outcome, PastePattern, Pattern, SilencePattern


def paste_found(pattern: PastePattern, pasted: Pasted) -> Match | None:
    """Return a paste that is long enough."""
    if pasted.lines < pattern.lines_at_least:
        return None
    text = f"{pasted.lines} lines pasted: {cited(pasted.text)}"[:KEPT_MOST]
    evidence = Evidence(
        kind="input",
        t=pasted.t,
        text=text,
        connection=pasted.connection,
        channel=pasted.channel,
    )
    return Match(
        t=pasted.t,
        start=pasted.t,
        place=f"paste-{pasted.place}",
        outcome="ok",
        confidence=0.95,
        evidence=(evidence,),
        text=pasted.text,
    )


def silence_found(pattern: SilencePattern, quiet: Quiet) -> Match | None:
    """Return a silence that has lasted as long as was asked."""
    if quiet.length != pattern.at_least:
        return None
    return Match(
        t=quiet.t,
        start=quiet.start,
        until=quiet.until,
        place=f"silence-{quiet.place}",
        outcome="ok",
        confidence=1.0,
        evidence=(stretch_searched("no key was pressed", quiet.start, quiet.t),),
    )


def noticed_found(pattern: Pattern, noticed: Noticed) -> Match | None:
    """Return another signal's tag, if it is one of those that were asked for and stands."""
    tag = noticed.tag
    if tag.signal not in pattern.signal or tag.outcome not in pattern.outcomes:
        return None
    if tag.state != "established":
        return None
    outcome: Outcome = tag.outcome
    return Match(
        t=noticed.t,
        start=noticed.t,
        until=tag.until,
        place=noticed.place,
        outcome=outcome,
        confidence=tag.confidence,
        evidence=tag.evidence,
        text=tag.signal,
        inferred=tag.detector == "inferred",
    )


def end_found(ended: Ended) -> Match:
    """Return the end of the recording; one that was cut off is no end that somebody chose."""
    words = "the recording ended" if ended.complete else "the recording was cut off"
    return Match(
        t=ended.t,
        start=ended.t,
        place=ended.place,
        outcome="ok",
        confidence=1.0,
        evidence=(stretch_searched(words, 0.0, ended.t),),
        certain=ended.complete,
    )


def stretch_searched(words: str, start: float, end: float) -> Evidence:
    """Return the evidence of an absence: the stretch that was searched, in seconds."""
    return Evidence(kind="silence", t=start, text=f"{words} from {start:.1f} s to {end:.1f} s")
