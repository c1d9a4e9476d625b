"""The look of the seat: names of colours, its style sheet, the marks for outcomes.

Quiet on purpose: the candidate's screen is what one looks at. Nothing is told by colour alone, so
that it reads the same without colours. What a name looks like is said in `tui.seat.themes`;
layout and behaviour belong to the widgets.
"""

from __future__ import annotations

INK = "$ink"
FAINT = "$faint"
LINE = "$line"
BAR = "$bar"
MARKED = "$marked"
ACCENT = "$accent"
"""Names of colours, for style sheets and for the styles of drawn text; themes say what they are."""

SHADES = tuple(f"$shade-{number}" for number in range(1, 7))
"""Backgrounds of the ribbon's tasks; red says that something failed, and is none of them."""

# Dim is no colour: without colours, too, it tells where somebody typed.
TYPED = "$typed"
PRINTED = "dim $printed"

OUTCOME_MARKS = {"ok": "●", "failed": "\N{MULTIPLICATION SIGN}", "interrupted": "^", "unknown": "○"}
# That something succeeded is no praise, and a tag is never a verdict: no green for it.
OUTCOME_COLOURS = {
    "ok": "$happened",
    "failed": "$bad",
    "interrupted": "$caution",
    "unknown": "$caution",
}
NOTE_MARKS = {"mark": "◆", "note": "✎", "question": "?", "task": "✓", "announced": "!"}
NOTE_COLOURS = {
    "mark": "$noted",
    "note": "$noted",
    "question": "$caution",
    "task": "$good",
    "announced": INK,
}
SPOKEN_MARK = '"'
STATE_COLOURS = {
    "PLAYING": "$good",
    "PAUSED": "$caution",
    "ENDED": FAINT,
    "LIVE": "$bad",
    "READING": FAINT,
}
STATE_MARKS = {"PLAYING": "▶", "PAUSED": "‖", "ENDED": "■", "LIVE": "●", "READING": "…"}

STYLE_SHEET = f"""
Screen {{ layers: base over; background: $background; }}
#seat {{ height: 100%; layout: vertical; }}
#title {{ height: 1; padding: 0 1; color: $foreground; background: {BAR}; display: none; }}
#hints {{ height: 1; padding: 0 1; color: {FAINT}; background: $background; display: none; }}
#body {{ height: 1fr; layout: horizontal; }}
#stage {{ width: 1fr; height: 1fr; align: center middle; background: $background; }}
#stage.-framed {{ align: center top; }}
#stage.-framed CandidateScreen {{
    border: round {LINE};
    border-title-color: {FAINT};
    border-subtitle-color: {FAINT};
    border-title-align: left;
}}
#notice {{ width: auto; height: auto; max-width: 90%; color: {FAINT}; text-align: center; }}
#side {{ width: 44; height: 1fr; display: none; layout: vertical; }}
#side.-docked {{ display: block; }}
#side.-over {{ display: block; layer: over; dock: right; background: $background; }}
MomentList {{
    height: 1fr;
    border: round {LINE};
    border-title-color: {INK};
    border-subtitle-color: {FAINT};
    background: $background;
    padding: 0 1;
    scrollbar-size-vertical: 1;
    scrollbar-color: {LINE};
    scrollbar-background: $background;
    overflow-x: hidden;
}}
MomentList:focus {{ border: round {ACCENT}; }}
MomentList > .moment-list--marked {{ background: $panel; color: $foreground; }}
MomentList > .moment-list--hovered {{ background: $block-hover-background; }}
MomentList:focus > .moment-list--marked {{ background: {MARKED}; text-style: bold; }}
MomentList:nocolor > .moment-list--marked {{ text-style: bold; }}
MomentList:focus:nocolor > .moment-list--marked {{ text-style: reverse; }}
#commands {{ display: none; }}
#side.-both #commands {{ display: block; }}
#side.-commands #commands {{ display: block; }}
#side.-commands #tags {{ display: none; }}
#side.-both #tags {{ display: block; height: 2fr; }}
#hits {{ display: none; }}
#side.-hits #hits {{ display: block; }}
#side.-hits.-both #hits {{ height: 2fr; }}
#side.-hits #tags, #side.-hits.-both #tags, #side.-commands #hits {{ display: none; }}
EntryBar {{ height: 1; display: none; padding: 0 1; background: {BAR}; }}
EntryBar.-on {{ display: block; }}
EntryBar > .entry-label {{ width: auto; color: {ACCENT}; text-style: bold; }}
EntryBar > Input {{ width: 1fr; background: {BAR}; color: {INK}; }}
EntryBar > Input:focus {{ background: {MARKED}; background-tint: transparent; }}
EntryBar > .entry-state {{ width: auto; max-width: 85%; padding: 0 0 0 2; color: {FAINT}; }}
#notes {{ display: none; }}
#side.-both.-noted #notes {{ display: block; height: auto; max-height: 30%; min-height: 3; }}
#side.-notes #notes {{ display: block; }}
#side.-notes #tags, #side.-notes #hits {{ display: none; }}
#side.-both #commands {{ height: 3fr; }}
#side.-shared {{ layout: horizontal; }}
#side.-shared #commands, #side.-shared #hits {{ width: 3fr; }}
#side.-shared #notes {{ display: block; width: 2fr; height: 1fr; }}
#spoken {{ display: none; }}
#side.-spoken #spoken {{ display: block; height: 3fr; scrollbar-gutter: stable; }}
#side.-spoken #commands, #side.-spoken #notes, #side.-both.-spoken.-noted #notes,
#side.-alone #tags, #side.-alone #hits {{ display: none; }}
Timeline {{ height: 1; }}
StatusBar {{ height: 1; background: {BAR}; }}
.-tall #title, .-tall #hints {{ display: block; }}
.-bare #title, .-bare #hints, .-bare Timeline, .-bare StatusBar, .-bare #side,
.-bare EntryBar {{ display: none; }}
ToastRack {{ margin-bottom: 3; }}
Screen.-typing ToastRack {{ margin-bottom: 4; }}
.-deep ToastRack {{ margin-bottom: 7; }}
.-deep Screen.-typing ToastRack {{ margin-bottom: 8; }}
Toast {{ width: auto; max-width: 80%; padding: 0 1; background: {BAR}; }}
HelpScreen {{ align: center middle; background: $background 60%; }}
HelpScreen > VerticalScroll {{
    width: auto; max-width: 100%; height: auto; max-height: 100%;
    border: round {LINE}; background: {BAR}; padding: 0 2; border-title-color: {INK};
    border-subtitle-color: {FAINT}; scrollbar-size-vertical: 1;
}}
HelpScreen Static {{ width: auto; }}
ChooseScreen {{ align: center middle; background: $background 60%; }}
ChooseScreen > Vertical {{
    width: 72; max-width: 100%; height: 22; max-height: 100%;
    border: round {LINE}; background: {BAR}; padding: 0 1; border-title-color: {INK};
    border-subtitle-color: {FAINT};
}}
ChooseScreen Input {{ background: {BAR}; color: {INK}; }}
ChooseScreen Input:focus {{ background: {MARKED}; background-tint: transparent; }}
ChooseScreen OptionList {{
    height: 1fr; border: none; padding: 0; background: {BAR}; text-wrap: nowrap;
    text-overflow: ellipsis; scrollbar-size-vertical: 1; scrollbar-color: {LINE};
    scrollbar-background: {BAR};
}}
ChooseScreen OptionList > .option-list--option-highlighted {{
    background: $panel; color: $foreground; text-style: bold;
}}
Input:nocolor > .input--cursor {{ text-style: underline; }}
ChooseScreen OptionList:nocolor > .option-list--option-highlighted {{
    text-style: bold underline;
}}
"""
