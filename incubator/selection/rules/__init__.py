"""What may be done and what scores add up to: plain functions over facts."""
