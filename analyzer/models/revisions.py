"""Which revision features have: raised by whoever changes what one of them means.

Apart from the features, so that looking at a model's age costs no grammar and no library.
"""

LINES = 1
"""Of `analyzer.models.line_features`."""

WINDOWS = 1
"""Of `analyzer.models.windows`."""
