"""Reading a path and a cohort's board; each read starts from who asks."""
