"""What the law lets people ask for, and how long anything is kept (R55, R56)."""
