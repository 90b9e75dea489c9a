"""What is done to a path: by its team, its coaches, its programme's manager."""
