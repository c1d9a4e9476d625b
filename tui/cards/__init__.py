"""Scorecards as people write and read them outside the seat: a form in TOML, evidence in words."""
