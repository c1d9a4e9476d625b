"""What a new size does to both screens, the cursor and the saved cursors.

The main screen's lines wrap anew (`reflow`) and leave at the top where they must; the
alternate screen is cut, for full-screen programs draw it anew. Nothing that a control function asks
for belongs here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from analyzer.emulator.pen import Pen
from analyzer.emulator.reflow import Place, reflow
from analyzer.emulator.regions import Regions
from analyzer.emulator.rows import Row


@dataclass(frozen=True, slots=True)
class Saved:
    """What DECSC keeps."""

    x: int = 0
    y: int = 0
    pen: Pen | None = None
    sets: tuple[str, ...] = ("B", "B", "B", "B")
    charset: int = 0
    origin: bool = False


class Sizes(Regions):
    """Both screens, of the same size: ``others`` is the one that is not seen."""

    others: list[Row]
    saved: Saved
    other_saved: Saved

    def resize(self, lines: int | None = None, columns: int | None = None) -> None:
        """Change the size: the main screen's lines wrap anew, the alternate screen is cut.

        Lines leave at the top only when there are no blank ones below the cursor.
        """
        lines, columns = lines or self.lines, columns or self.columns
        self._settle_for_resize(columns)
        kept = Place(self.saved.x, self.saved.y)
        cursor = Place(self.cursor.x, self.cursor.y)
        if self.alternate:
            kept = Place(self.other_saved.x, self.other_saved.y)
            self.others = self._resized_main(self.others, lines, columns, kept, kept)
            self.other_saved = replace(self.other_saved, x=kept.x, y=kept.y)
            self._cut(self.rows, lines, columns)
        else:
            self.rows = self._resized_main(self.rows, lines, columns, cursor, kept)
            self.saved = replace(self.saved, x=kept.x, y=kept.y)
            self._cut(self.others, lines, columns)
        self.columns, self.lines = columns, lines
        self.top, self.bottom = 0, lines - 1
        self._drop_side_margins()
        self.cursor.x, self.cursor.y = min(cursor.x, columns), min(cursor.y, lines - 1)

    def _settle_for_resize(self, columns: int) -> None:
        """Give up a wrap at a margin, and one that is pending where the screen grows or is cut."""
        if self.margin_wrap or (columns != self.columns and self.alternate):
            self._settle()
        self.tabstops.update(range(self.columns - self.columns % 8 + 8, columns, 8))

    def _cut(self, rows: list[Row], lines: int, columns: int) -> None:
        """Cut rows off, or fill them with blanks, at the right and below."""
        del rows[lines:]
        for row in rows:
            row.resize(columns, self.pens.plain)
        rows.extend(Row(columns, self.pens.plain) for _ in range(lines - len(rows)))

    def _resized_main(
        self, rows: list[Row], lines: int, columns: int, cursor: Place, kept: Place
    ) -> list[Row]:
        """Return the main screen's rows at another size; cursor and saved cursor move along."""
        places = [cursor] if kept is cursor else [cursor, kept]
        if columns != self.columns and columns > 1:
            rows = reflow(rows, columns, self.pens.plain, places)
        blank = 0
        while blank < len(rows) - 1 - cursor.y and rows[-1 - blank].is_blank():
            blank += 1
        above = min(cursor.y, max(0, len(rows) - lines - blank))
        above = max(above, cursor.y + 1 - lines)
        self.history.extend(rows[:above])
        self.scrolled += above
        rows = rows[above:]
        self._cut(rows, lines, columns)
        for place in places:
            place.y = min(max(0, place.y - above), lines - 1)
        return rows
