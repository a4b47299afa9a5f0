"""A publishing proxy: serves what was cleared, and nothing else."""
