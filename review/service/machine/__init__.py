"""The machine's pass over a round's files."""
