"""The style sheet of the comparison, on top of the seat's."""

from __future__ import annotations

from tui.seat.look import BAR, FAINT, INK, LINE, STYLE_SHEET

BESIDE_STYLE_SHEET = f"""{STYLE_SHEET}
#halves {{ height: 1fr; layout: horizontal; }}
.half {{ width: 1fr; height: 1fr; }}
.half-title {{ height: 1; background: {BAR}; }}
.half-stage {{ height: 1fr; align: left top; background: $background; }}
.half-notice {{
    margin: 2 0 0 0; width: auto; max-width: 90%; height: auto; color: {FAINT}; text-align: center;
}}
.track {{ height: 1; }}
.facts {{ height: 4; }}
#fold {{ width: 1; height: 1fr; color: {LINE}; }}
.common {{ height: 2; background: {BAR}; }}
.-stacked #halves {{ layout: vertical; }}
.-stacked #fold {{ display: none; }}
.-bare .half.-other, .-bare #fold {{ display: none; }}
.-bare .half-title {{ display: none; }}
TableScreen {{ background: $background; }}
TableScreen VerticalScroll {{ height: 1fr; padding: 1 1 0 1; scrollbar-size-vertical: 1;
    scrollbar-color: {LINE}; scrollbar-background: $background; }}
TableScreen Static {{ width: auto; color: {INK}; }}
TableScreen #table-heading {{ height: 1; width: 100%; padding: 0 1; background: {BAR}; }}
TableScreen #table-keys {{ height: 1; padding: 0 1; color: {FAINT}; }}
"""
