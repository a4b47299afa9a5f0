"""Our own functions on strange bytes, in a process that can reach nothing and soon ends."""
