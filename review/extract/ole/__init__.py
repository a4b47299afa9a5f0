"""Compound files: the container of the old formats, and of what is embedded."""
