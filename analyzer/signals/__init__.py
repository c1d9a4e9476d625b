"""Signals: the language of `signals.toml`, its loader, and the engine that finds occurrences.

Rules are data; the mechanisms here know no signal by name. Synchronous and pure but for the loader,
which reads one file.
"""
