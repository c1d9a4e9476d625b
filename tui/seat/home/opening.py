"""From what was typed into the form to a session: checked field by field, then opened.

The checks are the recorder's own, run before anything is sent, so that a fault is told beside its
field; what only the running `serve` can know is told of the draft as a whole. Nothing is drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from recorder.control.messages import Allow, NewSession
from recorder.errors import AddressError, ControlError, JumpseatError, UsageError
from recorder.exercise.loader import load_exercise
from recorder.gates import kind_of, parse_network, refuse_implausible
from recorder.home import Home
from recorder.planning import PRACTICE
from tui.orders import OptionError, done_words, give, read_options
from tui.seat.home.sittings import Draft, DraftError, Opened

_INSIST = 'turn on "let it in all the same" to insist'
_START_SERVE = (
    "no `jumpseat serve` is running on this home: start one in another terminal"
    " (jumpseat serve --listen ADDR:PORT), then try again"
)


def open_draft(home: Home, draft: Draft) -> Opened:
    """Open the session that a draft describes, and let its candidate in if an address is given.

    Raises:
        DraftError: Something in it is wrong, or `serve` could not; nothing was opened.

    """
    checks = _Checks()
    values = checks.values(home, draft)
    if checks.faults:
        raise DraftError(checks.faults, plausible=checks.plausible)
    try:
        request = NewSession(options=read_options(values))
        state = give(home, request)
    except OptionError as error:
        raise DraftError({error.field: error.cause}) from error
    except ControlError as error:
        missing = error.cause.startswith("no `jumpseat serve`")
        raise DraftError({"": _START_SERVE if missing else str(error)}) from error
    except JumpseatError as error:
        raise DraftError({"": str(error)}) from error
    words = done_words(request, state)
    if not draft.address.strip():
        hint = "; A lets the candidate's address in" if state["gate"] == "named" else ""
        return Opened(id=state["id"], words=words + hint)
    return _let_in(home, draft, state["id"], words)


def _let_in(home: Home, draft: Draft, session: str, words: str) -> Opened:
    request = Allow(session=session, address=draft.address.strip(), force=draft.force)
    try:
        state = give(home, request)
    except JumpseatError as error:
        problem = f"{session} is open, but the address was not let in: {error}"
        return Opened(id=session, words=words, problem=problem)
    return Opened(id=session, words=f"{words}; {done_words(request, state)}")


class _Checks:
    """Runs the recorder's checks, and keeps what each said by its field."""

    def __init__(self) -> None:
        self.faults: dict[str, str] = {}
        self.plausible = True

    def values(self, home: Home, draft: Draft) -> dict[str, Any]:
        """Return the options' values as far as they can be read."""
        # Here and not above: this loads the SSH library, which listing sessions never needs.
        from recorder.hop.port_relay import parse_relay  # noqa: PLC0415
        from recorder.hop.target import SSH_PORT, parse_address  # noqa: PLC0415

        practice = draft.target.strip() == PRACTICE
        target, listen, relay = (each.strip() for each in (draft.target, draft.listen, draft.relay))
        if not target:
            self.faults["target"] = "which server? HOST, HOST:PORT, or practice"
        elif not practice:
            self._check("target", lambda: parse_address(target, SSH_PORT))
        if listen:
            self._check("listen", lambda: parse_address(listen, None))
        if relay and practice:
            self.faults["relay"] = "the practice server has no ports to pass on"
        elif relay:
            self._check("relay", lambda: parse_relay(relay))
        if draft.exercise:
            self._check("exercise", lambda: load_exercise(home, draft.exercise))
        self._check_address(draft, practice=practice)
        return {
            "target": target,
            "listen": listen or None,
            "relay": relay or None,
            "candidate": draft.candidate.strip() or None,
            "exercise": draft.exercise or None,
            "minutes": self._minutes(draft.minutes.strip()),
            "consent": draft.consent,
        }

    def _check(self, field: str, check: Callable[[], object]) -> None:
        try:
            check()
        except JumpseatError as error:
            self.faults[field] = str(error)

    def _check_address(self, draft: Draft, *, practice: bool) -> None:
        address = draft.address.strip()
        if not address:
            return
        if practice:
            self.faults["address"] = "the practice server is for this machine alone: leave it empty"
            return
        try:
            network = parse_network(address)
            if not draft.force:
                refuse_implausible(network, kind_of(network))
        except AddressError as error:
            self.plausible = False
            self.faults["address"] = f"{error.cause}; {_INSIST}"
        except UsageError as error:
            self.faults["address"] = str(error)

    def _minutes(self, typed: str) -> float | None:
        if not typed:
            return None
        try:
            minutes = float(typed.replace(",", "."))
        except ValueError:
            self.faults["minutes"] = f"not a number: {typed!r}"
            return None
        try:
            read_options({"target": PRACTICE, "minutes": minutes})
        except OptionError as error:
            self.faults["minutes"] = error.cause
        return minutes
