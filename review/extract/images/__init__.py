"""Picture files, and what stands beside the picture."""
