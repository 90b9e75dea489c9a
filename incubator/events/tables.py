"""Meetings and who comes."""
