"""PDF: what hangs beside the pages goes, then the glyphs that nobody sees."""
