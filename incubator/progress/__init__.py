"""Milestones, deliverables, suspensions, gates: the path of an enrolled project. Due dates are derived, never stored."""
