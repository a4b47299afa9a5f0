"""What the OOXML formats have in common."""
