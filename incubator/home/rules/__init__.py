"""What the facts of every room mean to one person: a thread, a list of what awaits, a timeline. No clock, no database."""
