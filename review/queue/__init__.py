"""The queue on Redis: which work waits, how far it is, and the embedded server for one machine."""
