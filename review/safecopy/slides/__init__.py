"""Presentations: the slides of the show and what is drawn on them."""
