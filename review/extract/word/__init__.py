"""Word documents of the OOXML kind."""
