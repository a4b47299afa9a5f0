"""How the program gets onto machines: the bundle, the units, and trials of both."""
