"""Filling a database in bulk with a programme at work."""

from benchmarks.filling.databases import Databases, World

__all__ = ["Databases", "World"]
