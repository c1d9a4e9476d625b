"""The trace: who saw, submitted, changed, exported and deleted what, and when; appended only.

It outlives the sessions that it tells of, and holds nothing of what is in them.
"""
