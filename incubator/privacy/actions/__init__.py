"""Asking, holding, proposing, erasing."""
