"""What people say of tags and stretches, kept in the store: appended, never changed.

A judgement is a person's and not the machine's: nothing of it is computed again, and analysing anew
leaves it alone. Which tag somebody meant is `analyzer.judging`'s; what follows from judgements,
precision and examples to learn from, has modules of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import Connection, Engine, insert, select

from analyzer.records import Tag
from analyzer.tables import JudgementRow
from recorder.errors import UsageError
from recorder.store.engine import store_errors
from recorder.store.rows import in_utc, speaking_of

Verdict = Literal["confirmed", "rejected", "relabelled", "withdrawn"]

MOST_REASON = 2000
"""Characters of a reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What somebody is about to say: of a tag, or of a stretch where ``tag`` is None.

    Times are seconds since the session's start. ``label`` is what it is instead, or what the
    stretch is; only a relabelling has one.
    """

    tag: str | None
    signal: str | None
    start: float
    until: float | None
    verdict: Verdict
    label: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement(Saying):
    """What was said, by whom and when (UTC); ``number`` orders a session's judgements."""

    number: int
    who: str
    said: datetime

    @property
    def subject(self) -> tuple[object, ...]:
        """What it is about: judgements of one subject replace each other."""
        return (self.tag,) if self.tag is not None else (self.start, self.until)


def of_tag(
    tag: Tag, verdict: Verdict, *, label: str | None = None, reason: str | None = None
) -> Saying:
    """Return what is said of a tag."""
    return Saying(
        tag=tag.id,
        signal=tag.signal,
        start=tag.t,
        until=tag.until,
        verdict=verdict,
        label=label,
        reason=reason,
    )


def judge(
    engine: Engine,
    session: str,
    sayings: Sequence[Saying],
    who: str,
    *,
    now: datetime | None = None,
) -> tuple[Judgement, ...]:
    """Add judgements to a session's, all or none, and return those that were added.

    What the same person says again of the same subject, in the same words, is not added.

    Args:
        engine: The store.
        session: The session's id; the store must know it.
        sayings: In the order in which they were said.
        who: Who says it.
        now: When; the present without it.

    Raises:
        UsageError: A reason is too long, or what would be withdrawn was never said.
        StoreError: The store cannot be written, or does not know the session.

    """
    for saying in sayings:
        if saying.reason is not None and len(saying.reason) > MOST_REASON:
            raise UsageError(
                f"the reason has {len(saying.reason)} characters", f"{MOST_REASON} are kept"
            )
    added: list[Judgement] = []
    with speaking_of(engine, session) as connection:
        said = list(_read(connection, session))
        for saying in sayings:
            judgement = Judgement(
                number=1 + max((each.number for each in said), default=0),
                who=who,
                said=now or datetime.now(UTC),
                **asdict(saying),
            )
            if not _says_nothing_new(judgement, said):
                connection.execute(insert(JudgementRow).values(_row(session, judgement)))
                said.append(judgement)
                added.append(judgement)
    return tuple(added)


def judgements_of(engine: Engine, session: str) -> tuple[Judgement, ...]:
    """Return all that was said of a session, in the order in which it was said.

    Raises:
        StoreError: The store cannot be read.

    """
    with store_errors(engine), engine.connect() as connection:
        return tuple(_read(connection, session))


def standing(judgements: Iterable[Judgement]) -> tuple[Judgement, ...]:
    """Return those that count: of each subject the last, unless that withdraws the others."""
    last: dict[tuple[object, ...], Judgement] = {}
    for each in judgements:
        last[each.subject] = each
    return tuple(each for each in last.values() if each.verdict != "withdrawn")


def judged_by(judgements: Iterable[Judgement], who: str) -> dict[str, Verdict]:
    """Return what one person's last words on tags are, by the tags' ids."""
    own = standing(each for each in judgements if each.who == who)
    return {each.tag: each.verdict for each in own if each.tag is not None}


def is_orphaned(judgement: Judgement, known: Collection[str]) -> bool:
    """Whether the tag that it is about is gone; ``known`` are the ids of the tags that stand."""
    return judgement.tag is not None and judgement.tag not in known


def judgeable(tags: Iterable[Tag]) -> tuple[Tag, ...]:
    """Return the tags of which something can be said: the detectors took back the others."""
    return tuple(tag for tag in tags if tag.state != "withdrawn")


def sessions_judged(engine: Engine) -> tuple[str, ...]:
    """Return the sessions of which anything was said, in order of their ids.

    Raises:
        StoreError: The store cannot be read.

    """
    query = select(JudgementRow.session).distinct().order_by(JudgementRow.session)
    with store_errors(engine), engine.connect() as connection:
        return tuple(connection.execute(query).scalars())


def _read(connection: Connection, session: str) -> Iterable[Judgement]:
    rows = connection.execute(
        select(JudgementRow.__table__)
        .where(JudgementRow.session == session)
        .order_by(JudgementRow.number)
    ).mappings()
    return [judgement_of(dict(row)) for row in rows]


def judgement_of(row: dict[str, Any]) -> Judgement:
    """Return a row of the table as a value; columns that are not the table's are left out."""
    fields = {name: row[name] for name in Judgement.__dataclass_fields__}
    return Judgement(**{**fields, "said": in_utc(fields["said"])})


def _row(session: str, judgement: Judgement) -> dict[str, Any]:
    return {"session": session, **asdict(judgement)}


def _says_nothing_new(judgement: Judgement, said: Sequence[Judgement]) -> bool:
    """Whether it repeats what stands.

    Raises:
        UsageError: It withdraws what was never said, or was withdrawn already.

    """
    before = next((each for each in reversed(said) if each.subject == judgement.subject), None)
    if judgement.verdict == "withdrawn" and (before is None or before.verdict == "withdrawn"):
        raise UsageError(
            "there is no judgement to withdraw of what was named",
            "`jumpseat tags SESSION --judgements` shows what was said",
        )
    return before is not None and _words(before) == _words(judgement)


def _words(judgement: Judgement) -> tuple[object, ...]:
    return judgement.who, judgement.verdict, judgement.label, judgement.reason
