"""The panels of the desk, one module each: pure functions from frozen values to lines of text.

A panel draws into so many cells and rows and never asks what time it is. Which panel gets how many
rows is decided in `tui.seat.panels.room`, and nowhere else. The modules that begin with ``desk_``
put them on the screen: only these know Textual.
"""
