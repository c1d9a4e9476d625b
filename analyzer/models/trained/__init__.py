"""Models that were trained: all that needs scikit-learn; who needs none imports nothing here."""
