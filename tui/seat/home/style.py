"""Home's style sheet: the list, the strip below it, the form and the questions."""

from __future__ import annotations

from tui.seat.look import ACCENT, BAR, FAINT, INK, LINE, MARKED

STYLE_SHEET = f"""
Screen {{ background: $background; }}
#heading {{ height: 1; padding: 0 1; background: {BAR}; }}
#banner {{ height: auto; max-height: 3; padding: 0 1; display: none; color: $caution;
    background: {BAR}; text-style: bold; }}
#banner.-on {{ display: block; }}
#header {{ height: 1; padding: 0 1; margin-top: 1; color: {FAINT}; }}
#table {{
    height: 1fr; margin: 0 1; background: $background;
    scrollbar-size-vertical: 1; scrollbar-color: {LINE}; scrollbar-background: $background;
    overflow-x: hidden; scrollbar-gutter: stable;
}}
#table > .listing--row {{ background: $background; color: {INK}; }}
#table > .listing--marked {{ background: {MARKED}; color: {INK}; }}
#table:nocolor > .listing--marked {{ text-style: reverse; }}
#notice {{ height: 1fr; padding: 1 3; color: {FAINT}; }}
#detail {{ height: 5; padding: 0 2; border-top: solid {LINE}; color: {FAINT}; }}
#find {{ height: 1; display: none; padding: 0 1; background: {BAR}; }}
#find.-on {{ display: block; }}
#slash {{ width: 1; color: {ACCENT}; text-style: bold; }}
#query {{ width: 1fr; background: {BAR}; color: {INK}; }}
#query:focus {{ background: {MARKED}; background-tint: transparent; }}
#found {{ width: auto; max-width: 50%; padding: 0 0 0 2; color: {FAINT}; }}
#hints {{ height: 1; padding: 0 1; color: {FAINT}; }}
ToastRack {{ margin-bottom: 1; }}
Toast {{ width: auto; max-width: 80%; padding: 0 1; background: {BAR}; }}
HelpScreen, NewSession, Question {{ align: center middle; background: $background 60%; }}
HelpScreen > VerticalScroll {{
    width: auto; max-width: 100%; height: auto; max-height: 100%;
    border: round {LINE}; background: {BAR}; padding: 0 2; border-title-color: {INK};
    border-subtitle-color: {FAINT}; scrollbar-size-vertical: 1;
}}
HelpScreen Static {{ width: auto; }}
#form, #question {{
    width: 78; max-width: 100%; height: auto; max-height: 100%; border: round {LINE};
    border-title-color: {INK}; border-subtitle-color: {FAINT}; background: {BAR}; padding: 0 2;
    scrollbar-size-vertical: 1;
}}
#question {{ width: 68; padding: 1 2; }}
Field {{ height: auto; }}
Field > Horizontal {{ height: 1; }}
Field .label {{ width: 13; color: {FAINT}; }}
Field:focus-within .label {{ color: {ACCENT}; text-style: bold; }}
Field .fault {{ height: auto; padding: 0 0 0 13; color: $bad; display: none; }}
Field.-wrong .fault {{ display: block; }}
Field.-wrong .label {{ color: $bad; }}
Field Input, Picker, #typed {{ width: 1fr; height: 1; background: $panel; color: {INK}; }}
Field Input > .input--placeholder, #typed > .input--placeholder {{ color: {FAINT}; }}
Field Input:focus, Picker:focus, #typed:focus {{
    background: {MARKED}; background-tint: transparent;
}}
Picker:focus:nocolor {{ text-style: reverse; }}
#whole, #trouble {{ height: auto; color: $bad; display: none; margin-top: 1; }}
#whole.-on, #trouble.-on {{ display: block; }}
#keys {{ height: 1; margin-top: 1; color: {FAINT}; }}
#words {{ height: auto; color: {INK}; }}
#typed {{ display: none; margin-top: 1; }}
#question.-asks #typed {{ display: block; }}
"""
