"""Reads across every room, each from the person who asks."""
