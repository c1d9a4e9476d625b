"""Tags, commands, phases and notes of a real session: what the store has, or an analysis finds.

While a session is live its tags are what the follower has stored so far; once it has ended, what is
missing is analysed first. No screen is read here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from analyzer.judgements import Verdict
from analyzer.records import COMPLETE, Command, Phase, Tag
from analyzer.signals.titles import SignalWords, signal_words
from recorder.cards.progress import standing_of
from recorder.errors import JumpseatError, RecordingError
from recorder.exercise.clocked import ClockReader
from recorder.exercise.recorded import followed
from recorder.exercise.schema import Exercise
from recorder.home import home_of
from recorder.recording.reader import is_locked
from recorder.store.noted import Note, Noting
from recorder.store.sync import sync_session
from tui.books import plan_of_session
from tui.person import person
from tui.seat.feed import Findings, without_tags
from tui.seat.health import Backlog, RecordingFiles, StoreFile
from tui.seat.notes.people import People
from tui.seat.stored import stored_commands, stored_cover, stored_phases, stored_tags
from tui.seat.timeline.course import periods_of
from tui.seat.traced import Look

if TYPE_CHECKING:
    from tui.seat.card.edits import Step
    from tui.seat.card.folder import Folder
    from tui.seat.card.stored import StoredCard


class RecordedFindings:
    """What is known of one recording beside its screens."""

    def __init__(
        self,
        directory: Path,
        session: str,
        engine: Engine | None,
        look: Look,
        *,
        viewer: str,
        progress: Callable[[float], None],
        cancelled: Callable[[], bool],
    ) -> None:
        """Take what to ask.

        Args:
            directory: The recording's.
            session: Its id.
            engine: The store; None of a recording in none, which is analysed in memory.
            look: What is noted in the trace of whoever looks.
            viewer: Who that is.
            progress: Told how much of an analysis is done, from 0 to 1.
            cancelled: Whether an analysis is to be given up.

        """
        self._directory = directory
        self._session = session
        self._engine = engine
        self._progress = progress
        self._cancelled = cancelled
        self._files = RecordingFiles(directory)
        self._store = None if engine is None else StoreFile(engine)
        self._look = look
        self._people = People(engine, viewer, look.deed)
        self._backlog = Backlog()
        self._covered: dict[str, int] = {}
        self._found: Findings | None = None
        self._clock = ClockReader(directory)
        self._is_known = False
        self._is_shown = False
        self._hidden = self._is_whole = False
        self._card: StoredCard | None = None

    def read(self, plan: Exercise | None) -> Findings:
        """Return tags and commands, analysed first where the session has ended.

        Tags are cut out here, for all that shows any, while the viewer judges without them.

        Args:
            plan: The exercise, for the names of the clock's phases.

        Raises:
            StoreError: The store cannot be read.

        """
        found = self._found_now(plan)
        return without_tags(found) if self._hidden else found

    def pass_over_stored(self) -> None:
        """Take it that what the store has was shown already: what is read next has to be sure."""
        self._is_shown = True

    def stored(self, plan: Exercise | None) -> Findings | None:
        """Return what the store has, as `read` would cut it; None where there is work to do first.

        Args:
            plan: As for `read`.

        Raises:
            StoreError: The store cannot be read.

        """
        engine = self._engine
        if engine is None:
            return None
        self._hidden = self._hides_tags(engine, plan)
        self._covered = stored_cover(engine, self._session)
        if not self._is_live() and COMPLETE not in self._covered:
            return None
        found = self._as_stored(engine, plan)
        return without_tags(found) if self._hidden else found

    def _found_now(self, plan: Exercise | None) -> Findings:
        engine, store = self._engine, self._store
        if engine is None or store is None:
            return self._look_up(plan)
        self._look.settle(engine)
        try:
            changed = store.has_changed()
            if changed or self._found is None or not (self._is_live() or self._is_whole):
                self._covered = stored_cover(engine, self._session)
                self._found = self._look_up(plan)
                # Last: while something is analysed, somebody may choose to judge without tags.
                self._hidden = self._hides_tags(engine, plan)
        except JumpseatError:
            store.forget()
            raise
        late, untraced = self._behind(), self._look.trouble
        if (late, untraced) != (self._found.late, self._found.untraced):
            self._found = replace(self._found, late=late, untraced=untraced)
        return self._found

    def _hides_tags(self, engine: Engine, plan: Exercise | None) -> bool:
        home = home_of(self._directory)
        if plan is None and home is not None:
            plan = plan_of_session(home, engine, self._session)
        return not standing_of(engine, self._session, plan, self._people.viewer).sees_tags

    def card(self, steps: Sequence[Step]) -> Folder:
        """Take steps on the viewer's own card, and return how it stands then.

        Raises:
            StoreError: The recording is in no store, or that cannot be used.
            UsageError: A step makes no sense.
            JumpseatError: The card cannot be opened here.

        """
        if self._card is None:
            from tui.seat.card.stored import StoredCard  # noqa: PLC0415 - once there is a card

            self._card = StoredCard(
                self._directory, lambda: self._engine, self._session, self._people.viewer
            )
        return self._card.take(steps)

    def _behind(self) -> int:
        """Return by how many seconds the stored analysis of a live session is late."""
        if not self._is_live():
            return 0
        try:
            return self._backlog.seconds(self._files.sizes(), self._covered)
        except RecordingError:
            return 0

    def _is_live(self) -> bool:
        """Whether it is recorded; a recording that is gone has not ended."""
        if is_locked(self._directory):
            return True
        try:
            self._files.sizes()
        except RecordingError:
            return True
        return False

    def _look_up(self, plan: Exercise | None) -> Findings:
        # Importing the analysis takes long: what was stored is shown before.
        if self._engine is not None and (self._is_live() or self._is_worth_a_look()):
            return self._as_stored(self._engine, plan)
        from analyzer.service import analyse, ensure_analysed  # noqa: PLC0415 - as above

        if self._engine is None:
            found = analyse(self._directory, progress=self._progress, cancelled=self._cancelled)
            return self._findings(found.tags, found.commands, found.phases, plan)
        analysed = ensure_analysed(
            self._directory, self._engine, progress=self._progress, cancelled=self._cancelled
        )
        findings = self._findings(analysed.tags, analysed.commands, analysed.phases, plan)
        self._is_whole = True
        return findings

    def _as_stored(self, engine: Engine, plan: Exercise | None) -> Findings:
        """Return what the store has; of a session that has ended nobody knows how it was found."""
        found = self._findings(
            stored_tags(engine, self._session),
            stored_commands(engine, self._session),
            stored_phases(engine, self._session),
            plan,
        )
        return replace(found, preliminary=not self._is_live())

    def _findings(
        self,
        tags: Iterable[Tag],
        commands: Iterable[Command],
        phases: Iterable[Phase],
        plan: Exercise | None,
    ) -> Findings:
        notes, last = self._people.notes(self._session)
        return Findings(
            tags=tuple(tags),
            commands=tuple(commands),
            titles=self._words.titles,
            judged=self._people.judged(self._session),
            notes=notes,
            last_note=last,
            viewer=self._people.viewer,
            phases=tuple(phases),
            periods=periods_of(self._clock.read(), plan),
            spoken=self._people.spoken(self._session),
            questions=self._words.questions,
        )

    def _is_worth_a_look(self) -> bool:
        """Whether all of it was analysed once, by whichever version, and was not shown yet."""
        return not self._is_shown and self._found is None and COMPLETE in self._covered

    def judge(self, tag: str, verdict: Verdict, label: str | None) -> None:
        """Keep what the viewer says of a tag.

        Raises:
            StoreError: The recording is in no store, or that cannot be written.
            UsageError: The tag is gone, or what is said of it makes no sense.

        """
        self._people.judge(self._session, tag, verdict, label)

    def note(self, noting: Noting) -> Note:
        """Keep what the viewer notes.

        Raises:
            StoreError: The recording is in no store, or that cannot be written.
            UsageError: It says nothing, too much, or replaces what is not there.

        """
        if self._engine is not None and not self._is_known:
            # A follower that died, or has not begun, leaves a session that the store knows not of.
            sync_session(self._engine, self._directory)
            self._is_known = True
        return self._people.note(self._session, noting)

    @cached_property
    def _words(self) -> SignalWords:
        return signal_words()


def stored_findings(directory: Path, session: str, engine: Engine) -> Findings | None:
    """Return what the store has of a session for whoever asks; None where that is not all.

    Nothing is analysed, changed or noted in the trace.

    Raises:
        StoreError: The store cannot be read.

    """
    chosen = followed(directory)
    found = RecordedFindings(
        directory,
        session,
        engine,
        Look(directory, stored=False),
        viewer=person(),
        progress=lambda _share: None,
        cancelled=lambda: False,
    )
    return found.stored(None if chosen is None else chosen.plan)
