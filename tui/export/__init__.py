"""Copies of a recording for people and for other programs: what a copy says, and where it goes.

The verb is `tui.cli.exports`; the formats that need no drawing are the analyzer's.
"""
