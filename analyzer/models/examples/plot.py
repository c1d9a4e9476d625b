"""Decides what happens in a made-up session: which scenes, in which order, where it goes wrong.

Typing, printing and the labels of phases are `analyzer.models.examples.acting`'s.
"""

from __future__ import annotations

import random
from collections.abc import Iterable

from analyzer.models.examples.acting import Actor
from analyzer.models.examples.interludes import interlude
from analyzer.models.examples.personas import Persona
from analyzer.models.examples.scenes import Kind, Scene, Step
from analyzer.models.labels import LabelledTrouble
from analyzer.models.words import Topic, Trouble

_BEFORE: tuple[Topic, ...] = ("orientation", "updates", "credentials")
_BLOG: tuple[Topic, ...] = ("ghost", "database", "ghost", "web", "basic-auth")
_SHORTEST: dict[Trouble, float] = {"stuck": 180.0, "rabbit-hole": 300.0}
"""Seconds below which a stretch is no trouble."""

_LENGTHS = (20 * 60.0, 60 * 60.0)
"""Seconds of a session, from and to; what is begun then is brought to its end."""

_IMPATIENT = 0.06
_MOST = 25
"""Steps of one trouble at most."""


class Plot:
    """One session's course."""

    def __init__(
        self, persona: Persona, scenes: Iterable[Scene], source: random.Random, *, held_out: bool
    ) -> None:
        self._persona = persona
        self._source = source
        self._length = source.uniform(*_LENGTHS)
        self._held_out = held_out
        self._left: dict[tuple[Kind, Topic], list[Scene]] = {}
        for scene in scenes:
            self._left.setdefault((scene.kind, scene.topic), []).append(scene)
        self.troubles: list[LabelledTrouble] = []

    def run(self, actor: Actor) -> None:
        """Let an actor play until the time is over or nothing is left to do."""
        for topic in self._order():
            if actor.stage.now > self._length:
                return
            scene = self._draw("work", topic)
            if scene is not None:
                self._work(actor, scene)
            self._go_wrong(actor, topic)

    def _order(self) -> list[Topic]:
        chance = self._source.random
        order: list[Topic] = ["orientation"]
        order += [topic for topic in _BEFORE if chance() < 0.7]  # noqa: PLR2004 - some skip some
        blog = list(_BLOG)
        if chance() < 0.4:  # noqa: PLR2004 - a look at what is wrong with the machine
            blog.insert(self._source.randrange(len(blog)), "diagnosis")
        if chance() < 0.3:  # noqa: PLR2004 - back to the blog once more
            blog.append("ghost")
        first = chance() < self._persona.ssh_first
        return [*order, "ssh", *blog] if first else [*order, *blog, "ssh"]

    def _draw(self, kind: Kind, topic: Topic) -> Scene | None:
        """Take a scene that was not played yet."""
        left = self._left.get((kind, topic))
        return left.pop(self._source.randrange(len(left))) if left else None

    def _work(self, actor: Actor, scene: Scene) -> None:
        chance = self._source.random
        for step in scene.steps:
            if step.optional and chance() >= self._inclined(step):
                continue
            actor.play(step, scene.topic)
            if step.activity == "verifying" and chance() < _IMPATIENT:
                # To look again and again at what works is no trouble.
                for _ in range(self._source.randint(2, 5)):
                    actor.play(step, scene.topic)
            if chance() < self._persona.interludes:
                self._interlude(actor, scene.topic)

    def _interlude(self, actor: Actor, topic: Topic) -> None:
        step = interlude(self._source, topic, reads=self._persona.reads, held_out=self._held_out)
        actor.play(step, topic)

    def _inclined(self, step: Step) -> float:
        match step.activity:
            case "verifying":
                return self._persona.verifies
            case "reading":
                return self._persona.reads
            case _:
                return 0.5

    def _go_wrong(self, actor: Actor, topic: Topic) -> None:
        chance = self._source.random
        if chance() < self._persona.asides:
            aside = self._draw("aside", self._source.choice((topic, "other")))
            if aside is not None:
                self._work(actor, aside)
        if chance() < self._persona.stuck:
            self._trouble(actor, self._draw("stuck", topic), "stuck")
        if chance() < self._persona.wanders:
            self._trouble(actor, self._draw("rabbit-hole", "other"), "rabbit-hole")

    def _trouble(self, actor: Actor, scene: Scene | None, kind: Trouble) -> None:
        """Play a scene of trouble, going over its steps again until it has lasted."""
        if scene is None:
            return
        lasting = _SHORTEST[kind] * self._source.uniform(1.1, 2.5)
        started = None
        steps = list(scene.steps)
        for number in range(_MOST):
            if number >= len(steps):
                if kind == "rabbit-hole":
                    break
                steps.append(self._source.choice(scene.steps))
            actor.play(steps[number], scene.topic)
            started = started or actor.last_began
            if self._source.random() < self._persona.interludes:
                self._interlude(actor, scene.topic)
            if actor.stage.now - started > lasting and number >= min(4, len(scene.steps)):
                break
        if started is not None and actor.stage.now - started >= _SHORTEST[kind]:
            self.troubles.append(LabelledTrouble(kind=kind, start=started, until=actor.stage.now))
