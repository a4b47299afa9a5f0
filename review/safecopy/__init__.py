"""A copy of a draft without its hidden content, that looks the same."""
