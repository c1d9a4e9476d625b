"""Looks at the target from outside, in a process of its own, away from the relay.

What is looked at, and how often, is the exercise's to say; what it means, the analyzer's.
"""
