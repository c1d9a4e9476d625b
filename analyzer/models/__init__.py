"""Models: what phase of work this is, what it serves, who is stuck, what an unknown command is for.

What models see is `observed.py`; their words are `words.py`; what a human says of examples is
`labels.py`. Only `trained/` may import scikit-learn, and nothing that relays ever imports this.
"""
