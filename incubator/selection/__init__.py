"""Committees, conflicts, assessments, ranking, decisions. Selection never changes an answer, and scores never decide."""
