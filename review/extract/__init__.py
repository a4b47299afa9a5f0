"""Room 1: bytes become a `Document`; every byte is text or a named gap."""
