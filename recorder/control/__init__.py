"""How a running `serve` is told what to do, and how it tells its sessions' processes.

Messages are one JSON line each, checked by models. Nothing here knows SSH or recordings.
"""
