"""Commands typed into the panes of tmux and GNU screen, read off what their client draws.

A package of values and trackers only: nothing here reads files or sends anything.
"""
