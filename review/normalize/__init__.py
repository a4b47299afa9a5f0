"""Room 2: a `Document` becomes folded text whose every character leads back."""
