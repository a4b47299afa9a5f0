"""What content management systems ask, and what they are told."""
