"""Files and their state."""
