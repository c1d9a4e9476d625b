"""The SSH hop: the listener, the candidate's login replayed on the target, the channels relayed.

Nothing on the path between candidate and target may do anything but relay and append.
"""
