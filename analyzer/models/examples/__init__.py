"""Examples that models learn from and are measured with: lines, made-up sessions, played ones.

Everything here was written for this project. Nothing that a running session needs may enter, and
nothing here knows a model.
"""
