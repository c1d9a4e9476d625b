"""What was spoken in an interview, as text beside its recording: formats, and the store's copy."""
