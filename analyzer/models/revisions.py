"""Which revision features have: raised by whoever changes what one of them means.

Apart from the features, so that looking at a model's age costs no grammar and no library.
"""

LINES = 1
"""Of `analyzer.models.line_features`."""

TURNS = 1
"""Of `analyzer.models.features`, and of all that it rests on: turns, what the rules say of them."""

WINDOWS = 2
"""Of `analyzer.models.windows`."""
