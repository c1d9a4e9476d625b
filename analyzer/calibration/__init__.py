"""How alike interviewers judge, over many sessions: statistics on plain values.

Nothing here reads a store, knows who may see a card, or prints. numpy and scipy are imported when
something is computed, never when a module of this package is.
"""
