"""The card's style sheet; where what stands is decided here, and what gives way in a narrow one."""

from __future__ import annotations

from tui.seat.look import ACCENT, BAR, FAINT, INK, LINE, MARKED

CARD_STYLE_SHEET = f"""
CardScreen {{ background: $background; layout: vertical; }}
CardScreen #card-title {{ height: 1; padding: 0 1; background: {BAR}; }}
CardScreen #card-body {{ height: 1fr; layout: horizontal; }}
CardScreen.-narrow #card-body {{ layout: vertical; }}
CardScreen #card-rows {{ width: 42%; max-width: 54; height: 1fr; }}
CardScreen.-narrow #card-rows {{ width: 1fr; height: auto; max-height: 50%; }}
CardScreen #card-side {{ width: 1fr; height: 1fr; }}
CardScreen OptionList {{
    border: round {LINE}; padding: 0 1; background: $background; text-wrap: nowrap;
    scrollbar-size-vertical: 1; scrollbar-color: {LINE}; scrollbar-background: $background;
    border-title-color: {INK}; border-subtitle-color: {FAINT};
}}
CardScreen OptionList:focus {{ border: round {ACCENT}; background-tint: transparent; }}
CardScreen OptionList > .option-list--option-highlighted {{ background: $panel;
    color: $foreground; text-style: none; }}
CardScreen OptionList:focus > .option-list--option-highlighted {{ background: {MARKED};
    text-style: bold; }}
CardScreen OptionList:nocolor > .option-list--option-highlighted {{ text-style: bold; }}
CardScreen OptionList:focus:nocolor > .option-list--option-highlighted {{
    text-style: bold underline; }}
CardScreen #card-words {{ height: 1fr; border: round {LINE}; padding: 0 1;
    scrollbar-size-vertical: 1; scrollbar-color: {LINE};
    scrollbar-background: $background; border-subtitle-color: {FAINT}; }}
CardScreen #card-evidence {{ height: auto; max-height: 9; }}
CardScreen #card-missing {{ height: auto; max-height: 2; padding: 0 1; }}
CardScreen #card-people {{ height: 1; padding: 0 1; }}
CardScreen #card-hints {{ height: 1; padding: 0 1; }}
"""
