"""Compares what was found in a session with what is known of it; counts, and names differences.

Commands are the same where their text is, but for what bash's history writes otherwise (lines of
one command joined by semicolons) and for secrets that are hidden on purpose. Tags agree once per
session and signal, and then one by one within `NEAR` seconds.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from analyzer.records import Command, Tag
from bench.support.observed import Marked, Ran

NEAR = 30.0
"""Seconds by which a tag may differ from a mark."""

_LEAVES = re.compile(r"(?:exit|logout)\b.*")
_HIDDEN = "\u2022"
_BLANKS = re.compile(r"(;|(?:^|[\s;])(?:do|then|else|\{|\()) {2,}")
_OPENERS = re.compile(r"(^|[\s;])(do|then|else|\{|\(|&&|\|\||\|);\s")


@dataclass(slots=True)
class Share:
    """A count of those that are right among all that count."""

    right: int = 0
    all: int = 0

    def __add__(self, other: Share) -> Share:
        return Share(self.right + other.right, self.all + other.all)

    def __str__(self) -> str:
        share = f"{self.right / self.all:7.1%}" if self.all else "      -"
        return f"{self.right:4}/{self.all:<4}{share}"


@dataclass(slots=True)
class Agreement:
    """Shares by their title, and what differs, in words."""

    shares: dict[str, Share] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)

    def count(self, title: str, *, right: int, all: int) -> None:  # noqa: A002 - the field's name
        """Note a share."""
        self.shares[title] = Share(right, all)


def canonical(text: str) -> str:
    """Return a command as bash's history keeps it: in one line, but for heredocs."""
    text = text.replace("\\\n", "").strip()
    if "<<" not in text:
        text = _OPENERS.sub(r"\1\2 ", re.sub(r"[ \t]*\n\s*", "; ", text) + " ").strip()
        # The blanks that a line of a loop begins with stay in the history.
        text = _BLANKS.sub(r"\1 ", text)
    return text


def same_text(found: str, logged: str) -> bool:
    """Whether a command is what bash logged; each run of hidden characters stands for a secret."""
    mine, theirs = canonical(found), canonical(logged)
    if _HIDDEN not in mine:
        return mine == theirs
    parts = [re.escape(part) for part in re.split(f"{_HIDDEN}+", mine)]
    return re.fullmatch(r"\S+".join(parts), theirs, re.DOTALL) is not None


def compare_commands(found: Sequence[Command], logged: Sequence[Ran]) -> Agreement:
    """Hold the commands of a session against bash's log of them."""
    lines = [each for each in found if each.kind == "command"]
    rows = [each for each in logged if not each.artefact]
    pairs = _pairs(lines, rows)
    agreement = Agreement()
    taken = set(pairs.values())
    extra = [index for index in range(len(lines)) if index not in taken]
    false = [index for index in extra if not _left_out(lines, index)]
    agreement.count("recall", right=len(pairs), all=len(rows))
    agreement.count("precision", right=len(lines) - len(false), all=len(lines))
    _compare_outcomes(agreement, [(lines[there], rows[here]) for here, there in pairs.items()])
    for index, row in enumerate(rows):
        if index not in pairs:
            agreement.differences.append(
                f"missed   {row.t:8.1f} shell {row.shell} status {row.status}: {row.text!r}"
            )
    for index in false:
        line = lines[index]
        agreement.differences.append(
            f"extra    {line.t:8.1f} c{line.connection} sure {line.confidence:.2f}: {line.text!r}"
        )
    return agreement


def _pairs(lines: Sequence[Command], rows: Sequence[Ran]) -> dict[int, int]:
    """Return which row is which command: of the same text, the one whose end is nearest."""
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for here, row in enumerate(rows):
        near = [
            (abs(line.t + (line.duration or 0.0) - row.t), there)
            for there, line in enumerate(lines)
            if there not in taken and line.t <= row.t + 1 and same_text(line.text, row.text)
        ]
        if near:
            pairs[here] = min(near)[1]
            taken.add(pairs[here])
    return pairs


def _left_out(lines: Sequence[Command], index: int) -> bool:
    """Whether bash's history leaves a line out: repeats, leading blanks, a shell's end."""
    line = lines[index]
    before = [
        each
        for each in lines[:index]
        if (each.connection, each.channel) == (line.connection, line.channel)
    ]
    return (
        line.text[:1].isspace()
        or line.source == "exec"
        or bool(before and same_text(line.text, before[-1].text))
        or _LEAVES.match(line.text.strip()) is not None
        or line.text.startswith(("history -c", "exec "))
    )


def _compare_outcomes(agreement: Agreement, pairs: Sequence[tuple[Command, Ran]]) -> None:
    known = [(line, row) for line, row in pairs if line.outcome != "unknown"]
    wrong = [
        (line, row)
        for line, row in known
        if (line.outcome == "ok") != (row.status == 0) and line.outcome != "interrupted"
    ]
    agreement.count("outcome right", right=len(known) - len(wrong), all=len(known))
    agreement.count("outcome known", right=len(known), all=len(pairs))
    for line, row in wrong:
        agreement.differences.append(
            f"outcome  {line.t:8.1f} {line.outcome}, but status {row.status}: {line.text!r}"
        )


def compare_tags(
    found: Sequence[Tag], known: Sequence[Marked], undecided: Collection[str] = ()
) -> Agreement:
    """Hold the tags of a session against what an observer marked."""
    tags = [tag for tag in found if tag.state == "established" and tag.signal not in undecided]
    agreement = Agreement()
    _compare_ids(agreement, tags, known)
    _compare_moments(agreement, tags, known)
    return agreement


def _compare_ids(agreement: Agreement, tags: Sequence[Tag], known: Sequence[Marked]) -> None:
    wanted = {each.signal for each in known if each.scored}
    open_ = {each.signal for each in known} - wanted
    mine = {tag.signal for tag in tags} - open_
    agreement.count("ids recall", right=len(mine & wanted), all=len(wanted))
    agreement.count("ids precision", right=len(mine & wanted), all=len(mine))


def _compare_moments(agreement: Agreement, tags: Sequence[Tag], known: Sequence[Marked]) -> None:
    """Pair tags and marks; what is not scored takes its tags away without counting."""
    left = list(range(len(tags)))
    missed: list[Marked] = []
    for mark in sorted(known, key=lambda each: not each.scored):
        near = [(_distance(tags[n], mark), n) for n in left if tags[n].signal == mark.signal]
        if near and min(near)[0] <= NEAR:
            left.remove(min(near)[1])
        elif mark.scored:
            missed.append(mark)
    scored = sum(each.scored for each in known)
    right = scored - len(missed)
    agreement.count("tags recall", right=right, all=scored)
    agreement.count("tags precision", right=right, all=right + len(left))
    agreement.differences += [
        f"no tag   {mark.t:8.1f} {mark.signal}" for mark in missed
    ] + [
        f"false    {tags[n].t:8.1f} {tags[n].signal} ({tags[n].outcome}): "
        + "; ".join(each.text for each in tags[n].evidence)[:120]
        for n in left
    ]  # fmt: skip


def _distance(tag: Tag, mark: Marked) -> float:
    """Return by how many seconds a tag misses the time that is acceptable."""
    if mark.first <= tag.t <= mark.last:
        return 0.0
    return min(abs(tag.t - mark.first), abs(tag.t - mark.last), abs(tag.t - mark.t))
