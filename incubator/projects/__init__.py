"""A project and its team: one identity from first contact to alumni. It does not know what the project applies to."""
