"""The binary formats of old office programs."""
