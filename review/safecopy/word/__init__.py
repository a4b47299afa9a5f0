"""Word documents: revisions, fields, notes and hidden runs go, what is shown stays."""
