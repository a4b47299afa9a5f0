"""What exactly a draft shows a reader: canonical pieces, their digest, and what differs."""
