"""Who did what, on what, when and why: append-only, sealed in a chain of hashes. It knows no room's nouns."""
