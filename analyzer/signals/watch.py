"""One signal over one session: what it remembers, and when its rule is fulfilled.

It takes what its patterns found, in order, and gives tags. It knows no kind of pattern but for
logins, of which more becomes known without a new match. What it keeps is bounded.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import inf

from analyzer.records import Tag
from analyzer.signals.counting import Counter, Established, Stretches
from analyzer.signals.found import Match
from analyzer.signals.kinds.moments import stretch_searched
from analyzer.signals.schema import Role, Signal
from analyzer.signals.tagging import Tags, is_login

_WAITING = 128
"""Matches that wait for what follows."""

Told = Callable[[float, str], None]
"""Takes a moment and what the rule made of it then, for `jumpseat signals explain`."""


def _quiet(_t: float, _words: str) -> None:
    pass


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A match that waits for what follows; ``due`` is when that is over."""

    match: Match
    before: Match | None
    due: float


class Watch:
    """One signal and what it remembers."""

    def __init__(
        self, signal: Signal, timer: Callable[[float, str], None], tell: Told = _quiet
    ) -> None:
        """Begin.

        Args:
            signal: The rule.
            timer: Takes a moment and a place: `expire` wants to be called with them then.
            tell: Takes what is decided, in words.

        """
        self.signal = signal
        self.tags = Tags(signal)
        self.before: Match | None = None
        self._timer = timer
        self._tell = tell
        self._unless: tuple[Match, ...] = ()
        self._waiting: OrderedDict[str, _Waiting] = OrderedDict()
        self._counter = Counter(signal.count) if signal.count and not signal.stretch else None
        self._lasting = Stretches(signal.stretch, signal.count) if signal.stretch else None
        self._last: Match | None = None
        self._led = ""
        """The place of the match that the last one belongs to, by the cooldown."""
        self.muted = False

    @property
    def since(self) -> float:
        """When the last `after` was seen; without any, a moment that nothing precedes."""
        return inf if self.before is None else self.before.t

    def take(self, found: Mapping[Role, Match]) -> list[Tag]:
        """Take in what one fact is for this signal; return the tags that it makes or changes."""
        tags: list[Tag] = []
        if self.muted:
            return tags
        if block := found.get("unless"):
            self._block(block)
        if (reset := found.get("reset-by")) and self._counter:
            self._tell(reset.t, "the count starts again")
            self._counter.reset()
        if taken := found.get("withdrawn-by"):
            tags += self._withdraw_before(taken)
        when, after = found.get("when"), found.get("after")
        if when and after and after.place == when.place and after.index < when.index:
            self.before = after
        if when:
            tags += self._seen(when)
        if stop := found.get("then-not"):
            self._drop(stop)
        if then := found.get("then"):
            tags += self._follow(then)
        # Of another signal's tag more may become known when a younger one is there already.
        if after and (self.before is None or after.t >= self.before.t):
            self.before = after
            self._tell(after.t, "`after` was seen")
        return tags

    def expire(self, place: str, t: float) -> list[Tag]:
        """Note that the time for what follows a match is over."""
        waiting = self._waiting.get(place)
        if waiting is None or waiting.due != t:
            return []
        del self._waiting[place]
        if self.signal.then:
            self._tell(t, "`then` did not follow in time")
            self._forget(place)
            return []
        return self._fire(self._searched(waiting, t), waiting.before)

    def finish(self, t: float) -> list[Tag]:
        """End with the recording: what still waited cannot be known."""
        tags: list[Tag] = []
        for waiting in list(self._waiting.values()):
            if not self.signal.then:
                open_end = replace(self._searched(waiting, t), certain=False)
                tags += self._fire(open_end, waiting.before)
        self._waiting.clear()
        return tags

    def unsee(self, place: str) -> list[Tag]:
        """Note that another signal's tag at a place was taken back; return what goes with it."""
        self._unless = tuple(each for each in self._unless if each.place != place)
        return self.withdraw(place)

    def withdraw(self, place: str) -> list[Tag]:
        """Take back the tag at a place, and forget what it was `after`."""
        if self.before is not None and self.before.place == place:
            self.before = None
        self._waiting.pop(place, None)
        self._forget(place)
        return self.tags.withdraw(place) if self.tags.get(place) else []

    def doubts(self, place: str) -> bool:
        """Whether what was seen at a place may not have happened: tagged, or waited with."""
        if (waiting := self._waiting.get(place)) is not None:
            return waiting.match.outcome == "unknown"
        known = self.tags.get(place)
        return known is not None and known.tag.outcome == "unknown"

    # What is seen

    def _seen(self, match: Match) -> list[Tag]:
        if self.tags.get(match.place):
            # Of what was counted, one match is not the whole.
            return [] if self._counter or self._lasting else self.tags.refine(match)
        if match.place in self._waiting:
            waiting = self._waiting[match.place]
            self._waiting[match.place] = replace(waiting, match=match)
            return []
        if self._lasting and self.signal.unless_since != "stretch" and self._is_blocked(match):
            return []
        done = self._established(match)
        if done is None:
            return []
        if done.again:
            return self._continue(done.match)
        if not self._allowed(done.match):
            return []
        return self._due(done.match)

    def _established(self, match: Match) -> Established | None:
        if self._lasting is not None:
            return self._lasting.add(match)
        return self._counter.add(match) if self._counter else Established(match)

    def _continue(self, match: Match) -> list[Tag]:
        if self.tags.get(match.place):
            return self.tags.refine(match)
        return []

    def _allowed(self, match: Match) -> bool:
        if self.signal.after and not (match.freely or self._is_after(match)):
            self._tell(match.t, "`after` was not seen before, or too long ago")
            return False
        if self._is_blocked(match):
            self._tell(match.t, "`unless` was seen before")
            return False
        return not self._is_close(match)

    def _is_after(self, match: Match) -> bool:
        if self.before is None:
            return False
        within = self.signal.after_within
        return within is None or match.t - self.before.t <= within

    def _is_blocked(self, match: Match) -> bool:
        for block in self._unless:
            if block.place == match.place and block.index > match.index:
                continue
            if self.signal.unless_since == "stretch":
                continue
            if self.signal.unless_since != "after":
                return True
            if self.before is None or block.t >= self.before.t:
                return True
        return False

    def _is_close(self, match: Match) -> bool:
        """Whether it belongs to the tag before it, as it follows upon that so soon."""
        last, self._last = self._last, match
        cooldown = self.signal.cooldown
        close = cooldown is not None and last is not None and match.start - last.t <= cooldown
        if close:
            self._tell(match.t, "it belongs to the tag before it")
        else:
            self._led = match.place
        return close

    def _forget(self, place: str) -> None:
        """Let nothing belong any more to what was seen at a place: no tag is there."""
        if place == self._led:
            self._last = None

    def _block(self, block: Match) -> None:
        self._tell(block.t, "`unless` was seen")
        kept = [each for each in self._unless if each.place != block.place]
        self._unless = (*kept[-1:], block)
        if self.signal.unless_since == "stretch" and self._lasting:
            self._lasting.reset()

    # What follows

    def _due(self, match: Match) -> list[Tag]:
        before = self.before if self.signal.after else None
        if self.signal.after_once:
            self.before = None
        within = self.signal.then_within
        if within is None:
            return self._fire(match, before)
        self._tell(match.t, f"`when` was seen; what follows is waited for for {within:g} s")
        self._waiting[match.place] = _Waiting(match, before, match.t + within)
        self._timer(match.t + within, match.place)
        while len(self._waiting) > _WAITING:
            self._waiting.popitem(last=False)
        return []

    def _drop(self, stop: Match) -> None:
        for place, waiting in list(self._waiting.items()):
            if _follows(stop, waiting.match):
                self._tell(stop.t, "`then-not` was seen")
                del self._waiting[place]
                self._forget(place)

    def _follow(self, then: Match) -> list[Tag]:
        tags: list[Tag] = []
        for place, waiting in list(self._waiting.items()):
            if not _follows(then, waiting.match) or then.t > waiting.due:
                continue
            del self._waiting[place]
            match = waiting.match
            both = replace(
                match,
                t=then.t,
                confidence=min(match.confidence, then.confidence),
                evidence=(*match.evidence, *then.evidence),
                inferred=match.inferred or then.inferred,
            )
            tags += self._fire(both, waiting.before)
        return tags

    def _searched(self, waiting: _Waiting, t: float) -> Match:
        match = waiting.match
        absence = stretch_searched("nothing of the kind was seen", match.t, t)
        return replace(match, t=t, evidence=(*match.evidence, absence))

    def _fire(self, match: Match, before: Match | None) -> list[Tag]:
        if self.signal.fires == "first" and self.tags.any_stands:
            self._tell(match.t, "it fires only the first time")
            return []
        state = "fired" if match.certain else "undetermined"
        self._tell(match.t, f"{state}, outcome {match.outcome}")
        return self.tags.make(match, before)

    def _withdraw_before(self, taken: Match) -> list[Tag]:
        tags: list[Tag] = []
        within = self.signal.withdrawn_within
        for place in self.tags.places():
            tag = self.tags[place].tag
            if tag.t > taken.t or (within is not None and taken.t - tag.t > within):
                continue
            # A login that was refused may be accepted at the next try, and stays one login.
            if tag.state != "withdrawn" and (place != taken.place or is_login(taken)):
                self._tell(taken.t, "withdrawn")
                tags += self.tags.withdraw(place)
                self._forget(place)
        return tags


def _follows(later: Match, match: Match) -> bool:
    if later.place == match.place:
        return later.index > match.index
    return later.t >= match.t
