"""Room 3: passages become findings, each with its clause and its reason."""
