"""The use cases: what people and machines ask of a review, one transaction each."""
