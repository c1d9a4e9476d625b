"""Owns what a recording means: the screen, the commands, the signals.

It reads recordings and writes conclusions to the store; it never talks SSH and
never draws. It may import ``recorder``, never ``tui``.
"""
