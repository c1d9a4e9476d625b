"""The debrief's style sheet: one calm page, room around it, a form over it."""

from __future__ import annotations

from tui.seat.look import ACCENT, BAR, FAINT, INK, LINE, MARKED

STYLE_SHEET = f"""
Screen {{ background: $background; }}
#heading {{ height: 1; padding: 0 1; background: {BAR}; }}
#banner {{ height: auto; max-height: 3; padding: 0 1; display: none; color: $caution;
    background: {BAR}; text-style: bold; }}
#banner.-on {{ display: block; }}
#page {{
    height: 1fr; padding: 1 0 0 0; background: $background; scrollbar-size-vertical: 1;
    scrollbar-color: {LINE}; scrollbar-background: $background; scrollbar-gutter: stable;
}}
#page Static {{ width: 1fr; color: {INK}; }}
#hints {{ height: 1; padding: 0 1; color: {FAINT}; }}
ToastRack {{ margin-bottom: 1; }}
Toast {{ width: auto; max-width: 80%; padding: 0 1; background: {BAR}; }}
HelpScreen, AskScreen, ChooseScreen {{ align: center middle; background: $background 60%; }}
AskScreen {{ align: center bottom; }}
HelpScreen > VerticalScroll {{
    width: auto; max-width: 100%; height: auto; max-height: 100%;
    border: round {LINE}; background: {BAR}; padding: 0 2; border-title-color: {INK};
    border-subtitle-color: {FAINT}; scrollbar-size-vertical: 1;
}}
HelpScreen Static {{ width: auto; }}
ChooseScreen > Vertical {{
    width: 76; max-width: 100%; height: 18; max-height: 100%; border: round {LINE};
    background: {BAR}; padding: 0 1; border-title-color: {INK}; border-subtitle-color: {FAINT};
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
#ask {{
    width: 100%; max-width: 110; height: auto; max-height: 100%; border: round {ACCENT};
    border-title-color: {INK}; background: {BAR}; padding: 0 2;
}}
#ask-question {{ height: auto; color: {INK}; }}
#ask-choice, #ask-words {{ width: 1fr; height: 1; margin-top: 1; background: $panel;
    color: {INK}; }}
#ask-words > .input--placeholder {{ color: {FAINT}; }}
#ask-choice:focus, #ask-words:focus {{ background: {MARKED}; background-tint: transparent; }}
#ask-choice:focus:nocolor {{ text-style: reverse; }}
#ask-trouble {{ height: auto; color: $bad; display: none; margin-top: 1; }}
#ask-trouble.-on {{ display: block; }}
#ask-keys {{ height: 1; margin-top: 1; color: {FAINT}; }}
"""
