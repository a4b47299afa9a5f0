"""A whole installation in one file, and back: the database, the vault, the witness, what the office chose."""
