"""The seat's keys: what an action is, and the replay's table, a module for each part of it.

Other screens have a table of their own in a `keys.py` beside them, and take from this one the
actions that mean the same there.
"""
