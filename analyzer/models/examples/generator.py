"""Sessions that are made up: the same seed gives the same bytes, and the truth is known.

A family of scenes is in one split only, so that what is held out was never seen. How sessions come
about is told in `docs/models.md`; figures on them stand apart from those on real recordings.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from typing import Literal

from analyzer.models.examples.acting import Actor
from analyzer.models.examples.personas import PERSONAS, Persona
from analyzer.models.examples.plot import Plot
from analyzer.models.examples.scenes import Scene, families
from analyzer.models.labels import LabelledSession

Split = Literal["train", "held-out"]

HELD_OUT: frozenset[str] = frozenset({"glacier", "harbour"})
"""Families that no training sees."""

_USERS = ("candidate", "ubuntu", "admin", "deploy", "kim", "sam")
_HOSTS = ("web01", "web02", "srv-blog", "vps2319", "marketing", "www1")
_BLOGS = ("blog", "ghost", "newsblog", "journal", "mysite")
_DOMAINS = ("blog.example.com", "news.example.org", "www.example.net", "blog.bluewave.example")


def generated(seed: int, count: int, split: Split = "train") -> Iterator[LabelledSession]:
    """Yield ``count`` sessions of a split; personas and families take turns, out of step."""
    names = sorted(name for name in families() if (name in HELD_OUT) == (split == "held-out"))
    for number in range(count):
        family = names[(number + number // len(PERSONAS)) % len(names)]
        persona = PERSONAS[number % len(PERSONAS)]
        yield session_of(f"{seed}-{split}-{number:04}", family, persona, families()[family])


def session_of(
    name: str, family: str, persona: Persona, scenes: Iterable[Scene]
) -> LabelledSession:
    """Return one session, which its name decides: who plays which scenes of which family."""
    # A string seeds alike on every machine and Python.
    source = random.Random(name)  # noqa: S311 - nothing secret
    actor = Actor(persona, source, _names(source))
    plot = Plot(persona, scenes, source, held_out=family in HELD_OUT)
    actor.arrive()
    plot.run(actor)
    phases = actor.leave()
    return LabelledSession(
        name=f"generated-{name}",
        groups={"persona": persona.name, "family": family},
        origin="generated",
        happenings=tuple(actor.stage.happenings),
        phases=phases,
        troubles=tuple(plot.troubles),
    )


def _names(source: random.Random) -> dict[str, str]:
    blog = source.choice(_BLOGS)
    return {
        "user": source.choice(_USERS),
        "host": source.choice(_HOSTS),
        "blog": blog,
        "domain": source.choice(_DOMAINS),
        "root": source.choice((f"/var/www/{blog}", f"/srv/{blog}", f"/opt/{blog}")),
        "reader": source.choice(("marketing", "reviewer", "team", "preview", "editor")),
        "db": source.choice(("ghost_prod", "ghostdb", "blog", "ghost")),
        "ip": f"203.0.113.{source.randint(2, 250)}",
        "vhost": source.choice((blog, f"{blog}.conf", "ghost.conf", "blog-proxy.conf")),
    }
