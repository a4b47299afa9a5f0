"""The register, the forms, the figures: what leaves as a page or a file."""
