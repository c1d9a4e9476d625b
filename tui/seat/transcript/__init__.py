"""What was spoken, beside the replay: its rows, the list of them, and its key."""
