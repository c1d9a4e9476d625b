"""`jumpseat commands --intents`: commands with what a model says they are for.

Apart from the other lists, because what is offered here is no contract, and loads scikit-learn.
"""

from __future__ import annotations

from collections.abc import Sequence

from analyzer.contract import commands_json
from analyzer.models.intent_of import Offered, intents_of
from analyzer.models.loading import unusable
from analyzer.records import Command, by_time
from tui.cli.output import moment, print_json, print_table, say

KINDS = ("intent", "intent-by-words")


def print_intents(commands: Sequence[Command], *, as_json: bool) -> None:
    """Print commands with their intents, those of a program's own prompt without."""
    ordered = sorted(commands, key=by_time)
    for words in unusable(KINDS):
        say(words)
    typed = [each for each in ordered if each.kind == "command"]
    offers = dict(zip((c.id for c in typed), intents_of(c.text for c in typed), strict=True))
    if as_json:
        fields = commands_json(ordered)
        for each, command in zip(fields, ordered, strict=True):
            offer = offers.get(command.id)
            each["intent"] = None if offer is None else offer.intent
            each["intent_confidence"] = None if offer is None else round(offer.confidence, 3)
        print_json(fields)
    elif ordered:
        rows = [(moment(each.t), *_offer(offers.get(each.id)), each.text) for each in ordered]
        print_table(("time", "for", "sure", "command"), rows)
    else:
        say("no commands were run")


def _offer(offer: Offered | None) -> tuple[str, str]:
    return ("-", "-") if offer is None else (offer.intent, f"{offer.confidence:.0%}")
