"""Reports: a session for somebody who was not there, gathered once and written in several forms.

`gathering` asks everybody who knows something; `values` is what it brings; the other modules write
that down. Nobody's judgement is computed here, and nothing adds up to a score.
"""
