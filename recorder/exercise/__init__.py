"""Exercises: what a candidate is asked to do, as a plan that programs and people read.

The schema says what an exercise is; the loader finds one and names what is wrong in it.
"""
