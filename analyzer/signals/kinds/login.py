"""Whether a login that was tried is what a pattern describes."""

from __future__ import annotations

from analyzer.records import Evidence
from analyzer.signals.facts import LoginTried
from analyzer.signals.found import DOUBT, INFERRED, KEPT_MOST, Match
from analyzer.signals.logins import Login
from analyzer.signals.patterns import LoginPattern


class LoginMatcher:
    """One prepared login pattern."""

    def __init__(self, pattern: LoginPattern) -> None:
        self._pattern = pattern

    def match(self, tried: LoginTried, beside: Login | None) -> Match | None:
        """Return the login if it is meant; ``beside`` is what stayed open beside it."""
        if self.obstacle(tried, beside) is not None:
            return None
        login = tried.login
        first = login.attempts[0].t if login.attempts else tried.t
        return login_found(tried, first, beside)

    def obstacle(self, tried: LoginTried, beside: Login | None) -> str | None:
        """Return the first key of the pattern that does not fit; None where all do."""
        if outcome_of(tried, self._pattern.method) not in self._pattern.outcome:
            return "outcome"
        if not self._is_without(tried.login):
            return "without-method or without-offer"
        if self._pattern.while_alone and not tried.alone:
            return "while-alone"
        return "while-open" if self._pattern.while_open and beside is None else None

    def _is_without(self, login: Login) -> bool:
        """Whether what must not have been tried was not, and what must not be offered is not."""
        if any(each.method in self._pattern.without_method for each in login.attempts):
            return False
        offers = login.offers()
        unwanted = self._pattern.without_offer
        return not unwanted or (bool(offers) and offers.isdisjoint(unwanted))


def outcome_of(tried: LoginTried, methods: tuple[str, ...] = ()) -> str | None:
    """Return how a login went, or how far these methods got in it; None if none was tried."""
    login = tried.login
    if not methods:
        return login.ended_outcome if tried.ended else login.outcome
    tries = [each for each in login.attempts if each.method in methods]
    if not tries:
        return None
    return "unknown" if tries[-1].outcome == "partial" else tries[-1].outcome


def login_found(tried: LoginTried, t: float, beside: Login | None) -> Match:
    """Return what is known of a login; ``t`` is when it was first tried."""
    login = tried.login
    text = login.words()
    if beside is not None:
        text += f"; connection {beside.number} stayed open"
    answered = outcome_of(tried) in {"accepted", "refused"} or login.answered
    confidence = (1.0 if answered else DOUBT) * (INFERRED if tried.inferred else 1.0)
    return Match(
        t=t,
        start=t,
        place=login.place,
        outcome="ok" if answered else "unknown",
        confidence=confidence,
        evidence=(Evidence(kind="login", t=t, text=text[:KEPT_MOST], connection=login.number),),
        text=login.user or "",
        inferred=tried.inferred,
        beside=beside,
    )
