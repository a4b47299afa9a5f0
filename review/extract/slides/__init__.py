"""Presentations of the OOXML kind."""
