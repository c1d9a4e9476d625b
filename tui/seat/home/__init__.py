"""Home: `jumpseat` without a verb. The sessions, what to do with them, and a new one.

The door for the command line is `tui.seat.run_home`. Nothing of a single session's screen belongs
here.
"""
