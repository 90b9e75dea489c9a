"""Answers, deposit, eligibility, complements. It never knows what the committee thinks of it."""
