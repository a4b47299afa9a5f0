"""The database behind the ports: the ledger, and projections that make it quick to read."""
