"""What was seen in a transcript, kept so that many variants of a rule can be held against it.

Reading a terminal costs much more than holding facts against a few patterns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from analyzer.analysis import Pipeline
from analyzer.commands.run import Greeting, Run
from analyzer.edits.record import FileEdit
from analyzer.records import Tag
from analyzer.signals.engine import Engine
from analyzer.signals.facts import Line, Printed
from analyzer.signals.schema import Rules
from analyzer.signals.transcript import Transcript
from recorder.recording.events import Input, Logged

_Call = Callable[[Engine], list[Tag]]


class _Noting(Engine):
    """An engine that only notes what it is told."""

    def __init__(self) -> None:
        super().__init__(Rules(format=1))
        self.calls: list[_Call] = []

    def observe(self, event: Logged | Input) -> list[Tag]:
        return self._note(lambda engine: engine.observe(event))

    def observe_run(self, run: Run) -> list[Tag]:
        return self._note(lambda engine: engine.observe_run(run))

    def observe_greeting(self, greeting: Greeting) -> list[Tag]:
        return self._note(lambda engine: engine.observe_greeting(greeting))

    def observe_edit(self, edit: FileEdit) -> list[Tag]:
        return self._note(lambda engine: engine.observe_edit(edit))

    def observe_line(self, line: Line) -> list[Tag]:
        return self._note(lambda engine: engine.observe_line(line))

    def observe_rows(self, rows: Sequence[Line]) -> list[Tag]:
        return self._note(lambda engine: engine.observe_rows(rows))

    def observe_printed(self, printed: Printed) -> list[Tag]:
        return self._note(lambda engine: engine.observe_printed(printed))

    def advance(self, t: float) -> list[Tag]:
        return self._note(lambda engine: engine.advance(t))

    def finish(self) -> list[Tag]:
        return self._note(lambda engine: engine.finish())

    def _note(self, call: _Call) -> list[Tag]:
        self.calls.append(call)
        return []


class Seen:
    """All that a transcript shows, read once."""

    def __init__(self, transcript: str) -> None:
        noting = _Noting()
        pipeline = Pipeline(Rules(format=1), engine=noting)
        for happening in Transcript().play(transcript):
            pipeline.observe(happening)
        pipeline.finish()
        self._calls = noting.calls

    def tags(self, rules: Rules, signal: str) -> list[Tag]:
        """Return the tags of a signal that stand at the end; as `run_example` does."""
        engine = Engine(rules)
        tags: dict[str, Tag] = {}
        for call in self._calls:
            tags |= {tag.id: tag for tag in call(engine)}
        return [tag for tag in tags.values() if tag.signal == signal and tag.state == "established"]
