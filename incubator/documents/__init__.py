"""Files people hand in: received, looked at, scanned, kept. It does not know what they belong to."""
