"""The database: sessions, connections and channels, and where others add their tables.

Recordings are the truth; what is here makes them quick to list and holds what people add. Nothing
on the relay's path may wait for it.
"""
