"""What people said of a session and noted, in the store, as one viewer sees it and adds to it.

Nothing of the recording is read here, and nothing is computed; a file that is no session is in no
store, and what is said of it is refused with the way out.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Engine

from analyzer.judgements import Verdict, judge, judgeable, judged_by, judgements_of, of_tag
from recorder.errors import StoreError, UsageError
from recorder.store.notes import Note, Noting, add_note, notes_of, standing
from recorder.trace.actions import Action
from recorder.transcripts.keeping import lines_of, transcripts_of
from recorder.transcripts.values import SpokenLine, Transcript
from tui.seat.stored import stored_tags
from tui.tracing import noted_words


class People:
    """One session's words of people's.

    Attributes:
        viewer: Who looks, and in whose name things are kept.

    """

    def __init__(
        self,
        engine: Engine | None,
        viewer: str,
        tell: Callable[[Engine, Action, str, str], object],
    ) -> None:
        """Take the store, None of a recording in none, who looks, and who hears what they say.

        That is told by action, session and detail.
        """
        self._engine = engine
        self.viewer = viewer
        self._tell = tell
        self._transcripts: tuple[Transcript, ...] = ()
        self._spoken: tuple[SpokenLine, ...] = ()

    def judged(self, session: str) -> dict[str, Verdict]:
        """Return what the viewer said of tags, by their ids.

        Raises:
            StoreError: The store cannot be read.

        """
        engine = self._engine
        return {} if engine is None else judged_by(judgements_of(engine, session), self.viewer)

    def notes(self, session: str) -> tuple[tuple[Note, ...], int]:
        """Return the notes that stand, everybody's, and the number of the last one ever kept.

        Raises:
            StoreError: The store cannot be read.

        """
        engine = self._engine
        if engine is None:
            return (), 0
        found = notes_of(engine, session)
        return standing(found), max((each.number for each in found), default=0)

    def spoken(self, session: str) -> tuple[SpokenLine, ...]:
        """Return what was spoken; read anew only where a transcript came, moved or went.

        Raises:
            StoreError: The store cannot be read.

        """
        engine = self._engine
        if engine is None:
            return ()
        transcripts = transcripts_of(engine, session)
        if transcripts != self._transcripts:
            self._spoken = lines_of(engine, session)
            self._transcripts = transcripts
        return self._spoken

    def judge(self, session: str, tag: str, verdict: Verdict, label: str | None) -> None:
        """Keep what the viewer says of a tag.

        Raises:
            StoreError: The recording is in no store, or that cannot be written.
            UsageError: The tag is gone, the label makes no sense, or nothing was said of it that
                could be taken back.

        """
        # These take long to import: the first picture stands before.
        from analyzer.judging import checked_label  # noqa: PLC0415
        from analyzer.signals.loader import active_rules  # noqa: PLC0415

        engine = self._store("what is said of tags")
        known = {each.id: each for each in judgeable(stored_tags(engine, session))}
        if tag not in known:
            raise UsageError("that tag is gone: the session was analysed anew", "open it again")
        if label is not None:
            label = checked_label(known[tag], label, [each.id for each in active_rules().signal])
        judge(engine, session, [of_tag(known[tag], verdict, label=label)], self.viewer)
        self._tell(engine, Action.JUDGED, session, "1 tag")

    def note(self, session: str, noting: Noting) -> Note:
        """Keep what the viewer notes, and return it as it was kept.

        Raises:
            StoreError: The recording is in no store, or that cannot be written.
            UsageError: It says nothing, too much, or replaces what is not there.

        """
        engine = self._store("what is noted")
        note = add_note(engine, session, noting, self.viewer)
        self._tell(engine, Action.NOTED, session, noted_words(note))
        return note

    def _store(self, what: str) -> Engine:
        engine = self._engine
        if engine is None:
            raise StoreError(
                f"{what} is kept in the store, and a file is in none",
                "`jumpseat session import` makes a session of it",
            )
        return engine
