"""The row in which a search is typed, and that says how it stands."""

from __future__ import annotations

from analyzer.search.query import MOST_CHARACTERS
from tui.seat.entry_bar import EntryBar
from tui.seat.searching import PATTERN


class SearchBar(EntryBar):
    """Hidden while there is no search."""

    def __init__(self) -> None:
        super().__init__(
            id="search",
            entry="query",
            label="/",
            placeholder=f"text, or {PATTERN}pattern; Enter searches, Esc leaves",
            most=MOST_CHARACTERS,
        )
