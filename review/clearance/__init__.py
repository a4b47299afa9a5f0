"""A verified stretch of the ledger becomes a clearance (公开许可) anyone can check."""
