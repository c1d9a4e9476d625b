"""Noting in the seat: its keys, their rules without a screen, and the queue that loses nothing.

What a note is and where it is kept is `recorder.store`'s.
"""
