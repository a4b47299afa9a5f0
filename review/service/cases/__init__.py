"""One case from hand-in to publication: what people ask of it, what they see of it."""
