"""How long each class of data is kept, and what every column holds. No database."""
