"""Dates, moves, gates and next steps of a path. No clock, no database."""
