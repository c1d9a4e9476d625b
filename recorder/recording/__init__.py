"""The recording on disk: its format, its writer and its one reader.

The recorder appends, everybody else follows the same files; live is a recording that has not
ended. Nothing here talks SSH, knows the store, or knows what a recording means.
"""
