"""The plot: five calls over two years and a half, three cohorts, and what became of each project."""
