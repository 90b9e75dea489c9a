"""Accounts, sign-in, sessions, tokens, roles. It knows nothing of projects: rights that depend on a step are rows of that step."""
