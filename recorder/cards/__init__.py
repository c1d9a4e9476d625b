"""Scorecards and the debrief over them: what interviewers judge, and who may see it when.

What they are drawn as is not known here, and nothing is computed from them.
"""
