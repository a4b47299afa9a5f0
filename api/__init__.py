"""Door 1, HTTP: every endpoint asks who it is, calls one use case, and answers in JSON."""
