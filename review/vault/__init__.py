"""The vault: the contents of drafts, encrypted at rest."""
