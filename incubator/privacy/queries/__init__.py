"""What is due, what is asked, what one's own data are."""
