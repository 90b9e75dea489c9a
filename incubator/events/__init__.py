"""Information meetings: who comes, how many seats are left."""
