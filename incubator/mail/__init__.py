"""Letters wait in an outbox written by the act that causes them, and leave after it. No act ever waits for SMTP."""
