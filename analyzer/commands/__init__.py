"""Command lines out of screen and input: what ran, where, as whom, with what outcome.

Events of `recorder.recording.reader` go in, `Run`s come out. Everything here is synchronous and
pure: no file, no clock, no rule about what a command means for an interview.
"""
