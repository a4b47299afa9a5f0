"""News, notices and a footer."""
