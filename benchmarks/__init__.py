"""How fast it is, beside the floor under it: `python -m benchmarks` (see README.md)."""
