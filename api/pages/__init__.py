"""The pages: read and drawn here; every change goes through the interface of `routes`."""
