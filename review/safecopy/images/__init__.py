"""Picture files, alone or inside drafts."""
