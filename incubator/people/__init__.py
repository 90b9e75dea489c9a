"""Accounts, sign-in, sessions, tokens, roles. It knows nothing of projects: a right that a step gives is a row of that step."""
