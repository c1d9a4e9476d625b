"""The seat's port: interviewers log in by SSH and get a seat on a terminal, and nothing else.

A process of its own, started and kept by the host, so that nothing of it touches a relay. What a
seat is, is not known here: the composition root names the program that draws one.
"""
