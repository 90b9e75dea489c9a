"""What awaits me, and a project's whole life. It reads everything and owns nothing."""
