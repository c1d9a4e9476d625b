"""Owns everything that a person touches: the command line, replay and the live view.

It is the composition root: it starts the recorder, hands it the analyzer's
command line to supervise, and draws what both have written.
"""
