"""The kinds of patterns, a module each: is this thing what a pattern describes, and how it went.

A pattern is prepared once (lists put in their places, expressions compiled) and then only read.
What follows from a match is `analyzer.signals.watch`'s.
"""
