from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from recorder.hop.refusals import _KEPT, REPEAT_SECONDS, RefusalLog
from recorder.recording.journal import ConnectionRefused, JournalEntry


class Journal:
    """Takes the lines, and tells a time that the test sets."""

    def __init__(self) -> None:
        self.t = 0.0
        self.lines: list[JournalEntry] = []

    def now(self) -> float:
        return self.t

    def log(self, entry: JournalEntry) -> None:
        self.lines.append(entry)

    @property
    def told(self) -> list[tuple[str, int]]:
        return [(e.peer, e.times) for e in self.lines if isinstance(e, ConnectionRefused)]


def test_the_first_is_told_at_once_the_next_are_counted() -> None:
    journal = Journal()
    log = RefusalLog(journal)  # type: ignore[arg-type]  # as much of a writer as it needs
    assert log.note(("9.9.9.9", 1), "address")
    for port in range(2, 6):
        assert not log.note(("9.9.9.9", port), "address")
    journal.t = REPEAT_SECONDS
    assert log.note(("9.9.9.9", 6), "address")
    assert not log.note(("9.9.9.9", 7), "address")
    log.finish()
    assert journal.told == [("9.9.9.9:1", 1), ("9.9.9.9:6", 5), ("9.9.9.9:7", 1)]


def test_a_site_counts_as_one_in_ipv6() -> None:
    journal = Journal()
    log = RefusalLog(journal)  # type: ignore[arg-type]  # likewise
    log.note(("2a01:4f8:1:1::1", 1), "address")
    assert not log.note(("2a01:4f8:1:1::2", 1), "address")
    assert log.note(("2a01:4f8:1:2::1", 1), "address")


@given(
    st.lists(
        st.tuples(st.integers(0, _KEPT * 2), st.sampled_from(["address", "startups"]),
                  st.floats(0, 30)),
        max_size=60,
    )
)  # fmt: skip
def test_no_refusal_is_lost(callers: list[tuple[int, str, float]]) -> None:
    journal = Journal()
    log = RefusalLog(journal)  # type: ignore[arg-type]  # likewise
    for number, reason, pause in callers:
        journal.t += pause
        log.note((f"9.9.{number // 256}.{number % 256}", 1), reason)  # type: ignore[arg-type]  # drawn from its words
    log.finish()
    assert sum(times for _, times in journal.told) == len(callers)


def test_memory_stays_bounded() -> None:
    journal = Journal()
    log = RefusalLog(journal)  # type: ignore[arg-type]  # likewise
    for number in range(_KEPT * 3):
        log.note((f"9.{number // 65536}.{number // 256 % 256}.{number % 256}", 1), "address")
    assert len(log._callers) == _KEPT
