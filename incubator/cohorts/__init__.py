"""Cohorts, places, agreements, enrolments. A place exists only by a published decision; capacity is held by the database."""
