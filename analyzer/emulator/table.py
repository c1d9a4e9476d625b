"""Which method of the screen a control function calls: pyte's tables, and what they lack.

Keys are the final character of a sequence, after its prefix and its intermediate characters; names
are those of `analyzer.emulator.screen.Screen` and the classes that it is made of.
"""

from __future__ import annotations

import pyte

_SILENT = frozenset("cnmhl")
"""Not called through the table: a recording answers nobody, SGR and modes have their own way."""

CONTROLS = pyte.Stream.basic

CSI = {
    **{final: name for final, name in pyte.Stream.csi.items() if final not in _SILENT},
    "I": "tab_forward",
    "S": "scroll_up",
    "T": "scroll_down",
    "^": "scroll_down",
    "Z": "tab_back",
    "`": "cursor_to_column",
    "a": "cursor_forward",
    "b": "repeat_character",
    "e": "line_forward",
    "j": "cursor_back",
    "k": "cursor_up",
    "s": "save_or_set_margins",
    "u": "restore_cursor",
    "!p": "soft_reset",
    "?J": "select_erase_in_display",
    "?K": "select_erase_in_line",
    " @": "scroll_left",
    " A": "scroll_right",
    "'}": "insert_columns",
    "'~": "delete_columns",
    '"q': "protect",
    "$v": "copy_area",
    "$x": "fill_area",
    "$z": "erase_area",
    "${": "select_erase_area",
}
ESCAPES = {
    **pyte.Stream.escape,
    "E": "next_line",
    "6": "back_index",
    "9": "forward_index",
    "N": "single_shift_second",
    "O": "single_shift_third",
    "V": "start_protected",
    "W": "end_protected",
    "n": "shift_to_second",
    "o": "shift_to_third",
}
