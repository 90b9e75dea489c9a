"""Requests, holds, proposals."""
