"""Office forms from plain frozen values: the same value gives the same bytes."""
