"""asciinema-player, which plays recordings in a browser: fetched by its hash, never committed.

`fetching` gets it, `wheel_hook` puts it into the wheel as ``tui/_player``, `finding` has it where
it is.
"""
