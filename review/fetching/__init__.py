"""Visits to one's own published site: over HTTP, politely, or in a folder."""
