"""Owns SSH, the recording on disk and the store.

Everything here works without knowing that analysis or a user interface exists:
nothing in this package may import ``analyzer`` or ``tui``.
"""
