"""Small rules and what they make of transcripts, for tests of the language."""

from __future__ import annotations

from collections.abc import Iterable

from analyzer.analysis import Found, Pipeline
from analyzer.records import Tag
from analyzer.signals.loader import parse_rules
from analyzer.signals.schema import Rules
from analyzer.signals.transcript import Happening, Transcript

_EXAMPLES = "".join(
    f'[[signal.example]]\ntitle = "{n}"\ntags = {n % 2}\ntranscript = "x"\n' for n in range(4)
)


def signal(name: str, body: str) -> str:
    """Return a signal with all that it must have; ``body`` are its keys and patterns."""
    return (
        f'[[signal]]\nid = "{name}"\ntopic = "tests"\ntitle = "t"\nreason = "r"\n'
        f'question = "q"\nfalse-positives = ["f"]\n{body}\n{_EXAMPLES}'
    )


def rules_of(head: str = "", /, **signals: str) -> Rules:
    """Return rules with signals by name; ``_`` in a name stands for a hyphen."""
    body = "".join(signal(name.replace("_", "-"), text) for name, text in signals.items())
    return parse_rules(f"format = 1\n{head}\n{body}", "test.toml")


def all_tags(rules: Rules, story: str) -> list[Tag]:
    """Return the tags that a transcript gives, as they stand at its end, in the order given."""
    pipeline = Pipeline(rules)
    found = [pipeline.observe(each) for each in Transcript().play(story)]
    return last_of([*found, pipeline.finish()])


def tags(rules: Rules, story: str) -> list[Tag]:
    """Return those that are established."""
    return [tag for tag in all_tags(rules, story) if tag.state == "established"]


def last_of(found: Iterable[Found]) -> list[Tag]:
    """Return each tag as it was told last."""
    last: dict[str, Tag] = {}
    for each in found:
        last |= {tag.id: tag for tag in each.tags}
    return list(last.values())


def told_at(rules: Rules, story: str, name: str) -> list[tuple[float, Tag]]:
    """Return the tags of a signal with the moment of the event that gave each."""
    pipeline = Pipeline(rules)
    happenings: list[Happening] = Transcript().play(story)
    return [
        (each.t, tag)
        for each in happenings
        for tag in pipeline.observe(each).tags
        if tag.signal == name
    ]
