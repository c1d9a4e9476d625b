"""Other tools' recordings: what they hold, and how one becomes a recording of ours.

A module a format, each a streaming parser from bytes to `recorder.formats.events`; `detect` names
the format, `convert` writes. What a recording means, and what is printed of it, do not belong here.
"""
